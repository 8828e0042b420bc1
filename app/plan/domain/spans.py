"""Interval arithmetic with inclusive days (union, intersection, difference), and an officer's posting on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FOREVER = date.max
DAY = timedelta(days=1)
Interval = tuple[date, date]


@dataclass(frozen=True, slots=True)
class PostingInterval:
    """A posting of an officer with its first and last day (inclusive; FOREVER: not ended)."""

    country: str
    agency_kind: str
    roles: tuple[str, ...]
    since: date
    until: date = FOREVER

    @property
    def role(self) -> str:
        """Return the role under which the officer counts, so that cells sum to totals."""
        return self.roles[0] if self.roles else ""


def days_later(day: date, days: int) -> date:
    """Return the day that is `days` later, at most FOREVER."""
    return FOREVER if day == FOREVER or (FOREVER - day).days <= days else day + timedelta(days=days)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the union of intervals in order; overlapping and adjacent intervals are merged."""
    joined: list[Interval] = []
    for since, until in sorted(interval for interval in intervals if interval[0] <= interval[1]):
        if joined and since <= days_later(joined[-1][1], 1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined


def common(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    """Return the intersection of two lists of intervals, each in order and without overlaps."""
    result = []
    for since, until in left:
        for other_since, other_until in right:
            both = (max(since, other_since), min(until, other_until))
            if both[0] <= both[1]:
                result.append(both)
    return result


def uncovered(whole: Interval, taken: Sequence[Interval]) -> list[Interval]:
    """Return the days of `whole` outside the `taken` intervals, which are in order and without overlaps."""
    free, start = [], whole[0]
    for since, until in taken:
        if start < since:
            free.append((start, min(since - DAY, whole[1])))
        if until >= whole[1]:
            return free
        start = max(start, until + DAY)
    return [*free, (start, whole[1])] if start <= whole[1] else free


def timeline(postings: Iterable[PostingInterval]) -> list[tuple[Interval, PostingInterval]]:
    """Return the posting of each period; of two postings at the same time, the later one counts."""
    parts = []
    ordered = sorted(postings, key=lambda posting: posting.since)
    for index, posting in enumerate(ordered):
        taken = union((other.since, other.until) for other in ordered[index + 1 :])
        parts += [(interval, posting) for interval in uncovered((posting.since, posting.until), taken)]
    return sorted(parts, key=lambda pair: pair[0])


def served_on(postings: Sequence[PostingInterval], day: date) -> PostingInterval | None:
    """Return the posting of the day, else the nearest one (the newer of two), else None."""
    newest_first = sorted(postings, key=lambda posting: posting.since, reverse=True)
    return min(newest_first, key=lambda posting: _away(posting, day), default=None)


def month_of(day: date) -> int:
    """Return the number of a month: year x 12 + month - 1."""
    return day.year * 12 + day.month - 1


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def ends_month(day: date) -> bool:
    """Return whether a day is the last of its month."""
    return day == FOREVER or (day + DAY).day == 1


def _away(posting: PostingInterval, day: date) -> int:
    if day < posting.since:
        return (posting.since - day).days
    return max(0, (day - posting.until).days)
