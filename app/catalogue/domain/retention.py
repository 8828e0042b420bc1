"""Compute the days whose detailed results have expired: 24 months after the end of the plan's period.

Details are the answers, marks and choices of ended activities; the result (activity, time, number of attempts,
outcome) is not deleted. Unfinished activities lose the answers and choices of that time; they have no result.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from app.catalogue.domain.references.plan import PlanPeriod

MONTHS = 24
DAY = timedelta(days=1)
_LAST = date(9990, 12, 31)  # a period that ends later has no end: nothing can be counted from there


@dataclass(frozen=True, slots=True)
class Days:
    """A range of UTC days, both ends included."""

    since: date
    until: date

    @property
    def begins(self) -> datetime:
        """Return the beginning of the first day."""
        return datetime.combine(self.since, time.min, UTC)

    @property
    def ends(self) -> datetime:
        """Return the end of the last day, which is the beginning of the next one."""
        return datetime.combine(self.until + DAY, time.min, UTC)

    def holds(self, at: datetime) -> bool:
        """Return whether a time is within the range."""
        return self.begins <= at < self.ends


def period_of(periods: Sequence[PlanPeriod], day: date) -> PlanPeriod | None:
    """Return the plan period of a day; `periods` are those of all versions of the plan, the oldest first.

    The newest version that contains the day decides, so an extended plan extends the retention of earlier days.
    A day in no period belongs to the next one that begins, because the activities of that time led up to it. After
    the last period, and without a plan, the result is None: deletion cannot be undone, so nothing is deleted.
    """
    holding = [period for period in periods if period.starts <= day <= period.ends]
    if holding:
        return holding[-1]
    coming = [period for period in reversed(periods) if day < period.starts <= period.ends]
    return min(coming, key=lambda period: period.starts, default=None)


def gone_from(periods: Sequence[PlanPeriod], day: date) -> date | None:
    """Return the first day without the details of activities that ended on a day; None without a period."""
    period = period_of(periods, day)
    return None if period is None or period.ends > _LAST else _months_later(period.ends) + DAY


def expired_days(periods: Sequence[PlanPeriod], today: date) -> tuple[Days, ...]:
    """Return the days whose detail has expired today, as ranges in order, joined where they touch."""
    runs: list[Days] = []
    for since, following in pairwise(_first_days(periods)):
        gone = gone_from(periods, since)
        if gone is None or gone > today:
            continue
        if runs and runs[-1].until + DAY == since:
            since = runs.pop().since  # noqa: PLW2901 - one range
        runs.append(Days(since, following - DAY))
    return tuple(runs)


def _first_days(periods: Sequence[PlanPeriod]) -> list[date]:
    """Return the days from which another period may apply, in order.

    The day after the last one belongs to no period, or to a period without an end.
    """
    starts = {period.starts for period in periods}
    return sorted({date.min, *starts, *(period.ends + DAY for period in periods if period.ends <= _LAST)})


def _months_later(day: date) -> date:
    """Return the same day 24 months later, or the last day of that month."""
    months = day.year * 12 + day.month - 1 + MONTHS
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
