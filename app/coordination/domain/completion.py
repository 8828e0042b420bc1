"""How numbers of completion are shown to a coordinator: exact, in bands, or as "1 to 4".

Rules: coordination, section 2.2, numbers of kind P (process) for reader C (coordinator). Officers under threat are in
none of these numbers, see `app.learning.domain.completion`.
"""

import calendar
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import add

from app.learning.domain.completion import CompletionCounts

FEW = 5  # officers; smaller numbers are exact today and at the ends of months only
FIRST_DAY = date(2000, 1, 1)


class CompletionSource(StrEnum):
    """Which assignments a table counts."""

    REQUIRED = "required"
    ASKED = "asked"
    ALL = "all"


class CompletionRows(StrEnum):
    """What the rows of a table are."""

    COUNTRY = "country"
    COURSE = "course"
    ROLE = "role"
    BOTH = "both"  # course and country


class CompletionColumns(StrEnum):
    """What the columns of a table show."""

    COUNTS = "counts"
    SHARE = "share"
    LATE = "late"


class ExportReason(StrEnum):
    """What a working copy is for."""

    MEETING = "meeting"
    PLANNING = "planning"
    FOLLOW_UP = "follow_up"
    CHECK = "check"


class NumberRule(StrEnum):
    """How the numbers of a cell are shown."""

    EXACT = "exact"
    FEW_IN_BAND = "few_in_band"  # 1 to 4 as a band, all others exact
    BANDS = "bands"


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number as it is shown: from `low` to `high`, both the same if it is exact."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        """Return whether the reader sees the number itself."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of a table: the counters of the cells that it sums, and how its numbers are shown."""

    parts: tuple[CompletionCounts, ...]
    rule: NumberRule

    @property
    def counts(self) -> CompletionCounts:
        """Return the exact counters of the cell, for decisions that are not shown."""
        return reduce(add, self.parts, CompletionCounts())

    def number(self, name: str) -> ShownNumber:
        """Return a counter as it is shown; a sum is a band if one of its parts is "1 to 4" beside it."""
        values: list[int] = [getattr(part, name) for part in self.parts]
        if self.rule is NumberRule.FEW_IN_BAND and len(values) > 1:
            has_few = any(0 < value < FEW for value in values)
            return band(sum(values)) if has_few else ShownNumber(sum(values), sum(values))
        return shown(sum(values), self.rule)

    @property
    def shows_few(self) -> bool:
        """Return whether the cell shows a number under five as it is, of officers who have the course."""
        if self.rule is not NumberRule.EXACT:
            return False
        counts = self.counts
        values = [counts.need, counts.completed, counts.overdue]
        values += [counts.recorded, counts.learned] if counts.recorded else []
        return counts.assigned > 0 and any(value < FEW for value in values)


def band(number: int) -> ShownNumber:
    """Return the band of a number: none, 1 to 4, 5 to 9, 10 to 14 and so on."""
    if number == 0:
        return ShownNumber(0, 0)
    low = number // FEW * FEW
    return ShownNumber(max(1, low), low + FEW - 1)


def shown(number: int, rule: NumberRule) -> ShownNumber:
    """Return a number as a rule shows it."""
    in_band = rule is NumberRule.BANDS or (rule is NumberRule.FEW_IN_BAND and number < FEW)
    return band(number) if in_band else ShownNumber(number, number)


def rule_on(day: date, today: date) -> NumberRule:
    """Return how numbers of a day are shown: exact today and on the last day of a month."""
    return NumberRule.EXACT if day == today or is_month_end(day) else NumberRule.FEW_IN_BAND


def is_month_end(day: date) -> bool:
    """Return whether a day is the last one of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def month_ends(today: date, count: int) -> Iterator[date]:
    """Yield the last days of the months before today, the newest first."""
    year, month = today.year, today.month
    for _turn in range(count):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        yield date(year, month, calendar.monthrange(year, month)[1])


def sum_of(cells: Sequence[ShownCell]) -> ShownCell:
    """Return the sum of cells that are shown beside it; it is in bands if one of them is."""
    rules = {cell.rule for cell in cells}
    rule = next(
        (candidate for candidate in (NumberRule.BANDS, NumberRule.FEW_IN_BAND) if candidate in rules), NumberRule.EXACT
    )
    return ShownCell(tuple(part for cell in cells for part in (cell.parts or (CompletionCounts(),))), rule)


def filter_digest(filters: str) -> str:
    """Return the hash of a filter, as it is stored."""
    return hashlib.sha256(filters.encode()).hexdigest()
