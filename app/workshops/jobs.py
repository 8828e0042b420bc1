"""Daily jobs: derive UTC times from new zone data, withdraw bookings of people who left their role."""

from uuid import UUID

from app.db.session import db, transaction
from app.identity.queries import roles as accounts
from app.kernel import clock
from app.workshops.service import bookings, lifecycle
from app.workshops.store import locking

PORTION = 500  # people read at once


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
