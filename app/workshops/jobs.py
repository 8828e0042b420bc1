"""Jobs: derive UTC times, withdraw bookings, settle offers, evaluations and follow-ups, delete old data."""

from datetime import timedelta
from uuid import UUID

from app.db.session import db, transaction
from app.identity.queries import roles as accounts
from app.kernel import clock
from app.workshops.domain.evaluation import OPEN_DAYS
from app.workshops.queries import attendance_lists as due_attendance
from app.workshops.service import (
    attendance_lists,
    bookings,
    cascades,
    commitments,
    evaluations,
    event_files,
    event_messages,
    follow_ups,
    lifecycle,
    nomination_events,
    offers,
    travel,
)
from app.workshops.service.store import afterwards, locking, nominations

PORTION = 500  # people read at once
FOLLOWED_UP = timedelta(days=215)  # after the last day: later no follow-up opens


def derive_times() -> int:
    """Derive UTC times of future sessions from the newest zone data; return the number of changed sessions."""
    with transaction():
        return lifecycle.derive_times_again(clock.now())


def free_seats() -> int:
    """Withdraw bookings of people whose practitioner role has ended; return the number of people."""
    booked, today = locking.people_to_come(clock.now()), clock.today()
    ineligible: list[UUID] = []
    for start in range(0, len(booked), PORTION):
        portion = booked[start : start + PORTION]
        ineligible += set(portion) - accounts.practitioners(portion, today)
    db.session.rollback()  # give the read snapshot back
    for person_id in sorted(ineligible):
        with transaction():
            bookings.withdraw_all(person_id, clock.now())
    return len(ineligible)


def settle_offers() -> int:
    """Expire offers whose time is over and pass seats on; return the number of expired offers."""
    workshops = nominations.workshops_with_offers(clock.now())
    db.session.rollback()  # give the read snapshot back
    expired = 0
    for workshop_id in workshops:
        with transaction():
            expired += offers.settle_offers(workshop_id, clock.now())
    return expired


def delete_answers() -> int:
    """Delete the answers of nominees of past events; return the number of events."""
    workshops = nominations.workshops_with_answers(clock.today())
    db.session.rollback()
    for workshop_id in workshops:
        with transaction():
            nomination_events.delete_answers(workshop_id, clock.today())
    return len(workshops)


def delete_preparations() -> int:
    """Delete needs and travel dates of past events; return the number of events."""
    events = travel.past_events(clock.today())
    db.session.rollback()
    for workshop_id in events:
        with transaction():
            travel.delete_of_event(workshop_id, clock.now())
    return len(events)


def delete_documents() -> int:
    """Delete files of events whose last day has passed, and old messages; return their number."""
    with transaction():
        return event_files.delete_expired(clock.now()) + event_messages.delete_expired(clock.now())


def remind_attendance() -> int:
    """Notify trainers on the last day before the attendance of a session is due; return the number of sessions."""
    due = due_attendance.due_sessions(clock.now())
    db.session.rollback()  # give the read snapshot back
    for session in due:
        with transaction():
            attendance_lists.remind(session, clock.now())
    return len(due)


def delete_signed_lists() -> int:
    """Delete signed lists of national sessions after a year; return their number."""
    with transaction():
        return cascades.delete_old_lists(clock.now())


def run_evaluations() -> int:
    """Open evaluations of events that ended, and close those whose last day has passed; return how many changed."""
    now = clock.now()
    to_open = afterwards.events_to_evaluate(now, now.date() - OPEN_DAYS)
    to_close = afterwards.open_evaluations(now.date())
    db.session.rollback()  # give the read snapshot back
    changed = 0
    for workshop_id in to_open:
        with transaction():
            changed += bool(evaluations.open_evaluation(workshop_id, clock.now()))
    for workshop_id in to_close:
        with transaction():
            changed += evaluations.close_evaluation(workshop_id, clock.now())
    return changed


def run_follow_ups() -> int:
    """Open follow-ups on their day, remind, close them, and remind of commitments; return how many are concerned."""
    now = clock.now()
    to_open = afterwards.events_to_follow_up(now, now.date() - FOLLOWED_UP)
    running = afterwards.open_follow_ups()
    db.session.rollback()
    changed = 0
    for workshop_id in to_open:
        with transaction():
            changed += follow_ups.open_follow_up(workshop_id, clock.now())
    for workshop_id in running:
        with transaction():
            changed += follow_ups.remind_or_close(workshop_id, clock.now())
    with transaction():
        changed += commitments.remind(clock.now())
    return changed
