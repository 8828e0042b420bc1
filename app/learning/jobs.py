"""Jobs of learning: delete old visits and step keys; recalculate courses whose requirements changed."""

from app.db.session import transaction
from app.kernel import clock
from app.learning import store
from app.learning.service import assignments


def delete_expired() -> int:
    """Delete visits and step keys that are older than 60 days; return how many."""
    with transaction():
        return store.delete_expired(clock.now())


def recalculate_due() -> int:
    """Recalculate the courses that wait, some people in each transaction; return the number of portions.

    A repeated or interrupted run goes on after the last portion that was saved.
    """
    portions = 0
    for course_id in assignments.due():
        is_left = True
        while is_left:
            with transaction():
                is_left = assignments.recalculate_portion(course_id, clock.today())
            portions += is_left
    return portions
