"""Job of sittings: close those that were left open, so that no evidence waits for an invigilator."""

from app.checks.queries import sittings as queries
from app.checks.service import closing
from app.db.session import db, transaction
from app.kernel import clock

PORTION = 50


def close_left_open() -> int:
    """Close the sittings that were left open, each in a transaction of its own; return their number."""
    now = clock.now()
    sitting_ids = queries.left_open(now, PORTION)
    db.session.rollback()  # give the read snapshot back: what follows writes
    count = 0
    for sitting_id in sitting_ids:
        with transaction():
            count += closing.close_left_open(sitting_id, now)
    return count
