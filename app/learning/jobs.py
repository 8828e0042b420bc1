"""Jobs of learning: delete visits and step keys after 60 days; recalculate completion; end completions."""

from app.catalogue.queries import versions
from app.db.session import transaction
from app.kernel import clock
from app.learning.queries import progress
from app.learning.service import assignments, ended_completions, store

MOST = 500  # people of a course in a run


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


def end_completions() -> int:
    """End the completions whose last day is over, each person in a transaction; return how many ended."""
    today, count = clock.today(), 0
    for version in versions.breaking_versions(until=today):
        for person_id in progress.to_end(version, today=today, limit=MOST):
            with transaction():
                count += ended_completions.end(person_id, version, clock.now())
    return count
