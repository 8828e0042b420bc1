"""When an officer is told that a competency ends: four weeks before, and again after one and two weeks."""

from datetime import date, timedelta

from app.competence.domain.statuses import DUE_DAYS

MOST = 2  # reminders after the first word (capacity measure, section 7)


def turn(until: date, today: date) -> int | None:
    """Return which word is due: 0 for the first, 1 and 2 for the reminders; None before and after that time."""
    gone = DUE_DAYS - 1 - (until - today).days
    return min(MOST, gone // 7) if 0 <= gone < DUE_DAYS else None


def last_day(today: date) -> date:
    """Return the last of the days that are looked at from today on."""
    return today + timedelta(days=DUE_DAYS - 1)
