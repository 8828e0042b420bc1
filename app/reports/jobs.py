"""Jobs of reports: make what is in the queue, request what schedules ask for, delete reports after 24 months."""

from app.db.session import db, transaction
from app.kernel import clock
from app.reports.domain.runs import expiry
from app.reports.queries import runs as queries, schedules as schedule_queries
from app.reports.service import making, runs, schedules

PAGE = 100


def make_reports() -> int:
    """Make the reports of the queue, one at a time; return how many were made."""
    count = 0
    while making.make_next():
        count += 1
    return count


def request_scheduled() -> int:
    """Request the reports of the schedules that are due, a schedule in each transaction; return how many."""
    now = clock.now()
    lines = schedule_queries.lines(due_on=now.date())
    db.session.rollback()
    count = 0
    for line in lines:
        with transaction():
            count += schedules.request_due(line, now)
    return count


def delete_expired() -> int:
    """Delete reports that were requested more than 24 months ago; return how many."""
    count, before = 0, expiry(clock.now())
    while ids := queries.expired(before, PAGE):
        db.session.rollback()
        with transaction():
            count += runs.delete_some(ids)
    return count
