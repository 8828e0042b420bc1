"""Create, update, clear, announce and cancel events, and set their seats, under the lock of the event's row."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from app.db.session import db, record
from app.identity.queries import people
from app.kernel.errors import DomainError, SeveralError
from app.messages.domain import CalendarDate, NoticeKind
from app.workshops.domain import changes, drafts, events, times
from app.workshops.domain.drafts import MOST_SEATS, NewWorkshop
from app.workshops.domain.events import ACTIVE, PUBLISHED, EnrolmentMode, WorkshopState, WorkshopStep
from app.workshops.domain.nomination_drafts import guaranteed_seats
from app.workshops.events import CapacityChanged, WorkshopCreated, WorkshopUpdated
from app.workshops.models import Workshop, WorkshopSession
from app.workshops.queries import saved_content
from app.workshops.service import nomination_steps, notifications
from app.workshops.service.bookings import check_not_begun, promote_waiting_list
from app.workshops.service.calendar import dates
from app.workshops.service.closing import take_step
from app.workshops.service.store import content, locking
from app.workshops.shapes import has_days, nomination_rules

ZONES_MOVE = timedelta(days=2)  # sessions that began earlier took place at their local time of then


def create_workshop(new: NewWorkshop, *, by: UUID, now: datetime) -> UUID:
    """Create a draft of an event and return its id; raise DomainError if the draft has problems."""
    _check(new, None)
    workshop = Workshop(
        id=uuid4(),
        state=WorkshopState.DRAFT,
        capacity=new.capacity,
        made_by=by,
        made_at=now,
        **content.workshop_columns(new),
    )
    db.session.add(workshop)
    db.session.flush()
    _write(workshop, new)
    record(WorkshopCreated(at=now, actor_id=by, workshop_id=workshop.id, code=workshop.code))
    return workshop.id


def update_workshop(
    workshop_id: UUID, new: NewWorkshop, *, by: UUID, now: datetime, fingerprint: str = ""
) -> tuple[str, ...]:
    """Update an event and return the names of the changed fields; a cleared event must be cleared again.

    People with a seat, on the waiting list or nominated are notified of another time or place. Raises DomainError if
    the event has begun, or if `fingerprint`, which the form contained, no longer matches the event.
    """
    workshop = _before_it_begins(workshop_id, now)
    _check(new, workshop)
    is_stale = fingerprint not in {"", saved_content.fingerprint(workshop_id)}
    before, days_before = dates(locking.sessions(workshop_id)), (workshop.first_day, workshop.last_day)
    changed = content.save_facts(workshop, new) | _write(workshop, new)
    if is_stale and (changed or new.capacity != workshop.capacity):
        raise DomainError("This event was changed by another user. Reload it and try again.")
    if workshop.state in PUBLISHED:
        _change_announced(workshop, changed, before, now)
        _save_earlier_days(workshop, days_before)
        _tell_of_change(workshop, changed, days_before, now)
    elif changed:
        workshop.changed_by = by
    if new.capacity != workshop.capacity:
        _set_capacity(workshop, new.capacity, by=by, now=now)
        changed.add("capacity")
    names = tuple(sorted(changed))
    _record_change(workshop, names, by=by, now=now)
    return names


def _record_change(workshop: Workshop, changed: tuple[str, ...], *, by: UUID, now: datetime) -> None:
    if not changed:
        return
    if workshop.state is WorkshopState.CLEARED:
        workshop.state = events.after(workshop.state, WorkshopStep.REVISE)
        workshop.cleared_by = None
    record(WorkshopUpdated(at=now, actor_id=by, workshop_id=workshop.id, changed=changed))


def clear(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Record the approval of a second person; raise DomainError for the author and the last editor."""
    workshop = locking.lock_workshop(workshop_id)
    if by in {workshop.made_by, workshop.changed_by}:
        raise DomainError("A second person clears an event. You wrote this one.")
    workshop.cleared_by = by
    take_step(workshop, WorkshopStep.CLEAR, by=by, now=now)


