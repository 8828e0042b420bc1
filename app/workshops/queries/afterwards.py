"""Read what follows an event: its days, its evaluation, and the own part of a participant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.db.session import db
from app.workshops.domain import evaluation
from app.workshops.domain.afterwards import AfterDates
from app.workshops.domain.evaluation import EvaluationAnswers, EvaluationResult, EvaluationStatement, OpenQuestion
from app.workshops.domain.events import ACTIVE, WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking, Evaluation, EvaluationRequest, EventAfterwards
from app.workshops.queries import workshops
from app.workshops.shapes import WorkshopFacts

FINISHED = (*ACTIVE, WorkshopState.CLOSED)  # states of events that may have taken place


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
    query = select(EventAfterwards).where(EventAfterwards.workshop_id.in_(workshop_ids))
    return {
        row.workshop_id: AfterDates(
            evaluation_opened_on=row.evaluation_opened_on,
            evaluation_closes_on=row.evaluation_closes_on,
            evaluation_closed_on=row.evaluation_closed_on,
            asked=row.asked,
            follow_up_on=row.follow_up_on,
            follow_up_opened_on=row.follow_up_opened_on,
            follow_up_closed_on=row.follow_up_closed_on,
        )
        for row in db.session.scalars(query)
    }


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
            tuple(getattr(row, statement) for statement in EvaluationStatement),
            tuple(getattr(row, question) for question in OpenQuestion),
        )
        for row in db.session.scalars(query)
    ]
