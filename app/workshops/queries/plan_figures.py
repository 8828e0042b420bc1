"""Read what the plan counts of an event after it: evaluation, follow-up, commitments, seats, counts of nominees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import NominationState
from app.workshops.models import (
    Commitment,
    EventAfterwards,
    Nomination,
    Workshop,
    WorkshopOutcome,
)
from app.workshops.queries import afterwards, follow_ups
from app.workshops.queries.follow_ups import FollowUpLine

USED = frozenset({NominationState.ATTENDED, NominationState.PARTLY_ATTENDED})
# of a seat that was offered and not used; a replaced nominee gave the seat to a substitute of the country
UNUSED = frozenset({NominationState.NO_SHOW, NominationState.EXPIRED, NominationState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class ClosedEvaluation:
    """The day of closing (None: open) and the answers."""

    closed_on: date | None
    answers: tuple[EvaluationAnswers, ...]


@dataclass(frozen=True, slots=True)
class FollowUpOfEvent:
    """The follow-up of an event: the competencies that it practised, the day of closing, the people asked."""

    competencies: frozenset[str]
    closed_on: date | None
    people: Sequence[FollowUpLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentOfEvent:
    """A commitment of a visit."""

    id: UUID
    person_id: UUID
    made_on: date
    ended_on: date | None
    is_done: bool


@dataclass(frozen=True, slots=True)
class OfferedNomination:
    """A nominee to whom a seat was offered, and whether the nominee used it."""

    id: UUID
    person_id: UUID
    is_used: bool


@dataclass(frozen=True, slots=True)
class ToldCounts:
    """Nominees who told their sex and women among them; the same of those who attended."""

    nominees: int
    women: int
    attended: int
    attended_women: int


@dataclass(frozen=True, slots=True)
class SeatsOfEvent:
    """The seats of a nominated event; `closed_on` is None until it is closed."""

    closed_on: date | None
    last_day: date
    offered: Sequence[OfferedNomination]
    counts: ToldCounts | None


def evaluation(workshop_id: UUID) -> ClosedEvaluation:
    """Return the answers of an evaluation, and when it was closed."""
    closed_on = afterwards.dates(workshop_id).evaluation_closed_on
    return ClosedEvaluation(closed_on, tuple(afterwards.answers(workshop_id)))


def follow_up(workshop_id: UUID) -> FollowUpOfEvent:
    """Return the follow-up of an event."""
    outcomes = select(WorkshopOutcome.competency).where(WorkshopOutcome.workshop_id == workshop_id)
    closed_on = afterwards.dates(workshop_id).follow_up_closed_on
    return FollowUpOfEvent(frozenset(db.session.scalars(outcomes)), closed_on, follow_ups.of_event(workshop_id))


def commitments(workshop_id: UUID) -> list[CommitmentOfEvent]:
    """Return the commitments of a visit."""
    query = select(Commitment).where(Commitment.workshop_id == workshop_id).order_by(Commitment.id)
    return [
        CommitmentOfEvent(
            id=row.id,
            person_id=row.person_id,
            made_on=row.made_on,
            ended_on=row.ended_on,
            is_done=row.state is CommitmentState.DONE,
        )
        for row in db.session.scalars(query)
    ]


def seats(workshop_id: UUID) -> SeatsOfEvent:
    """Return the seats that a nominated event offered, with the nominees who used them."""
    workshop = db.session.get_one(Workshop, workshop_id)
    closed = workshop.closed_at.date() if workshop.closed_at and workshop.state is WorkshopState.CLOSED else None
    query = select(Nomination.id, Nomination.person_id, Nomination.state).where(
        Nomination.workshop_id == workshop_id,
        Nomination.state.in_(USED) | (Nomination.offered_until.is_not(None) & Nomination.state.in_(UNUSED)),
    )
    offered = [OfferedNomination(row[0], row[1], row[2] in USED) for row in db.session.execute(query)]
    return SeatsOfEvent(closed, workshop.last_day, offered, _counts(workshop_id))


def _counts(workshop_id: UUID) -> ToldCounts | None:
    row = db.session.get(EventAfterwards, workshop_id)
    if row is None or row.nominees_told is None:
        return None
    return ToldCounts(row.nominees_told, row.nominees_women or 0, row.attended_told or 0, row.attended_women or 0)
