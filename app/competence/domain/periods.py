"""Validity periods with inclusive days: merge them, include higher levels, and cut them by postings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import LEVELS

DAY = timedelta(days=1)
EVERY = "*"  # in the place of a role: all of them together


@dataclass(frozen=True, slots=True, order=True)
class ValidityPeriod:
    """Days from `since` to `until`, both of them included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class PostedPeriod:
    """A period, and the posting in which it counts."""

    since: date
    until: date
    country: str
    agency_id: UUID
    role: str


class PostingDays(Protocol):
    """A posting as this module needs it; `until` None: it has not ended."""

    @property
    def country(self) -> str: ...
    @property
    def agency_id(self) -> UUID: ...
    @property
    def role(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


P = TypeVar("P", bound=PostingDays)


def month_of(day: date) -> int:
    """Return the number of a day's month."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    """Return the first day of a month by its number."""
    return date(month // 12, month % 12 + 1, 1)


def merged_periods(spans: Iterable[ValidityPeriod]) -> list[ValidityPeriod]:
    """Return the union of periods, in order; periods that touch are merged."""
    result: list[ValidityPeriod] = []
    for span in sorted(spans):
        if result and span.since <= result[-1].until + DAY:
            result[-1] = ValidityPeriod(result[-1].since, max(result[-1].until, span.until))
        else:
            result.append(span)
    return result


def periods_before(spans: Iterable[ValidityPeriod], day: date) -> list[ValidityPeriod]:
    """Return the parts of these periods before a day."""
    return [ValidityPeriod(span.since, min(span.until, day - DAY)) for span in spans if span.since < day]


def from_day(since: date | None, until: date | None, day: date) -> list[ValidityPeriod]:
    """Return the period of a verification from a day on: none if it ended before, or never began."""
    if since is None or until is None or until < max(since, day):
        return []
    return [ValidityPeriod(max(since, day), until)]


def periods_by_level(raw: Mapping[Level, Sequence[ValidityPeriod]]) -> dict[Level, list[ValidityPeriod]]:
    """Return for each level the periods in which it or a higher level was valid."""
    levels: dict[Level, list[ValidityPeriod]] = {}
    above: list[ValidityPeriod] = []
    for level in reversed(LEVELS):
        above = merged_periods([*above, *raw.get(level, ())])
        levels[level] = above
    return levels


def periods_by_posting(spans: Sequence[ValidityPeriod], postings: Sequence[PostingDays]) -> list[PostedPeriod]:
    """Return the periods cut by postings (in order of their first days), each part with its posting.

    Days before the first posting count in it; later days without a posting count nowhere.
    """
    parts = []
    for span in spans:
        for index, posting in enumerate(postings):
            since = span.since if index == 0 else max(span.since, posting.since)
            until = min(span.until, _last_day(postings, index) or span.until)
            if since <= until:
                parts.append(PostedPeriod(since, until, posting.country, posting.agency_id, posting.role))
    return parts


def _last_day(postings: Sequence[PostingDays], index: int) -> date | None:
    ends = [] if index + 1 == len(postings) else [postings[index + 1].since - DAY]
    return min([*ends, *filter(None, [postings[index].until])], default=None)
