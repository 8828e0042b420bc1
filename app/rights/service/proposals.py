"""Create, find and end role proposals; `invitations.service.proposal_answers` agrees to and stops them."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.access.policy import Role
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import changed_rows, db, record
from app.identity.models import Person
from app.identity.queries import people, roles as identity_roles
from app.kernel import clock
from app.rights.domain.proposals import LIFE, PROPOSED_ROLES, RETENTION, ProposalOutcome, needs_proposal
from app.rights.events import RoleProposalEnded, RoleProposed
from app.rights.models import RoleProposal

OpenProposal = RoleProposal  # a locked row, for services of higher packages
PORTION = 100  # due proposals of one run of the job


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A role to be proposed for a person or for an invitation."""

    role: Role
    country: str
    since: date
    until: date | None = None
    person_id: UUID | None = None
    invitation_id: UUID | None = None


def proposal_key(role: Role, country: str) -> str:
    """Return the key for `lock_key` that serialises assignments and proposals of a role in a country."""
    return blind_index.index("role", f"{role} {country if role is Role.CONTACT_POINT else ''}")


def lock_role(role: Role, country: str) -> None:
    """Lock assignments and proposals of a role in a country until the transaction ends, if in PROPOSED_ROLES."""
    if role in PROPOSED_ROLES:
        lock_key(proposal_key(role, country))


def is_needed(role: Role, country: str, granter_roles: Set[Role], *, deputy: bool = False) -> bool:
    """Return whether assigning a role, or inviting to it, needs a second person for a granter with these roles."""
    if role not in PROPOSED_ROLES:
        return False
    has_contact_point = role is Role.CONTACT_POINT and bool(people.led_countries([country]))
    return needs_proposal(role, granter_roles, deputy=deputy, has_contact_point=has_contact_point)


def propose(new: NewProposal, proposed_by: UUID, now: datetime) -> UUID:
    """Propose a role for a person or an invitation; all contact points of the country are notified."""
    proposal = RoleProposal(
        role=new.role,
        country=new.country if new.role is Role.CONTACT_POINT else "",
        person_id=new.person_id,
        invitation_id=new.invitation_id,
        since=new.since,
        until=new.until,
        proposed_by=proposed_by,
        proposed_at=now,
        due_at=now + LIFE,
    )
    db.session.add(proposal)
    db.session.flush()
    record(
        RoleProposed(
            proposal_id=proposal.id, person_id=new.person_id, role=new.role, country=proposal.country,
            actor_id=proposed_by,
        )
    )  # fmt: skip
    return proposal.id


def propose_for_invitations(
    invited: Mapping[UUID, tuple[Role, str]], invited_by: UUID, now: datetime
) -> frozenset[UUID]:
    """Propose the roles of these invitations where a second person is needed; return those invitations."""
    pairs = {pair for pair in invited.values() if pair[0] in PROPOSED_ROLES}
    for role, country in sorted(pairs):
        lock_role(role, country)
    roles = identity_roles.roles_of(invited_by, clock.today())
    needed = {pair for pair in pairs if is_needed(*pair, roles)}
    proposed = {invitation_id: pair for invitation_id, pair in invited.items() if pair in needed}
    for invitation_id, (role, country) in proposed.items():
        propose(NewProposal(role, country, clock.today(), invitation_id=invitation_id), invited_by, now)
    return frozenset(proposed)


def due(now: datetime) -> list[UUID]:
    """Return the next open proposals that are due, the oldest first."""
    query = select(RoleProposal.id).where(
        RoleProposal.ended_at.is_(None), RoleProposal.approved_at.is_(None), RoleProposal.due_at <= now
    )
    return list(db.session.scalars(query.order_by(RoleProposal.due_at, RoleProposal.id).limit(PORTION)))


def invitation_of(proposal_id: UUID) -> UUID | None:
    """Return the id of the invitation of a proposal, or None."""
    proposal = db.session.get(RoleProposal, proposal_id)
    return None if proposal is None else proposal.invitation_id


def lock(proposal_id: UUID) -> OpenProposal | None:
    """Lock the role, an open proposal and its person, and return the proposal, or None.

    The caller has locked the invitation.
    """
    row = db.session.get(RoleProposal, proposal_id)
    if row is None:
        return None
    lock_role(row.role, row.country)
    query = select(RoleProposal).where(RoleProposal.id == proposal_id, RoleProposal.ended_at.is_(None))
    options = {"populate_existing": True}
    proposal = db.session.scalars(query.with_for_update(), execution_options=options).one_or_none()
    if proposal is not None and proposal.person_id is not None:
        db.session.execute(select(Person.id).where(Person.id == proposal.person_id).with_for_update())
    return proposal


def open_for_person(person_id: UUID, role: Role) -> RoleProposal | None:
    """Return the open proposal of a role for a person, or None."""
    query = select(RoleProposal).where(
        RoleProposal.person_id == person_id, RoleProposal.role == role, RoleProposal.ended_at.is_(None)
    )
    return db.session.scalars(query).one_or_none()


def open_for_invitation(invitation_id: UUID) -> RoleProposal | None:
    """Return the open proposal of an invitation, locked until the transaction ends, or None."""
    query = select(RoleProposal).where(RoleProposal.invitation_id == invitation_id, RoleProposal.ended_at.is_(None))
    return db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one_or_none()


def of_accepted(invitation_id: UUID, role: Role, country: str, invited_by: UUID, now: datetime) -> RoleProposal | None:
    """Return the open proposal of an invitation that is accepted now, or None where the role needs no second person.

    A country may have got a contact point after the invitation was sent: the proposal is created now.
    """
    existing = open_for_invitation(invitation_id)
    if existing is None and propose_for_invitations({invitation_id: (role, country)}, invited_by, now):
        return open_for_invitation(invitation_id)
    return existing


def hand_over(proposal: RoleProposal, person_id: UUID, now: datetime) -> None:
    """Set the new person of an accepted invitation in its proposal; an approved proposal ends as assigned."""
    proposal.person_id = person_id
    if proposal.approved_at is not None:
        end(proposal, ProposalOutcome.ASSIGNED, now)


def is_open_for_invitation(invitation_id: UUID) -> bool:
    """Return whether the role of an invitation waits for a second person."""
    query = select(RoleProposal.id).where(
        RoleProposal.invitation_id == invitation_id, RoleProposal.ended_at.is_(None), RoleProposal.approved_at.is_(None)
    )
    return db.session.scalar(query) is not None


def withdraw_for_invitations(ids: Collection[UUID], now: datetime) -> None:
    """End the open proposals of invitations that were withdrawn or have ended."""
    query = select(RoleProposal).where(
        RoleProposal.invitation_id.in_(ids), RoleProposal.person_id.is_(None), RoleProposal.ended_at.is_(None)
    )
    for proposal in db.session.scalars(query.with_for_update()):
        end(proposal, ProposalOutcome.WITHDRAWN, now)


def end(proposal: RoleProposal, outcome: ProposalOutcome, now: datetime, ended_by: UUID | None = None) -> None:
    """End a proposal that is locked."""
    proposal.outcome, proposal.ended_at, proposal.ended_by = outcome, now, ended_by
    record(
        RoleProposalEnded(
            proposal_id=proposal.id, person_id=proposal.person_id, role=proposal.role, country=proposal.country,
            outcome=outcome, actor_id=ended_by,
        )
    )  # fmt: skip


def delete_expired(now: datetime) -> int:
    """Delete proposals that ended long ago; return the number of rows."""
    return changed_rows(delete(RoleProposal).where(RoleProposal.ended_at <= now - RETENTION))
