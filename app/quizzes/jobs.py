"""Jobs: hand in attempts at the end of time, grade again after corrected keys, delete old answers and counts."""

import logging
from collections.abc import Sequence
from datetime import datetime

from app.catalogue.domain.retention import Days
from app.catalogue.queries import courses as catalogue, versions
from app.db.session import db, transaction
from app.kernel import clock
from app.quizzes import queries
from app.quizzes.domain.saves import minute_of
from app.quizzes.queries import corrections
from app.quizzes.queries.peer_marking import written_within
from app.quizzes.service import attempts, peer_marking, regrading, retention, store

BATCH = 500
PORTION = 100  # attempts or answers in one transaction: a save in the meantime waits a twentieth of a second
log = logging.getLogger("academy")


def hand_in_due() -> int:
    """End attempts whose time is over, each in its own transaction; return how many this run ended.

    An attempt that fails does not stop the others; the job then fails at its end with RuntimeError.
    """
    ended, failed = 0, 0
    for attempt in queries.ended_due(clock.now(), BATCH):
        try:
            with transaction():
                ended += attempts.end_by_time(attempt, clock.now())
        except Exception as error:
            failed += 1
            log.error("attempt not ended", extra={"kind": type(error).__name__})  # noqa: TRY400
    if failed:
        raise RuntimeError(f"{failed} attempts could not be ended")
    return ended


def regrade() -> int:
    """Grade attempts again whose keys were corrected, each in its own transaction; return how many scores changed."""
    changed = 0
    for correction in corrections.waiting():
        after = 0
        while page := corrections.concerned(correction, after=after, limit=PORTION):
            db.session.rollback()  # give the read snapshot back: what follows writes
            for _row_id, attempt in page:
                with transaction():
                    changed += regrading.regrade(attempt, correction, clock.now())
            after = page[-1][0]
        with transaction():
            regrading.finish(correction, clock.now())
    db.session.rollback()
    return changed


def reduce_old() -> int:
    """Reduce attempts to their results after the retention period, in portions; return how many.

    Attempts that were never handed in lose the answers of that time.
    """
    outlived = catalogue.expired_days(clock.today())
    reduced = sum(_empty_open(days) for days in outlived)
    for course_id in versions.course_ids() if outlived else ():
        for days in outlived:
            since = days.begins
            while rows := retention.expired_attempts(course_id, days, since=since, limit=PORTION):
                with transaction():
                    reduced += retention.reduce([row_id for row_id, _ended_at in rows], clock.now())
                since = rows[-1][1]
    db.session.rollback()  # give the read snapshot back
    return reduced


def delete_counts() -> int:
    """Delete the rate limit counts of past minutes; return how many."""
    with transaction():
        return store.delete_counts(minute_of(clock.real_now()))


def _empty_open(days: Days) -> int:
    emptied, after = 0, 0
    while row_ids := retention.left_open(days, after=after, limit=PORTION):
        with transaction():
            emptied += retention.take_answers(row_ids, days, clock.now())
        after = row_ids[-1]
    return emptied


def delete_practice() -> int:
    """Delete practice answers and requests to colleagues after the retention period, in portions; return how many."""
    outlived, forgotten, after = catalogue.expired_days(clock.today()), 0, 0
    while outlived and (page := retention.practice(after, PORTION)):
        forgotten += _delete_old_practice(page, outlived)
        if all(at >= outlived[-1].ends for _row_id, at in page):
            break  # and so are all that came behind them
        after = page[-1][0]
    while requests := written_within(outlived, PORTION):
        with transaction():
            forgotten += peer_marking.delete_requests(requests, clock.now())
    db.session.rollback()
    return forgotten


def _delete_old_practice(page: Sequence[tuple[int, datetime]], outlived: Sequence[Days]) -> int:
    old = [row_id for row_id, at in page if any(days.holds(at) for days in outlived)]
    if not old:
        return 0
    with transaction():
        return retention.delete_practice(old, clock.now())
