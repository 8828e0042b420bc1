"""Read what reports need of events: those of a period, the people seated and present in several of them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.workshops.domain.attendance import ATTENDED
from app.workshops.domain.events import ACTIVE, WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.models import AttendanceMark, Booking, Workshop, WorkshopSession
from app.workshops.queries import attendance
from app.workshops.shapes import WorkshopLine, line_columns

MOST = 500


def ended_between(first: date, last: date) -> list[WorkshopLine]:
    """Return the announced and closed events whose last day is in a period, the earliest first."""
    query = select(*Workshop.__table__.columns).where(
        Workshop.state.in_((*ACTIVE, WorkshopState.CLOSED)), Workshop.last_day.between(first, last)
    )
    ordered = query.order_by(Workshop.first_day, Workshop.code).limit(MOST)
    return [WorkshopLine(**line_columns(row)) for row in db.session.execute(ordered)]


def closed(most: int) -> list[WorkshopLine]:
    """Return the last closed events, the newest first."""
    query = select(*Workshop.__table__.columns).where(Workshop.state == WorkshopState.CLOSED)
    ordered = query.order_by(Workshop.last_day.desc(), Workshop.code).limit(most)
    return [WorkshopLine(**line_columns(row)) for row in db.session.execute(ordered)]


def seated(workshops: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return the people with a seat by event."""
    query = select(Booking.workshop_id, Booking.person_id)
    seats = (Booking.workshop_id.in_(workshops), Booking.state == BookingState.SEATED)
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for workshop_id, person_id in db.session.execute(query.where(*seats)):
        people[workshop_id].add(person_id)
    return people


def present(workshops: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return the people who attended a session by event."""
    sessions = select(WorkshopSession.id).where(WorkshopSession.workshop_id.in_(workshops))
    marks = attendance.newest(AttendanceMark.session_id.in_(sessions)).subquery()
    query = (
        select(Booking.workshop_id, Booking.person_id)
        .join(marks, marks.c.booking_id == Booking.id)
        .where(marks.c.mark.in_(ATTENDED), Booking.state == BookingState.SEATED)
        .distinct()
    )
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for workshop_id, person_id in db.session.execute(query):
        people[workshop_id].add(person_id)
    return people
