"""Book and withdraw seats, and change the state of an event."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.db.session import db, record
from app.kernel.errors import DomainError
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.seats import (
    BookingState,
    BookingStep,
    Placement,
    Seat,
    Seating,
    Shortfall,
    WaitingListPlace,
    place,
    promotions,
)
from app.workshops.domain.seats import after as after_booking
from app.workshops.events import BookingWithdrawn, QueueJoined, SeatTaken
from app.workshops.models import Booking, Workshop
from app.workshops.queries import eligibility
from app.workshops.service import notifications
from app.workshops.store import locking


def book(workshop_id: UUID, person_id: UUID, now: datetime) -> Placement:
    """Seat the person, or queue them, or say why neither."""
    workshop = locking.lock_workshop(workshop_id)
    there = locking.live_booking(workshop_id, person_id)
    mine = None if there is None else there.state
    placement = place(_room(workshop, now), now=now, mine=mine, lacks=_lacks(workshop, person_id, now))
    match placement:
        case Seat(number):
            _add(workshop, person_id, seat=number, now=now)
            record(SeatTaken(at=now, workshop_id=workshop_id, person_id=person_id, seat=number))
        case WaitingListPlace():
            booking = _add(workshop, person_id, seat=None, now=now)
            record(QueueJoined(at=now, workshop_id=workshop_id, person_id=person_id, queued=booking.queued))
    return placement


def withdraw(workshop_id: UUID, person_id: UUID, now: datetime) -> UUID | None:
    """Give a seat or a place in the queue back; return who of the queue got the seat.

    A second press changes nothing. Raises DomainError once the event has begun.
    """
    workshop = locking.lock_workshop(workshop_id)
    booking = locking.live_booking(workshop_id, person_id)
    if booking is None:
        return None
    _open(workshop, now)
    booking.state, booking.seat = after_booking(booking.state, BookingStep.WITHDRAW), None
    booking.changed_at = now
    record(BookingWithdrawn(at=now, workshop_id=workshop_id, person_id=person_id))
    return next(iter(promote_waiting_list(workshop, now)), None)


def give_up_all(person_id: UUID, now: datetime) -> None:
    """Withdraw somebody who left from every event that has not begun."""
    for workshop_id in locking.booked_to_come(person_id, now):
        withdraw(workshop_id, person_id, now)


def _open(workshop: Workshop, now: datetime) -> None:
    if workshop.state is not WorkshopState.ANNOUNCED:
        raise DomainError("This event is not open.")
    check_not_begun(workshop, now)


def check_not_begun(workshop: Workshop, now: datetime) -> None:
    """Refuse what belongs before an event; a draft with days in the past may still be changed or cancelled."""
    if workshop.state is WorkshopState.ANNOUNCED and locking.first_start(workshop.id) <= now:
        raise DomainError("This event has begun.")


def promote_waiting_list(workshop: Workshop, now: datetime) -> list[UUID]:
    """Give the seats that are free to the first in line, and tell them."""
    db.session.flush()  # a seat that was given back must be gone from the table before another row holds it
    room = locking.seating(workshop)
    waiting = locking.waiting_bookings(workshop.id) if room.queue_length else ()
    # an officer without the role or prerequisites keeps the place and is skipped
    eligible = (booking for booking in waiting if not _lacks(workshop, booking.person_id, now))
    given = promotions(room.capacity, room.seats_taken, eligible)
    for booking, seat in given:
        booking.state, booking.seat = after_booking(booking.state, BookingStep.PROMOTE), seat
        booking.changed_at = now
        person = booking.person_id
        record(SeatTaken(at=now, workshop_id=workshop.id, person_id=person, seat=seat, promoted=True))
    notifications.seat_given(workshop, [booking for booking, _seat in given], now)
    return [booking.person_id for booking, _seat in given]


def _room(workshop: Workshop, now: datetime) -> Seating:
    """Return the seats of an event; seats that are still free are not for those who wait and lack what is asked."""
    room = locking.seating(workshop)
    if not room.queue_length or not room.is_open or len(room.seats_taken) >= room.capacity:
        return room
    promote_waiting_list(workshop, now)
    room = locking.seating(workshop)
    return replace(room, queue_length=0) if len(room.seats_taken) < room.capacity else room


def _lacks(workshop: Workshop, person_id: UUID, now: datetime) -> Shortfall:
    return eligibility.shortfall(
        person_id, roles=workshop.roles.split(), courses=workshop.prerequisites.split(), today=now.date()
    )


def _add(workshop: Workshop, person_id: UUID, *, seat: int | None, now: datetime) -> Booking:
    workshop.queue_counter += 1
    booking = Booking(
        workshop_id=workshop.id,
        person_id=person_id,
        state=BookingState.WAITING if seat is None else BookingState.SEATED,
        seat=seat,
        queued=workshop.queue_counter,
        booked_at=now,
        changed_at=now,
    )
    db.session.add(booking)
    return booking
