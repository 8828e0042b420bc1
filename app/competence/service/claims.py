"""Create and withdraw claims of earlier skill (`/path/<competency>`), and decide them (`/country/claims`)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.competence.domain.claims import ClaimState, ClaimStep, state_after
from app.competence.domain.evidence import EvidenceKind
from app.competence.events import ClaimDecided, SkillClaimed
from app.competence.models import Claim, Evidence
from app.competence.service.evidence_records import NewEvidence, add_evidence, notify_holder, read_framework
from app.db.session import db, record
from app.identity.queries import postings as accounts
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind


def claim_skill(person_id: UUID, competency: str, level: Level, now: datetime) -> UUID:
    """Claim an earlier skill and return the claim's id; raise DomainError if there is evidence or a claim."""
    read_framework([competency])
    accounts.lock(person_id)
    claim = db.session.scalars(
        select(Claim).where(Claim.person_id == person_id, Claim.competency == competency, Claim.level == level)
    ).one_or_none()
    if claim is not None and claim.state is not ClaimState.WITHDRAWN:
        raise DomainError("You have claimed this already.")
    evidence = select(Evidence.id).where(
        Evidence.person_id == person_id, Evidence.competency == competency, Evidence.level == level
    )
    if db.session.scalar(evidence.limit(1)) is not None:
        raise DomainError("There is evidence on this already: a claim would change nothing.")
    if claim is None:
        claim = Claim(person_id=person_id, competency=competency, level=level)
        db.session.add(claim)
    claim.state, claim.claimed_at, claim.decided_at, claim.decided_by = ClaimState.WAITING, now, None, None
    db.session.flush()
    record(SkillClaimed(at=now, claim_id=claim.id, person_id=person_id, competency=competency, level=level))
    return claim.id


def decide_claim(claim_id: UUID, *, by: UUID, endorse: bool, reason: str, now: datetime) -> None:
    """Endorse or decline a claim; raise IllegalMoveError if it is decided, DomainError for the actor's own.

    An endorsed claim is evidence at once; it changes nothing if there is other evidence already.
    """
    claim = _lock_claim(claim_id)
    if claim.person_id == by:
        raise DomainError("A second person decides a claim.")
    claim.state = state_after(claim.state, ClaimStep.ENDORSE if endorse else ClaimStep.DECLINE)
    claim.decided_by, claim.decided_at, claim.reason = by, now, reason.strip()
    record(ClaimDecided(at=now, claim_id=claim_id, person_id=claim.person_id, state=claim.state))
    notify_holder(
        (claim.person_id, claim.competency), NoticeKind.CLAIM_DECIDED, f"claim:{claim_id}:{now:%Y-%m-%dT%H:%M}", now
    )
    if endorse:
        new = NewEvidence(
            person_id=claim.person_id,
            competency=claim.competency,
            level=claim.level,
            day=now.date(),
            kind=EvidenceKind.CLAIM,
            source=f"claim:{claim_id}",
            recorded_by=by,
        )
        add_evidence(new, now)


def withdraw_claim(claim_id: UUID, now: datetime) -> None:
    """Withdraw a claim; raise IllegalMoveError if it is decided."""
    claim = _lock_claim(claim_id)
    claim.state, claim.decided_at = state_after(claim.state, ClaimStep.WITHDRAW), now
    record(ClaimDecided(at=now, claim_id=claim_id, person_id=claim.person_id, state=claim.state))


def _lock_claim(claim_id: UUID) -> Claim:
    return db.session.scalars(select(Claim).where(Claim.id == claim_id).with_for_update()).one()
