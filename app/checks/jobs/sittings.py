"""Job of sittings: close those that were left open, cancel those that were never opened."""

from app.checks.queries import sittings as queries
from app.checks.service import closing, sittings
from app.db.session import db, transaction
from app.kernel import clock

PORTION = 50


def close_left_open() -> int:
    """Close the sittings left open, cancel those never opened, each in its own transaction; return their number."""
    now = clock.now()
    left_open, never_opened = queries.left_open(now, PORTION), queries.never_opened(now, PORTION)
    db.session.rollback()  # give the read snapshot back: what follows writes
    count = 0
    for sitting_id in left_open:
        with transaction():
            count += closing.close_left_open(sitting_id, now)
    for sitting_id in never_opened:
        with transaction():
            count += sittings.cancel_never_opened(sitting_id, now)
    return count
