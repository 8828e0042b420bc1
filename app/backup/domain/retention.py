"""Which backups are kept: all of the last two days, then the newest of each day, week and month."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

RECENT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Keep:
    """Numbers of days, weeks and months for which the newest backup is kept. Periods without a backup do not count."""

    days: int
    weeks: int
    months: int


def kept(made_at: Collection[datetime], now: datetime, keep: Keep) -> frozenset[datetime]:
    """Return the backups to keep; the newest one is always among them. Periods are those of UTC, weeks of ISO 8601."""
    newest_first = sorted(made_at, reverse=True)
    result = {moment for moment in newest_first if moment > now - RECENT}
    result.update(newest_first[:1])
    for periods, number in ((_day, keep.days), (_week, keep.weeks), (_month, keep.months)):
        result.update(_newest_of_periods(newest_first, periods, number))
    return frozenset(result)


def _newest_of_periods(
    newest_first: Collection[datetime], period: Callable[[datetime], Hashable], number: int
) -> Collection[datetime]:
    newest: dict[Hashable, datetime] = {}
    for moment in newest_first:
        newest.setdefault(period(moment), moment)
    return list(newest.values())[:number]


def _day(moment: datetime) -> Hashable:
    return moment.date()


def _week(moment: datetime) -> Hashable:
    return moment.isocalendar()[:2]


def _month(moment: datetime) -> Hashable:
    return moment.year, moment.month
