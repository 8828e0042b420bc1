"""Read bookings: seats and waiting lists of events, of one person or of the officers of a country."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, null, select

from app.access.policy import Actor, Sensitivity
from app.db.session import db
from app.identity.queries import roles as accounts
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking, Workshop, WorkshopSession
from app.workshops.shapes import BookingLine, booking_line

LIVE = (BookingState.SEATED, BookingState.WAITING)
BOOKABLE = (Sensitivity.UNRESTRICTED, Sensitivity.LAW_ENFORCEMENT_ONLY)  # the events that a practitioner may read
DAY = timedelta(days=1)


def booking_of(workshop_id: UUID, person_id: UUID) -> BookingLine | None:
    """Return a person's live booking of an event."""
    query = _bookings(workshop_id, own_position()).where(Booking.person_id == person_id, Booking.state.in_(LIVE))
    row = db.session.execute(query).one_or_none()
    return None if row is None else booking_line(row)


def own_booking(actor: Actor, workshop_id: UUID) -> BookingLine:
    """Return the actor's newest booking of an event, a withdrawn one too, or raise NoResultFound."""
    query = _bookings(workshop_id, null()).where(Booking.person_id == actor.id).order_by(Booking.queued.desc()).limit(1)
    return booking_line(db.session.execute(query).one())


def seated(workshop_id: UUID) -> list[BookingLine]:
    """Return the bookings with a seat, by its number."""
    query = _bookings(workshop_id, null()).where(Booking.state == BookingState.SEATED).order_by(Booking.seat)
    return [booking_line(row) for row in db.session.execute(query)]


def waiting(workshop_id: UUID, most: int | None = None) -> list[BookingLine]:
    """Return the waiting list, the first in line first."""
    position = func.row_number().over(order_by=Booking.queued)
    query = _bookings(workshop_id, position).where(Booking.state == BookingState.WAITING)
    return [booking_line(row) for row in db.session.execute(query.order_by(Booking.queued).limit(most))]


def counts(workshops: Collection[UUID]) -> Mapping[UUID, tuple[int, int]]:
    """Return how many people are seated and how many wait, for each event."""
    query = (
        select(Booking.workshop_id, Booking.state, func.count())
        .where(Booking.workshop_id.in_(workshops), Booking.state.in_(LIVE))
        .group_by(Booking.workshop_id, Booking.state)
    )
    numbers = {(row[0], row[1]): row[2] for row in db.session.execute(query)}
    return {
        key: (numbers.get((key, BookingState.SEATED), 0), numbers.get((key, BookingState.WAITING), 0))
        for key in workshops
    }


@dataclass(frozen=True, slots=True)
class SeatOfCountry:
    """The seat of a person in an event to come."""

    workshop_id: UUID
    code: str
    sensitivity: Sensitivity
    starts_at: datetime
    person_id: UUID


def seats_of(people: Select[UUID], now: datetime, size: int) -> list[SeatOfCountry]:
    """Return the seats of these people (a query for their ids) in events to come, the next event first."""
    begins_at = first_session_start().label("begins_at")
    query = select(Workshop.id, Workshop.code, Workshop.sensitivity, begins_at, Booking.person_id).where(
        *to_come(now), Booking.state == BookingState.SEATED, Booking.person_id.in_(people)
    )
    rows = db.session.execute(query.order_by(begins_at, Workshop.code, Booking.seat).limit(size))
    return [SeatOfCountry(*row) for row in rows]


def count_seats_of(people: Select[UUID], now: datetime) -> int:
    """Return how many seats these people have in events to come."""
    query = select(func.count()).select_from(Booking).join(Workshop, Workshop.id == Booking.workshop_id)
    seated = (*to_come(now), Booking.state == BookingState.SEATED, Booking.person_id.in_(people))
    return db.session.scalar(query.where(*seated)) or 0


def people_starting(now: datetime, until: datetime, after: UUID | None, size: int) -> list[UUID]:
    """Return the next people by id who have a seat in an event that begins before `until`."""
    query = select(Booking.person_id).where(*_starting(now, until)).distinct()
    if after is not None:
        query = query.where(Booking.person_id > after)
    return list(db.session.scalars(query.order_by(Booking.person_id).limit(size)))


def starting(people: Collection[UUID], now: datetime, until: datetime) -> list[SeatOfCountry]:
    """Return the seats of these people in events that begin before `until`, if they may still read the events."""
    query = select(Workshop.id, Workshop.code, Workshop.sensitivity, first_session_start(), Booking.person_id)
    rows = db.session.execute(query.where(*_starting(now, until), Booking.person_id.in_(people)))
    seats = [SeatOfCountry(*row) for row in rows]
    serving = accounts.practitioners({seat.person_id for seat in seats}, now.date()) if seats else frozenset()
    readable = {True: BOOKABLE, False: (Sensitivity.UNRESTRICTED,)}
    return [seat for seat in seats if seat.sensitivity in readable[seat.person_id in serving]]


def _starting(now: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    # the day is local to the event: with one more on either side it finds them by the index
    day = Workshop.first_day.between(now.date() - DAY, until.date() + DAY)
    return (*to_come(now), Booking.state == BookingState.SEATED, day, first_session_start() < until)


def people_of(workshop_id: UUID) -> list[UUID]:
    """Return the people with a seat or on the waiting list."""
    query = select(Booking.person_id).where(Booking.workshop_id == workshop_id, Booking.state.in_(LIVE))
    return list(db.session.scalars(query))


def columns(ahead: ColumnElement[Any]) -> tuple[Any, ...]:
    """Return the columns of a BookingLine; `ahead` is the position on the waiting list."""
    return (
        Booking.id.label("booking_id"), Booking.person_id, Booking.state.label("booking_state"),
        Booking.seat, Booking.queued, ahead.label("ahead"), Booking.changed_at,
        Booking.admission_reason,
    )  # fmt: skip


def first_session_start() -> ScalarSelect[datetime]:
    """Return the moment at which the first session of an event starts, for a query that reads events."""
    first = select(func.min(WorkshopSession.starts_at)).where(WorkshopSession.workshop_id == Workshop.id)
    return first.scalar_subquery()


def to_come(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of live bookings of announced events that have not begun."""
    return (
        Booking.workshop_id == Workshop.id,
        Booking.state.in_(LIVE),
        Workshop.state.in_(ACTIVE),
        first_session_start() > now,
    )


def own_position() -> ColumnElement[Any]:
    """Return the position on the waiting list, counted for each row: for the few bookings of one person."""
    before = Booking.__table__.alias("before")
    count = (
        select(func.count())
        .select_from(before)
        .where(
            before.c.workshop_id == Booking.workshop_id,
            before.c.state == BookingState.WAITING,
            before.c.queued <= Booking.queued,
        )
        .scalar_subquery()
    )
    return case((Booking.state == BookingState.WAITING, count))


def _bookings(workshop_id: UUID, ahead: ColumnElement[Any]) -> Select[Any]:
    return select(*columns(ahead)).where(Booking.workshop_id == workshop_id)