def announce(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Open a cleared event for booking; raise DomainError if the booking deadline has passed."""
    workshop = locking.lock_workshop(workshop_id)
    if now >= times.end_of(workshop.booking_until, workshop.time_zone):
        raise DomainError("Booking would be over already. Change the dates first.")
    take_step(workshop, WorkshopStep.ANNOUNCE, by=by, now=now)
    content.index_for_search(workshop)


def cancel(workshop_id: UUID, *, reason: str, by: UUID, now: datetime) -> None:
    """Cancel an event that has not begun, and notify everyone with a seat or on the waiting list."""
    workshop = _before_it_begins(workshop_id, now)
    if not reason.strip():
        raise DomainError("Say why the event is cancelled.")
    workshop.reason, workshop.postponed_reason = reason.strip(), ""
    take_step(workshop, WorkshopStep.CANCEL, by=by, now=now)
    content.remove_from_search(workshop_id)
    notifications.all_of(workshop, NoticeKind.WORKSHOP_CANCELLED, "cancelled", now)
    notifications.dates_cancelled(workshop, "cancelled", now)
    if workshop.enrolment is EnrolmentMode.NOMINATED:
        nomination_steps.tell_unbooked(workshop, NoticeKind.WORKSHOP_CANCELLED, "cancelled", now)


def set_capacity(workshop_id: UUID, capacity: int, *, by: UUID, now: datetime) -> tuple[UUID, ...]:
    """Change the number of seats and return the promoted people; a lower number removes no seat."""
    workshop = _before_it_begins(workshop_id, now)
    if not 1 <= capacity <= MOST_SEATS:
        raise DomainError("An event has 1 to %(most)s seats.", most=MOST_SEATS)
    if capacity == workshop.capacity:
        return ()
    return _set_capacity(workshop, capacity, by=by, now=now)


def derive_times_again(now: datetime) -> int:
    """Derive the UTC times of future sessions from their local ones; return the number of changed sessions.

    The local time is the same, but calendars store UTC: seated people receive the new dates.
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
        record(WorkshopUpdated(at=now, workshop_id=workshop_id, changed=("sessions",)))
        workshop = locking.lock_workshop(workshop_id)
        if workshop.state in ACTIVE:
            notifications.dates_changed(workshop, (), f"zone:{now.isoformat()}", now)
    return sum(moved.values())


def _check(new: NewWorkshop, workshop: Workshop | None) -> None:
    existing = locking.codes_of(workshop) if workshop else ()
    errors = [*drafts.problems(new), *drafts.unknown_codes(new, locking.allowed_codes(), existing)]
    if locking.id_of_code(new.code) not in {None, workshop.id if workshop else None}:
        errors.append(DomainError("Another event has the code %(code)s.", code=new.code))
    if new.host_country not in people.countries():
        errors.append(DomainError("The host is a member country."))
    if errors:
        raise SeveralError(errors)


def _write(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Save sessions, outcomes and texts of an event; return the names of those that changed."""
    sessions = content.save_sessions(workshop, locking.sessions(workshop.id), new)
    return sessions | content.save_outcomes(workshop, new) | content.save_texts(workshop, new)


def _before_it_begins(workshop_id: UUID, now: datetime) -> Workshop:
    workshop = locking.lock_workshop(workshop_id)
    if workshop.state in events.OVER:
        raise DomainError("This event is over. It can only be read.")
    check_not_begun(workshop, now)
    return workshop


def _change_announced(workshop: Workshop, changed: set[str], before: Sequence[CalendarDate], now: datetime) -> None:
    errors = changes.fixed_field_errors(changed)
    if errors:
        raise SeveralError([*errors, DomainError("Cancel this event and make another one.")])
    db.session.flush()
    check_not_begun(workshop, now)  # nor is it moved into the past
    content.index_for_search(workshop)
    occasion = f"changed:{now.isoformat()}"
    if changes.moves_dates(changed) and has_days(workshop):
        notifications.dates_changed(workshop, before, occasion, now)
    if changes.opens_to_others(changed):
        promote_waiting_list(workshop, now)


def _save_earlier_days(workshop: Workshop, before: tuple[date, date]) -> None:
    """Save the days of a moved event; those of a postponed event are saved already."""
    if workshop.state in ACTIVE and before != (workshop.first_day, workshop.last_day):
        workshop.earlier_first_day, workshop.earlier_last_day = before


def _tell_of_change(workshop: Workshop, changed: set[str], days_before: tuple[date, date], now: datetime) -> None:
    """Notify of another time or place; nominees of a postponed event are notified once it is resumed."""
    if not changes.is_notified(changed):
        return
    kind, occasion = NoticeKind.WORKSHOP_CHANGED, f"changed:{now.isoformat()}"
    facts = changes.day_facts(days_before, (workshop.first_day, workshop.last_day))
    notifications.all_of(workshop, kind, occasion, now, facts)
    if workshop.enrolment is EnrolmentMode.NOMINATED and workshop.state is not WorkshopState.POSTPONED:
        nomination_steps.tell_unbooked(workshop, kind, occasion, now, facts)


def _set_capacity(workshop: Workshop, capacity: int, *, by: UUID, now: datetime) -> tuple[UUID, ...]:
    rules = nomination_rules(workshop)
    if rules is not None and guaranteed_seats(rules) > capacity:
        raise DomainError("More seats are guaranteed than the event has.")
    before, workshop.capacity = workshop.capacity, capacity
    record(CapacityChanged(at=now, actor_id=by, workshop_id=workshop.id, before=before, after=capacity))
    return tuple(promote_waiting_list(workshop, now)) if workshop.state in ACTIVE else ()
