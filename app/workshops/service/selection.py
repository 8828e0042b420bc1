"""Share the seats of a nominated event: propose, confirm, share free seats again; under the lock of the event's row."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.workshops.domain.allocation import (
    SEATED,
    Competitor,
    Decision,
    Reason,
    SeatException,
    SeatRequest,
    allocate,
)
from app.workshops.domain.events import WorkshopStep
from app.workshops.domain.nominations import NominationState, NominationStep, RoundKind
from app.workshops.domain.phases import Phase, phase
from app.workshops.events import SeatsShared
from app.workshops.models import Nomination, SeatDecision, SeatRound, Workshop
from app.workshops.queries import workshops
from app.workshops.queries.seat_requests import seat_request
from app.workshops.service import nomination_steps as steps
from app.workshops.service.closing import take_step
from app.workshops.service.store import locking, nominations as store

NOT_NOMINATED = "not_nominated"  # code of a reason: the country did not nominate the officer in time
STEPS: Mapping[Reason, NominationStep] = {
    **dict.fromkeys(SEATED, NominationStep.SELECT),
    Reason.NO_SEAT_LEFT: NominationStep.WAITLIST,
    Reason.NOT_ELIGIBLE: NominationStep.DECLINE,
    Reason.SET_OUT: NominationStep.DECLINE,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The decisions that a confirmation would store; `fingerprint` is a hash of everything they depend on."""

    decisions: Sequence[Decision]
    fingerprint: str


def propose(workshop_id: UUID, actor: Actor, *, exceptions: Collection[SeatException] = (), now: datetime) -> Proposal:
    """Return the proposal for the selection; nothing is stored. Raises DomainError before nominations are closed."""
    workshop = _closed_for_nominations(workshop_id, actor, now)
    request = _selection_request(workshop, exceptions, now)
    return Proposal(allocate(request), _fingerprint(request))


def confirm_selection(
    workshop_id: UUID, actor: Actor, *, fingerprint: str, exceptions: Collection[SeatException] = (), now: datetime
) -> list[Decision]:
    """Share the seats and store every decision; raise DomainError if the proposal has changed since it was shown."""
    workshop = _closed_for_nominations(workshop_id, actor, now)
    request = _selection_request(workshop, exceptions, now)
    if fingerprint != _fingerprint(request):
        raise DomainError("The nominations have changed. Check the new proposal.")
    decisions = allocate(request)
    nominations = {row.id: row for row in store.nominations(workshop_id, (NominationState.NOMINATED,))}
    _save_round(workshop, RoundKind.SELECTION, request, decisions, by=actor.id, now=now)
    for decision in decisions:
        _decide(nominations[decision.nomination_id], decision, by=actor.id, now=now)
    take_step(workshop, WorkshopStep.SELECT, by=actor.id, now=now)
    for row in store.nominations(workshop_id, (NominationState.INTERESTED, NominationState.ENDORSED)):
        steps.take(row, NominationStep.DECLINE, by=None, now=now, reason=NOT_NOMINATED)
        nominations[row.id] = row
    steps.tell_nominees(workshop, nominations.values(), now)
    return decisions


def share_free_seats(workshop: Workshop, seats: int, now: datetime) -> list[Nomination]:
    """Select nominees of the waiting list for this many free seats, by the order of the pool, and return them.

    The round is stored even if it is made by a job.
    """
    waiting = (NominationState.WAITLISTED,)
    nominations = {row.id: row for row in store.nominations(workshop.id, waiting)}
    if not nominations or seats < 1:
        return []
    request = seat_request(workshop, waiting, capacity=0, guaranteed=0, seed=_seed(workshop), exceptions=(), now=now)
    request = replace(request, capacity=min(workshop.capacity, len(request.seated) + seats))
    decisions = allocate(request)
    _save_round(workshop, RoundKind.REALLOCATION, request, decisions, by=None, now=now)
    selected = [decision for decision in decisions if decision.reason in SEATED]
    for decision in selected:
        _decide(nominations[decision.nomination_id], decision, by=None, now=now)
    return [nominations[decision.nomination_id] for decision in selected]


