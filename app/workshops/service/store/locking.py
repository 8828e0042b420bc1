"""Lock and read the rows of an event; lock the event's own row first, so that changes run one after the other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.db.session import db
from app.workshops.domain import times
from app.workshops.domain.drafts import AllowedCodes
from app.workshops.domain.events import EnrolmentMode, WorkshopState
from app.workshops.domain.seats import BookingState, SeatSituation
from app.workshops.models import Booking, Workshop, WorkshopOutcome, WorkshopSession
from app.workshops.queries.bookings import LIVE, to_come


def lock_workshop(workshop_id: UUID) -> Workshop:
    """Lock the event's row until the transaction ends and return it, or raise NoResultFound."""
    query = select(Workshop).where(Workshop.id == workshop_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def seat_situation(workshop: Workshop) -> SeatSituation:
    """Return the seats of an event for the decision about a booking; call it under the row's lock."""
    rows = db.session.execute(
        select(Booking.seat).where(Booking.workshop_id == workshop.id, Booking.state.in_(LIVE))
    ).all()
    return SeatSituation(
        capacity=workshop.capacity,
        seats_taken=frozenset(row.seat for row in rows if row.seat is not None),
        queue_length=sum(row.seat is None for row in rows),
        is_open=workshop.state is WorkshopState.ANNOUNCED and workshop.enrolment is EnrolmentMode.OPEN,
        closes_at=min(times.end_of(workshop.booking_until, workshop.time_zone), first_start(workshop.id)),
    )


def live_booking(workshop_id: UUID, person_id: UUID) -> Booking | None:
    """Return the row of a person's live booking."""
    query = select(Booking).where(
        Booking.workshop_id == workshop_id, Booking.person_id == person_id, Booking.state.in_(LIVE)
    )
    return db.session.scalars(query).one_or_none()


def waiting_bookings(workshop_id: UUID) -> list[Booking]:
    """Return the rows of the waiting list, the first in line first."""
    query = (
        select(Booking)
        .where(Booking.workshop_id == workshop_id, Booking.state == BookingState.WAITING)
        .order_by(Booking.queued)
    )
    return list(db.session.scalars(query))


def sessions(workshop_id: UUID) -> list[WorkshopSession]:
    """Return the rows of an event's sessions in order."""
    query = select(WorkshopSession).where(WorkshopSession.workshop_id == workshop_id).order_by(WorkshopSession.number)
    return list(db.session.scalars(query))


def first_start(workshop_id: UUID) -> datetime:
    """Return the moment at which an event's first session starts."""
    query = select(func.min(WorkshopSession.starts_at)).where(WorkshopSession.workshop_id == workshop_id)
    return db.session.scalars(query).one()


def id_of_code(code: str) -> UUID | None:
    """Return the id of the event with this code."""
    return db.session.scalar(select(Workshop.id).where(Workshop.code == code))


def booked_to_come(person_id: UUID, now: datetime) -> list[UUID]:
    """Return the announced events that have not begun in which a person has a seat or waits, in the order of locks."""
    query = select(Workshop.id).where(*to_come(now), Booking.person_id == person_id).order_by(Workshop.id)
    return list(db.session.scalars(query))


def people_to_come(now: datetime) -> list[UUID]:
    """Return all people with a seat or on the waiting list of an announced event that has not begun."""
    return list(db.session.scalars(select(Booking.person_id).where(*to_come(now)).distinct()))


def allowed_codes() -> AllowedCodes:
    """Return the codes that an event may name today."""
    framework, plan = catalogue.competencies(), catalogue.plan()
    return AllowedCodes(
        courses=catalogue.published_codes(),
        roles={role.id for role in framework.roles} if framework else None,
        outcomes=_outcomes(framework) if framework else None,
        activities={activity.id for activity in plan.activity} if plan else None,
    )


def _outcomes(framework: Competencies) -> set[tuple[str, Level]]:
    return {(competency.id, level) for competency in framework.competencies for level in competency.levels}


def codes_of(workshop: Workshop) -> set[object]:
    """Return the codes that a saved event names; an outcome with its level."""
    aims = db.session.execute(
        select(WorkshopOutcome.competency, WorkshopOutcome.level).where(WorkshopOutcome.workshop_id == workshop.id)
    )
    return {*workshop.prerequisites.split(), *workshop.roles.split(), workshop.activity, *(tuple(row) for row in aims)}
