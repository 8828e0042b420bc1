"""How long the detail of what people did is kept: until 24 months after the plan's period; then the result alone stays.

Detail is the answers, marks and choices of ended activities; the result is the activity, its time, the number of
attempts and the outcome.
Of what was never ended the answers and choices of that time go; there is no result.
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
    """UTC days in a row, both included."""

    since: date
    until: date

    @property
    def begins(self) -> datetime:
        """Return when the first day begins."""
        return datetime.combine(self.since, time.min, UTC)

    @property
    def ends(self) -> datetime:
        """Return when the last day is over."""
        return datetime.combine(self.until + DAY, time.min, UTC)

    def holds(self, at: datetime) -> bool:
        """Return whether a time is within these days."""
        return self.begins <= at < self.ends


def period_of(periods: Sequence[PlanPeriod], day: date) -> PlanPeriod | None:
    """Return the period that a day belongs to; `periods` are those of all versions of the plan, the oldest first.

    The newest version that holds the day decides, so that a plan that is extended takes along what was done in it.
    A day that none holds belongs to the next period to begin: what was done before a plan, or between two, is kept as
    long as what it led to. After the last period there is none until a plan is loaded, and without a plan there is
    none at all: what is removed never comes back, so nothing is removed that no plan gives an end to.
    """
    holding = [period for period in periods if period.starts <= day <= period.ends]
    if holding:
        return holding[-1]
    coming = [period for period in reversed(periods) if day < period.starts <= period.ends]
    return min(coming, key=lambda period: period.starts, default=None)


def gone_from(periods: Sequence[PlanPeriod], day: date) -> date | None:
    """Return the first day without the detail of what ended on a day; None while no plan says so."""
    period = period_of(periods, day)
    return None if period is None or period.ends > _LAST else _months_later(period.ends) + DAY


def over(periods: Sequence[PlanPeriod], today: date) -> tuple[Days, ...]:
    """Return the days whose detail has expired today, as ranges in order, joined where they touch."""
    runs: list[Days] = []
    for since, following in pairwise(_first_days(periods)):
        gone = gone_from(periods, since)
        if gone is None or gone > today:
            continue
        if runs and runs[-1].until + DAY == since:
            since = runs.pop().since  # noqa: PLW2901 - one stretch
        runs.append(Days(since, following - DAY))
    return tuple(runs)


def _first_days(periods: Sequence[PlanPeriod]) -> list[date]:
    """Return the days on which another period may begin to decide, in order.

    The day after the last one belongs to no period, or to a period without an end.
    """
    starts = {period.starts for period in periods}
    return sorted({date.min, *starts, *(period.ends + DAY for period in periods if period.ends <= _LAST)})


def _months_later(day: date) -> date:
    """Return the day so many months later, or the last one of that month."""
    months = day.year * 12 + day.month - 1 + MONTHS
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
