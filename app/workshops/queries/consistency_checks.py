"""Compare nominations, bookings and seats of nominated events, for the nightly check: a message for each fault."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.events import EnrolmentMode
from app.workshops.domain.nominations import OPEN_SEATS, TOOK_PART, NominationState
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking, Nomination, Workshop

BOOKED = (NominationState.CONFIRMED, *TOOK_PART)


def faults() -> Iterator[str]:
    """Yield a message for each fault; events and nominations are named by id."""
    query = select(Workshop).where(Workshop.enrolment == EnrolmentMode.NOMINATED).order_by(Workshop.id)
    for workshop in db.session.scalars(query):
        yield from _faults_of(workshop)


def _faults_of(workshop: Workshop) -> Iterator[str]:
    rows = db.session.scalars(select(Nomination).where(Nomination.workshop_id == workshop.id)).all()
    observers = [row.state for row in rows if row.seat_source is SeatSource.OBSERVER]
    nominees = [row for row in rows if row.seat_source is not SeatSource.OBSERVER]
    if _count([row.state for row in nominees], OPEN_SEATS) > workshop.capacity:
        yield f"workshop {workshop.id}: more seats are given or offered than it has"
    if _count(observers, BOOKED) > workshop.observers:
        yield f"workshop {workshop.id}: more observers than it may have"
    yield from _unlike(workshop.id, {row.booking_id for row in nominees if row.state in BOOKED})


def _count(states: Collection[NominationState], counted: Collection[NominationState]) -> int:
    return sum(state in counted for state in states)


def _unlike(workshop_id: UUID, booked: set[UUID | None]) -> Iterator[str]:
    query = select(Booking.id, Booking.state).where(Booking.workshop_id == workshop_id)
    states = {row[0]: row[1] for row in db.session.execute(query)}
    seated = {booking_id for booking_id, state in states.items() if state is BookingState.SEATED}
    for booking_id in booked - seated:
        yield f"workshop {workshop_id}: a nomination is confirmed, but its booking {booking_id} has no seat"
    for booking_id in seated - booked:
        yield f"workshop {workshop_id}: booking {booking_id} has a seat without a confirmed nomination"
    if BookingState.WAITING in states.values():
        yield f"workshop {workshop_id}: a booking waits although seats are nominated"
