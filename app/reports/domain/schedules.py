"""Rules of schedules: the day after the end of a period, recipients, forms."""

from datetime import date, timedelta
from enum import StrEnum

from app.kernel.errors import DomainError
from app.plan.domain.cells import published_day, quarter_end

MOST_RECIPIENTS = 20


class SchedulePeriod(StrEnum):
    """How often a report is made."""

    QUARTERLY = "quarterly"
    MONTHLY = "monthly"  # as of the last quarter end: reports have no other days


def next_day(period: SchedulePeriod, today: date) -> date:
    """Return the first day after the end of the current quarter or month."""
    if period is SchedulePeriod.QUARTERLY:
        return quarter_end(today) + timedelta(days=1)
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1)


def report_period(day: date) -> date:
    """Return the quarter end that a report made on a day is about."""
    return published_day(day - timedelta(days=1))


def check_recipients(count: int) -> None:
    """Raise DomainError without a recipient, or for more than 20."""
    if not 0 < count <= MOST_RECIPIENTS:
        raise DomainError("Choose 1 to 20 recipients.")
