"""Rules of automatic notices about a course with a date: 7 days before and 1 day after (`coordination.md` 3.1)."""

from datetime import date, timedelta
from enum import StrEnum

BEFORE, AFTER = timedelta(days=7), timedelta(days=1)
LATEST_AFTER = timedelta(days=7)  # then others act; a stopped job catches up until here


class DueNotice(StrEnum):
    """Which of the two notices about a date an officer gets; the values are stored."""

    BEFORE = "before"
    AFTER = "after"


def days_of_notices(today: date) -> tuple[date, date]:
    """Return the first and the last date about which a notice may be sent today."""
    return today - LATEST_AFTER, today + BEFORE


def notice_of(due_on: date, today: date) -> DueNotice | None:
    """Return the notice about a date that is to be sent by today, or None."""
    if today <= due_on <= today + BEFORE:
        return DueNotice.BEFORE
    return DueNotice.AFTER if today - LATEST_AFTER <= due_on <= today - AFTER else None
