"""Jobs: close accounts after the last day of service, delete identities after the retention period."""

from app.db.session import db, transaction
from app.directory.service import erasure, postings
from app.identity.queries import retention
from app.kernel import clock


def close_departed_accounts() -> int:
    """Close the accounts of people whose last day of service is over; return their number."""
    today = clock.today()
    departed = retention.departed_with_open_account(today)
    db.session.rollback()
    done = 0
    for person_id in departed:
        with transaction():
            done += postings.close_departed_account(person_id, today=today)
    return done


def delete_identities() -> int:
    """Delete the identities whose retention period, set by the country, is over; return their number."""
    today = clock.today()
    expired = retention.expired_identities(today)
    db.session.rollback()
    done = 0
    for person_id in expired:
        with transaction():
            done += erasure.delete_identity(person_id, why=erasure.RETENTION, today=today)
    return done