def _closed_for_nominations(workshop_id: UUID, actor: Actor, now: datetime) -> Workshop:
    workshop = locking.lock_workshop(workshop_id)
    if not allows(actor, Action.SHARE_SEATS, workshops.get(workshop_id)):
        raise NoResultFound
    if phase(store.times_of(workshop), now) is not Phase.NOMINATIONS_CLOSED:
        raise DomainError("Seats are shared once, after nominations are closed.")
    return workshop


def _selection_request(workshop: Workshop, exceptions: Collection[SeatException], now: datetime) -> SeatRequest:
    if any(not exception.reason.strip() for exception in exceptions):
        raise DomainError("Say why a nominee is set in or out.")
    return seat_request(
        workshop,
        (NominationState.NOMINATED,),
        capacity=workshop.capacity,
        guaranteed=workshop.guaranteed,
        seed=_seed(workshop),
        exceptions=exceptions,
        now=now,
    )


def _seed(workshop: Workshop) -> int:
    """Return the seed of the next round: it follows from the event, so that no person can draw until it suits."""
    text = f"{workshop.id}:{store.last_round(workshop.id) + 1}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])


def _fingerprint(request: SeatRequest) -> str:
    nominees = sorted(request.nominees, key=lambda nominee: nominee.nomination_id)
    exceptions = sorted(request.exceptions, key=lambda exception: exception.nomination_id)
    seated = sorted(request.seated, key=lambda person: (person.country, person.counted_as))
    values = (
        request.capacity, request.guaranteed, sorted(request.countries), request.seed, nominees, seated,
        sorted(request.years.items(), key=lambda item: item[0]), exceptions,
    )  # fmt: skip
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _decide(nomination: Nomination, decision: Decision, *, by: UUID | None, now: datetime) -> None:
    """Carry out a decision; the reason is stored as the code of the rule or of the category of an exception."""
    category = decision.exception_category
    reason = category.code if category else decision.reason.value
    nomination.decided_by, nomination.decided_at, nomination.decision_reason = by, now, reason
    nomination.seat_source = decision.seat_source
    steps.take(nomination, STEPS[decision.reason], by=by, now=now, reason=reason)


def _save_round(
    workshop: Workshop,
    kind: RoundKind,
    request: SeatRequest,
    decisions: Sequence[Decision],
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    seat_round = SeatRound(
        workshop_id=workshop.id,
        number=store.last_round(workshop.id) + 1,
        kind=kind,
        made_at=now,
        made_by=by,
        seed=request.seed,
        capacity=request.capacity,
    )
    db.session.add(seat_round)
    db.session.flush()  # gives the row its id
    db.session.add_all(_row(seat_round.id, decision) for decision in decisions)
    seats = sum(decision.reason in SEATED for decision in decisions)
    record(SeatsShared(at=now, actor_id=by, workshop_id=workshop.id, round=seat_round.number, seats=seats))


def _row(round_id: UUID, decision: Decision) -> SeatDecision:
    exception = decision.exception
    return SeatDecision(
        round_id=round_id,
        position=decision.order,
        nomination_id=decision.nomination_id,
        country=decision.country,
        reason=decision.reason,
        seat_source=decision.seat_source,
        reserve=decision.reserve,
        problems=" ".join(decision.problems),
        competitors=competitors_json(decision.competitors),
        exception_by=exception.by if exception else None,
        exception_reason=decision.exception_reason,
        exception_category=decision.exception_category,
    )


def competitors_json(competitors: Sequence[Competitor]) -> str:
    """Return the compared values by country as JSON, without naming the nominees."""
    return msgspec.json.encode(
        [
            {
                "country": competitor.country,
                "used_rate": str(competitor.key.used_rate),
                "role": competitor.key.role,
                "courses": competitor.key.courses,
                "women": competitor.key.women,
                "nominated_at": competitor.key.nominated_at,
                "draw": competitor.key.draw,
            }
            for competitor in competitors
        ]
    ).decode()
