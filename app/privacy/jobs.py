"""Timed work: let go whose last day is over, forget who left long ago."""

from app.accounts import departed, leaving
from app.db.session import db, transaction
from app.kernel import clock


def let_go() -> int:
    """Close the accounts of all whose last day of service is over; return how many there were."""
    today = clock.today()
    found = departed.over(today)
    db.session.rollback()
    done = 0
    for person_id in found:
        with transaction():
            done += leaving.let_go(person_id, today=today)
    return done


def forget_identities() -> int:
    """Remove who people were whose time for it is over, by the setting of their country; return how many there were."""
    today = clock.today()
    found = departed.kept_too_long(today)
    db.session.rollback()
    done = 0
    for person_id in found:
        with transaction():
            done += leaving.forget(person_id, why=leaving.RETENTION, today=today)
    return done
