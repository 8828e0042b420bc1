"""Read what follows an event: its days, its evaluation, and the own part of a participant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.db.session import db
from app.workshops.domain import evaluation
from app.workshops.domain.afterwards import AfterDates
from app.workshops.domain.evaluation import EvaluationAnswers, EvaluationResult, OpenQuestion, Statement
from app.workshops.domain.events import ACTIVE, WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking, Evaluation, EvaluationRequest, EventAfterwards
from app.workshops.queries import workshops
from app.workshops.shapes import WorkshopFacts

FINISHED = (*ACTIVE, WorkshopState.CLOSED)  # states of events that may have taken place
_DATES = (
    EventAfterwards.evaluation_opened_on,
    EventAfterwards.evaluation_closes_on,
    EventAfterwards.evaluation_closed_on,
    EventAfterwards.asked,
    EventAfterwards.follow_up_on,
    EventAfterwards.follow_up_opened_on,
    EventAfterwards.follow_up_closed_on,
)


@dataclass(frozen=True, slots=True)
class OwnParticipation:
    """An event in which the actor has a seat, for the policy."""

    workshop: WorkshopFacts
    person_id: UUID

    @property
    def has_commitments(self) -> bool:
        """Return whether the participants of the event undertake something."""
        return self.workshop.kind is WorkshopKind.STUDY_VISIT


def own_participation(actor: Actor, workshop_id: UUID) -> OwnParticipation:
    """Return an event in which the actor has a seat, or raise NoResultFound."""
    query = select(Booking.id).where(
        Booking.workshop_id == workshop_id, Booking.person_id == actor.id, Booking.state == BookingState.SEATED
    )
    workshop = workshops.get(workshop_id)
    if workshop.state not in FINISHED or db.session.scalar(query) is None:
        raise NoResultFound
    return OwnParticipation(workshop, actor.id)


def dates(workshop_id: UUID) -> AfterDates:
    """Return the days of evaluation and follow-up of an event."""
    return dates_of([workshop_id]).get(workshop_id, AfterDates())


def dates_of(workshop_ids: Collection[UUID]) -> Mapping[UUID, AfterDates]:
    """Return the days of evaluation and follow-up of these events, without events that have none."""
    query = select(EventAfterwards.workshop_id, *_DATES).where(EventAfterwards.workshop_id.in_(workshop_ids))
    names = [column.key for column in _DATES]
    return {row[0]: AfterDates(**dict(zip(names, row[1:], strict=True))) for row in db.session.execute(query)}


def has_answered(workshop_id: UUID, person_id: UUID) -> bool | None:
    """Return whether a participant has evaluated an event, None if the participant is not asked (any more)."""
    query = select(EvaluationRequest.answered).where(
        EvaluationRequest.workshop_id == workshop_id, EvaluationRequest.person_id == person_id
    )
    return db.session.scalar(query)


def evaluation_result(workshop_id: UUID, days: AfterDates) -> EvaluationResult:
    """Return the result of the evaluation of an event as far as it may be shown."""
    is_closed = days.evaluation_closed_on is not None
    return evaluation.result(answers(workshop_id), asked=days.asked, is_closed=is_closed)


def answers(workshop_id: UUID) -> list[EvaluationAnswers]:
    """Return the answers of an evaluation in no order that means anything."""
    query = select(Evaluation).where(Evaluation.workshop_id == workshop_id).order_by(Evaluation.id)
    return [
        EvaluationAnswers(
            tuple(getattr(row, statement) for statement in Statement),
            tuple(getattr(row, question) for question in OpenQuestion),
        )
        for row in db.session.scalars(query)
    ]


def tasks_of(actor: Actor) -> Select[int]:
    """Return the query that counts the evaluations that the actor has not answered yet."""
    return (
        select(func.count())
        .select_from(EvaluationRequest)
        .join(EventAfterwards, EventAfterwards.workshop_id == EvaluationRequest.workshop_id)
        .where(EvaluationRequest.person_id == actor.id, EvaluationRequest.answered.is_(False))
    )
