"""Book and withdraw seats, and promote people from the waiting list, under the lock of the event's row."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from app.db.session import db, record
from app.kernel.errors import DomainError
from app.workshops.domain.events import ACTIVE, EnrolmentMode
from app.workshops.domain.nominations import LanguageLevel
from app.workshops.domain.seats import (
    AlreadyBooked,
    BookingClosed,
    BookingState,
    BookingStep,
    CompetenciesMissing,
    LanguageMissing,
    OtherEvent,
    Placement,
    PrerequisitesMissing,
    RoleMismatch,
    Seat,
    SeatSituation,
    Shortfall,
    WaitingListPlace,
    place_booking,
    promotions,
    state_after as after_booking,
)
from app.workshops.events import BookingWithdrawn, SeatTaken, WaitingListJoined
from app.workshops.models import Booking, Workshop
from app.workshops.queries import eligibility
from app.workshops.service import notifications
from app.workshops.service.store import locking


def book(
    workshop_id: UUID, person_id: UUID, now: datetime, language_level: LanguageLevel = LanguageLevel.NONE
) -> Placement:
    """Book a seat for a person, or add the person to the waiting list, unless the booking is refused.

    `language_level` is asked of a person who uses none of the languages of the event; it is not stored.
    """
    workshop = locking.lock_workshop(workshop_id)
    booking = locking.live_booking(workshop_id, person_id)
    booking_state = None if booking is None else booking.state
    shortfall = eligibility.shortfall(workshop, person_id, now.date(), language_level)
    placement = place_booking(_seating(workshop, now), now=now, booking_state=booking_state, shortfall=shortfall)
    match placement:
        case Seat(number):
            _add(workshop, person_id, seat=number, now=now)
            record(SeatTaken(at=now, workshop_id=workshop_id, person_id=person_id, seat=number))
        case WaitingListPlace():
            booking = _add(workshop, person_id, seat=None, now=now)
            record(WaitingListJoined(at=now, workshop_id=workshop_id, person_id=person_id, queued=booking.queued))
        case BookingClosed() | AlreadyBooked():
            pass
        case RoleMismatch() | PrerequisitesMissing() | CompetenciesMissing() | LanguageMissing() | OtherEvent():
            pass
        case _:
            assert_never(placement)
    return placement


def book_without_requirements(workshop: Workshop, person_id: UUID, now: datetime) -> Booking:
    """Book a seat or join the waiting list under the lock of the event; raise DomainError once booking is over."""
    placement = place_booking(_seating(workshop, now), now=now)
    if isinstance(placement, Seat):
        booking = _add(workshop, person_id, seat=placement.number, now=now)
        record(SeatTaken(at=now, workshop_id=workshop.id, person_id=person_id, seat=placement.number))
        return booking
    if isinstance(placement, WaitingListPlace):
        booking = _add(workshop, person_id, seat=None, now=now)
        record(WaitingListJoined(at=now, workshop_id=workshop.id, person_id=person_id, queued=booking.queued))
        return booking
    raise DomainError("Booking is over.")


def withdraw(workshop_id: UUID, person_id: UUID, now: datetime) -> UUID | None:
    """Withdraw a booking and return the person of the waiting list who got the seat, if any.

    A repeated request changes nothing. Raises DomainError if the event has begun.
    """
    workshop = locking.lock_workshop(workshop_id)
    booking = locking.live_booking(workshop_id, person_id)
    if booking is None:
        return None
    _check_open(workshop, now)
    if workshop.enrolment is EnrolmentMode.NOMINATED:
        raise DomainError("Withdraw your nomination for this event.")
    release(booking, now)
    return next(iter(promote_waiting_list(workshop, now)), None)


def release(booking: Booking, now: datetime) -> None:
    """Withdraw a booking under the lock of its event."""
    booking.state, booking.seat = after_booking(booking.state, BookingStep.WITHDRAW), None
    booking.changed_at = now
    record(BookingWithdrawn(at=now, workshop_id=booking.workshop_id, person_id=booking.person_id))


def seat_nominee(workshop: Workshop, person_id: UUID, now: datetime) -> Booking:
    """Book the lowest free seat of a nominated event, under its lock; raise DomainError if none is free."""
    db.session.flush()  # a withdrawn seat must leave the table before another row uses it
    seating = locking.seat_situation(workshop)
    free = promotions(seating.capacity, seating.seats_taken, [person_id])
    if not free:
        raise DomainError("All seats of this event are taken.")
    [(_person, seat)] = free
    booking = _add(workshop, person_id, seat=seat, now=now)
    db.session.flush()  # gives the row its id
    record(SeatTaken(at=now, workshop_id=workshop.id, person_id=person_id, seat=seat))
    return booking


def withdraw_all(person_id: UUID, now: datetime) -> None:
    """Withdraw a person from every event that has not begun."""
    for workshop_id in locking.booked_to_come(person_id, now):
        workshop = locking.lock_workshop(workshop_id)
        booking = locking.live_booking(workshop_id, person_id)
        if booking is not None:
            _check_open(workshop, now)
            release(booking, now)
            promote_waiting_list(workshop, now)


def _check_open(workshop: Workshop, now: datetime) -> None:
    if workshop.state not in ACTIVE:
        raise DomainError("This event is not open.")
    check_not_begun(workshop, now)


def check_not_begun(workshop: Workshop, now: datetime) -> None:
    """Raise DomainError if an announced event has begun; a draft with past days can still be changed or cancelled."""
    if workshop.state in ACTIVE and locking.first_start(workshop.id) <= now:
        raise DomainError("This event has begun.")


def promote_waiting_list(workshop: Workshop, now: datetime) -> list[UUID]:
    """Give free seats to the first people of the waiting list, and notify them."""
    db.session.flush()  # a withdrawn seat must leave the table before another row uses it
    seating = locking.seat_situation(workshop)
    waiting = locking.waiting_bookings(workshop.id) if seating.queue_length else ()
    # an officer who lacks a requirement is skipped and stays on the waiting list, unless admitted
    eligible = (
        booking
        for booking in waiting
        if booking.admitted_by is not None or not _shortfall(workshop, booking.person_id, now)
    )
    promoted = promotions(seating.capacity, seating.seats_taken, eligible)
    for booking, seat in promoted:
        booking.state, booking.seat = after_booking(booking.state, BookingStep.PROMOTE), seat
        booking.changed_at = now
        person = booking.person_id
        record(SeatTaken(at=now, workshop_id=workshop.id, person_id=person, seat=seat, promoted=True))
    notifications.seat_given(workshop, [booking for booking, _seat in promoted], now)
    return [booking.person_id for booking, _seat in promoted]


def _seating(workshop: Workshop, now: datetime) -> SeatSituation:
    """Return the seats of an event after promotion: people who lack requirements do not block the remaining seats."""
    seating = locking.seat_situation(workshop)
    if not seating.queue_length or not seating.is_open or len(seating.seats_taken) >= seating.capacity:
        return seating
    promote_waiting_list(workshop, now)
    seating = locking.seat_situation(workshop)
    return replace(seating, queue_length=0) if len(seating.seats_taken) < seating.capacity else seating


def _shortfall(workshop: Workshop, person_id: UUID, now: datetime) -> Shortfall:
    return eligibility.shortfall(workshop, person_id, now.date())


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
