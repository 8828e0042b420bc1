"""Changing events and bookings: one function per thing a person can do, each under the lock of the event's row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from app.accounts import queries as people
from app.db.session import db, record
from app.kernel.errors import DomainError, SeveralError
from app.messages.domain import CalendarDate, NoticeKind
from app.workshops import eligibility, loading, telling, writing
from app.workshops.closing import ask_coordinator, close, move, reopen
from app.workshops.domain import changes, drafts, events, times
from app.workshops.domain.drafts import MOST_SEATS, NewWorkshop
from app.workshops.domain.events import WorkshopState, WorkshopStep
from app.workshops.domain.seats import (
    BookingState,
    BookingStep,
    Placement,
    Room,
    Seat,
    Shortfall,
    Wait,
    place,
    promotions,
)
from app.workshops.domain.seats import after as after_booking
from app.workshops.events import (
    BookingWithdrawn,
    CapacityChanged,
    QueueJoined,
    SeatTaken,
    WorkshopChanged,
    WorkshopMade,
)
from app.workshops.models import Booking, Workshop, WorkshopSession
from app.workshops.rendering import dates
from app.workshops.staffing import appoint, take_off

__all__ = [
    "announce", "appoint", "ask_coordinator", "book", "cancel", "change", "clear", "close", "derive_times_again",
    "give_up_all", "make", "reopen", "set_capacity", "take_off", "withdraw",
]  # fmt: skip  # who runs an event, and how it is closed, are modules of their own

ZONES_MOVE = timedelta(days=2)  # a session that began longer ago was held at the time that people then kept


def make(new: NewWorkshop, *, by: UUID, now: datetime) -> UUID:
    """Write a draft of an event and return its id; raise DomainError with a sentence for what cannot be."""
    _check(new, None)
    workshop = Workshop(
        id=uuid4(),
        state=WorkshopState.DRAFT,
        capacity=new.capacity,
        made_by=by,
        made_at=now,
        **writing.facts(new),
    )
    db.session.add(workshop)
    db.session.flush()
    _write(workshop, new)
    record(WorkshopMade(at=now, actor_id=by, workshop_id=workshop.id, code=workshop.code))
    return workshop.id


def change(workshop_id: UUID, new: NewWorkshop, *, by: UUID, now: datetime, seen: str = "") -> tuple[str, ...]:
    """Write an event anew and return the names of the fields that changed; a cleared one must be cleared again.

    People with a seat, or in the queue, are told of another time or place. Raises DomainError once it has begun, and
    where `seen`, the fingerprint of what the writer saw, is not that of the event any more.
    """
    workshop = _before_it_begins(workshop_id, now)
    _check(new, workshop)
    stale = bool(seen) and seen != loading.fingerprint(workshop_id)
    before = dates(loading.sessions(workshop_id))
    changed = writing.put_facts(workshop, new) | _write(workshop, new)
    if stale and (changed or new.capacity != workshop.capacity):
        raise DomainError("This event was changed by another user. Reload it and try again.")
    if workshop.state is WorkshopState.ANNOUNCED:
        _change_announced(workshop, changed, before, now)
    elif changed:
        workshop.changed_by = by
    if new.capacity != workshop.capacity:
        _set_capacity(workshop, new.capacity, by=by, now=now)
        changed.add("capacity")
    if changed and workshop.state is WorkshopState.CLEARED:
        workshop.state, workshop.cleared_by = events.after(workshop.state, WorkshopStep.REVISE), None
    if changed:
        named = tuple(sorted(changed))
        record(WorkshopChanged(at=now, actor_id=by, workshop_id=workshop_id, changed=named))
    return tuple(sorted(changed))


def clear(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Note that a second person looked at the draft; raise DomainError for who made it or wrote it last."""
    workshop = loading.lock(workshop_id)
    if by in {workshop.made_by, workshop.changed_by}:
        raise DomainError("A second person clears an event. You wrote this one.")
    workshop.cleared_by = by
    move(workshop, WorkshopStep.CLEAR, by=by, now=now)


