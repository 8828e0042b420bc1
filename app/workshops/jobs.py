"""Timed work of events."""

from uuid import UUID

from app.db.session import db, transaction
from app.identity.queries import roles as accounts
from app.kernel import clock
from app.workshops.service import bookings, lifecycle
from app.workshops.store import locking

PORTION = 500  # people asked for at once


def derive_times() -> int:
    """Bring the UTC times of sessions to come in line with the machine's newest zone data; return how many moved."""
    with transaction():
        return lifecycle.derive_times_again(clock.now())


def free_seats() -> int:
    """Give on the seats of those whose role as practitioner ran out; return how many people that were."""
    booked, today = locking.people_to_come(clock.now()), clock.today()
    gone: list[UUID] = []
    for start in range(0, len(booked), PORTION):
        portion = booked[start : start + PORTION]
        gone += set(portion) - accounts.practitioners(portion, today)
    db.session.rollback()  # give the read snapshot back
    for person_id in sorted(gone):
        with transaction():
            bookings.give_up_all(person_id, clock.now())
    return len(gone)
