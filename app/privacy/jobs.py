"""Timed work: let go whose last day is over, forget who left long ago."""

from app.db.session import db, transaction
from app.directory.service import erasure, postings
from app.identity.queries import retention
from app.kernel import clock


def close_departed_accounts() -> int:
    """Close the accounts of all whose last day of service is over; return how many there were."""
    today = clock.today()
    found = retention.departed_with_open_account(today)
    db.session.rollback()
    done = 0
    for person_id in found:
        with transaction():
            done += postings.close_departed_account(person_id, today=today)
    return done


def delete_identities() -> int:
    """Remove who people were whose time for it is over, by the setting of their country; return how many there were."""
    today = clock.today()
    found = retention.expired_identities(today)
    db.session.rollback()
    done = 0
    for person_id in found:
        with transaction():
            done += erasure.delete_identity(person_id, why=erasure.RETENTION, today=today)
    return done