def announce(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Open a cleared event for booking; raise DomainError when its booking would be over already."""
    workshop = loading.lock(workshop_id)
    if now >= times.end_of(workshop.booking_until, workshop.time_zone):
        raise DomainError("Booking would be over already. Change the dates first.")
    move(workshop, WorkshopStep.ANNOUNCE, by=by, now=now)
    writing.let_find(workshop)


def cancel(workshop_id: UUID, *, reason: str, by: UUID, now: datetime) -> None:
    """Cancel an event that has not begun, and tell everybody with a seat or a place in the queue."""
    workshop = _before_it_begins(workshop_id, now)
    if not reason.strip():
        raise DomainError("Say why the event is cancelled.")
    workshop.reason = reason.strip()
    move(workshop, WorkshopStep.CANCEL, by=by, now=now)
    writing.let_find_no_more(workshop_id)
    telling.all_of(workshop, NoticeKind.WORKSHOP_CANCELLED, "cancelled", now)
    telling.dates_cancelled(workshop, "cancelled", now)


def set_capacity(workshop_id: UUID, capacity: int, *, by: UUID, now: datetime) -> tuple[UUID, ...]:
    """Change the number of seats; return who of the queue got one, the first in line first. Nobody loses a seat."""
    workshop = _before_it_begins(workshop_id, now)
    if not 1 <= capacity <= MOST_SEATS:
        raise DomainError("An event has 1 to %(most)s seats.", most=MOST_SEATS)
    if capacity == workshop.capacity:
        return ()
    return _set_capacity(workshop, capacity, by=by, now=now)


def book(workshop_id: UUID, person_id: UUID, now: datetime) -> Placement:
    """Seat the person, or queue them, or say why neither."""
    workshop = loading.lock(workshop_id)
    there = loading.live(workshop_id, person_id)
    mine = None if there is None else there.state
    placement = place(_room(workshop, now), now=now, mine=mine, lacks=_lacks(workshop, person_id, now))
    match placement:
        case Seat(number):
            _add(workshop, person_id, seat=number, now=now)
            record(SeatTaken(at=now, workshop_id=workshop_id, person_id=person_id, seat=number))
        case Wait():
            booking = _add(workshop, person_id, seat=None, now=now)
            record(QueueJoined(at=now, workshop_id=workshop_id, person_id=person_id, queued=booking.queued))
    return placement


def withdraw(workshop_id: UUID, person_id: UUID, now: datetime) -> UUID | None:
    """Give a seat or a place in the queue back; return who of the queue got the seat.

    A second press changes nothing. Raises DomainError once the event has begun.
    """
    workshop = loading.lock(workshop_id)
    booking = loading.live(workshop_id, person_id)
    if booking is None:
        return None
    _open(workshop, now)
    booking.state, booking.seat = after_booking(booking.state, BookingStep.WITHDRAW), None
    booking.changed_at = now
    record(BookingWithdrawn(at=now, workshop_id=workshop_id, person_id=person_id))
    return next(iter(_promote(workshop, now)), None)


def give_up_all(person_id: UUID, now: datetime) -> None:
    """Withdraw somebody who left from every event that has not begun."""
    for workshop_id in loading.booked_to_come(person_id, now):
        withdraw(workshop_id, person_id, now)


def derive_times_again(now: datetime) -> int:
    """Derive the UTC times of sessions to come from their local ones; return how many moved.

    The clocks at the place show the same, but calendars keep UTC: who has a seat is sent the dates.
    """
    query = (
        select(WorkshopSession, Workshop.time_zone)
        .join(Workshop, Workshop.id == WorkshopSession.workshop_id)
        .where(WorkshopSession.starts_at >= now - ZONES_MOVE)
    )
    moved: dict[UUID, int] = {}
    for session, zone in db.session.execute(query):
        derived = (times.at(session.day, session.starts, zone), times.at(session.day, session.ends, zone))
        if derived != (session.starts_at, session.ends_at):
            session.starts_at, session.ends_at = derived
            moved[session.workshop_id] = moved.get(session.workshop_id, 0) + 1
    for workshop_id in sorted(moved):
        record(WorkshopChanged(at=now, workshop_id=workshop_id, changed=("sessions",)))
        workshop = loading.lock(workshop_id)
        if workshop.state is WorkshopState.ANNOUNCED:
            telling.dates_changed(workshop, (), f"zone:{now.isoformat()}", now)
    return sum(moved.values())


def _check(new: NewWorkshop, workshop: Workshop | None) -> None:
    had = loading.codes_of(workshop) if workshop else ()
    wrong = [*drafts.faults(new), *drafts.unknown(new, loading.known_codes(), had)]
    if loading.by_code(new.code) not in {None, workshop.id if workshop else None}:
        wrong.append(DomainError("Another event has the code %(code)s.", code=new.code))
    if new.host_country not in people.countries():
        wrong.append(DomainError("The host is a member country."))
    if wrong:
        raise SeveralError(wrong)


def _write(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Write what stands beside an event's row; return the names of what changed."""
    sessions = writing.put_sessions(workshop, loading.sessions(workshop.id), new)
    return sessions | writing.put_outcomes(workshop, new) | writing.put_words(workshop, new)


def _before_it_begins(workshop_id: UUID, now: datetime) -> Workshop:
    workshop = loading.lock(workshop_id)
    if workshop.state in events.OVER:
        raise DomainError("This event is over. It can only be read.")
    _not_begun(workshop, now)
    return workshop


def _open(workshop: Workshop, now: datetime) -> None:
    if workshop.state is not WorkshopState.ANNOUNCED:
        raise DomainError("This event is not open.")
    _not_begun(workshop, now)


def _not_begun(workshop: Workshop, now: datetime) -> None:
    """Refuse what belongs before an event; a draft with days in the past may still be changed or cancelled."""
    if workshop.state is WorkshopState.ANNOUNCED and loading.first_start(workshop.id) <= now:
        raise DomainError("This event has begun.")


def _change_announced(workshop: Workshop, changed: set[str], before: Sequence[CalendarDate], now: datetime) -> None:
    kept = changes.fixed(changed)
    if kept:
        raise SeveralError([*kept, DomainError("Cancel this event and make another one.")])
    db.session.flush()
    _not_begun(workshop, now)  # nor is it moved into the past
    writing.let_find(workshop)
    occasion = f"changed:{now.isoformat()}"
    if changes.is_told(changed):
        telling.all_of(workshop, NoticeKind.WORKSHOP_CHANGED, occasion, now)
    if changes.moves_dates(changed):
        telling.dates_changed(workshop, before, occasion, now)
    if changes.opens_to_others(changed):
        _promote(workshop, now)


def _set_capacity(workshop: Workshop, capacity: int, *, by: UUID, now: datetime) -> tuple[UUID, ...]:
    before, workshop.capacity = workshop.capacity, capacity
    record(CapacityChanged(at=now, actor_id=by, workshop_id=workshop.id, before=before, after=capacity))
    return tuple(_promote(workshop, now)) if workshop.state is WorkshopState.ANNOUNCED else ()


def _promote(workshop: Workshop, now: datetime) -> list[UUID]:
    """Give the seats that are free to the first in line, and tell them."""
    db.session.flush()  # a seat that was given back must be gone from the table before another row holds it
    room = loading.room(workshop)
    waiting = loading.queue(workshop.id) if room.queue_length else ()
    # an officer without the role or prerequisites keeps the place and is skipped
    eligible = (booking for booking in waiting if not _lacks(workshop, booking.person_id, now))
    given = promotions(room.capacity, room.seats_taken, eligible)
    for booking, seat in given:
        booking.state, booking.seat = after_booking(booking.state, BookingStep.PROMOTE), seat
        booking.changed_at = now
        person = booking.person_id
        record(SeatTaken(at=now, workshop_id=workshop.id, person_id=person, seat=seat, promoted=True))
    telling.seat_given(workshop, [booking for booking, _seat in given], now)
    return [booking.person_id for booking, _seat in given]


def _room(workshop: Workshop, now: datetime) -> Room:
    """Return the seats of an event; seats that are still free are not for those who wait and lack what is asked."""
    room = loading.room(workshop)
    if not room.queue_length or not room.is_open or len(room.seats_taken) >= room.capacity:
        return room
    _promote(workshop, now)
    room = loading.room(workshop)
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
