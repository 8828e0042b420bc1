"""Handing in for those whose time is over: a closed browser loses nothing."""

import logging

from app.db.session import transaction
from app.kernel import clock
from app.quizzes import queries, service

BATCH = 500
log = logging.getLogger("academy")


def hand_in_due() -> int:
    """End attempts whose time is over, each in a transaction of its own; return how many this run ended.

    One that cannot be ended stops no other; the run then fails at its end, for all to see.
    """
    ended, failed = 0, 0
    for attempt in queries.ended_due(clock.now(), BATCH):
        try:
            with transaction():
                ended += service.end_by_time(attempt, clock.now())
        except Exception as error:
            failed += 1
            log.error("attempt not ended", extra={"kind": type(error).__name__})  # noqa: TRY400
    if failed:
        raise RuntimeError(f"{failed} attempts could not be ended")
    return ended
