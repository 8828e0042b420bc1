"""Notices about the end of a competency, for `jobs.remind`: four weeks before, then after one and two weeks."""

from datetime import date, timedelta

from app.competence.domain.statuses import DUE_DAYS

MOST = 2  # reminders after the first notice; further ones would be ignored


def reminder_number(until: date, today: date) -> int | None:
    """Return the number of the notice that is due (0, then 1 and 2 for reminders), or None if none is."""
    gone = DUE_DAYS - 1 - (until - today).days
    return min(MOST, gone // 7) if 0 <= gone < DUE_DAYS else None


def last_day(today: date) -> date:
    """Return the latest end of a competency for which a notice is due today."""
    return today + timedelta(days=DUE_DAYS - 1)
