"""Jobs of marking: record results as evidence, notify assessors, return what is open for too long."""

from app.checks.queries import calibrations, marking as queries, products as product_queries
from app.checks.service import marking, notifications, products
from app.db.session import db, transaction
from app.kernel import clock

PORTION = 200


def record_results() -> int:
    """Record the results of marked desk tasks as evidence, each in a transaction of its own; return their number."""
    waiting = product_queries.to_record(PORTION)
    db.session.rollback()  # give the read snapshot back: what follows writes
    count = 0
    for product_id in waiting:
        with transaction():
            count += products.record_result(product_id, clock.now())
    return count


def remind_assessors() -> int:
    """Return products that were open for too long to the queue, then notify assessors; return the notices."""
    now = clock.now()
    marking_ids = marking.open_for_long(now, PORTION)
    db.session.rollback()
    for marking_id in marking_ids:
        with transaction():
            marking.return_open(marking_id, now)
    assessors = queries.assessors(now.date(), calibrations.without_case())
    markers = queries.markers(now.date())
    db.session.rollback()
    count = 0
    for marker in markers:
        with transaction():
            count += notifications.notify_of_waiting(marker, assessors[marker.id].rubrics, now)
    return count
