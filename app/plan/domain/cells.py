"""What readers outside a country see of its officers: which cells are suppressed, which are rounded to fives.

Primary: a cell is hidden if it or the rest of its denominator is under 5 officers, also if zero. Secondary: the next
smallest cell and all of its size, until each hidden cell has at least two possible values. Numbers that are shown are
rounded to fives, shares to 5 percent from 25 officers on. Each would be published alike: knowing the rule and its
inputs reveals no cell. Officers under threat are left out before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

MIN_GROUP = 5  # officers; in a smaller cell a reader of another country could recognise an officer
MIN_SHARE = 25  # officers of whom a share is shown
STEP = 5  # officers, and percent of shares


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A number, or `n` of `of`; `people` is the number of officers if one officer may count more than once."""

    n: int
    of: int | None = None
    people: int | None = None

    @property
    def size(self) -> int:
        """Return the size of the smallest group of officers that the cell would reveal.

        The groups are `n`, the others (`of` - `n`), and `people`, or half of them if the cell has both groups.
        """
        groups = [self.n]
        if self.of is not None:
            groups.append(self.of - self.n)
        if self.people is not None:
            groups.append(self.people // 2 if self.of is not None else self.people)
        return min(groups)

    @property
    def small(self) -> bool:
        """Return whether the cell is hidden by primary suppression."""
        return self.size < MIN_GROUP

    def __sub__(self, other: "PlanCell") -> "PlanCell":
        """Return the cell without a part of it."""
        of = self.of - (other.of or 0) if self.of is not None else None
        people = self.people - (other.people or 0) if self.people is not None else None
        return PlanCell(self.n - other.n, of, people)


@dataclass(frozen=True, slots=True)
class Shown:
    """A published cell; `n` and `of` are None where only the rounded `percent` is shown."""

    n: int | None
    of: int | None = None
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Banded:
    """A number between two ends, both inclusive, of a need (None: unknown)."""

    low: int
    high: int
    need: int | None

    @property
    def middle(self) -> float:
        """Return the middle of the band: all that a status beside it may be computed from."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Hidden:
    """A suppressed cell: it is small (primary), or would reveal a small cell (secondary)."""


HIDDEN = Hidden()
Published = Shown | Banded | Hidden


def own_table(cells: Mapping[str, PlanCell]) -> dict[str, Published]:
    """Return the cells of the reader's own country, or cells that count no officers: exact."""
    return {key: _exact(cell) for key, cell in cells.items()}


def outside_table(cells: Mapping[str, PlanCell]) -> dict[str, Published]:
    """Return the cells as published outside; `cells` contains all cells of the table, also empty ones.

    All cells have a denominator, or none has.
    """
    hidden = _hidden(cells)
    return {key: HIDDEN if key in hidden else _rounded(cell) for key, cell in cells.items()}


def total_of(cells: Mapping[str, PlanCell]) -> PlanCell:
    """Return the sum of a table."""
    parts = list(cells.values())
    return PlanCell(
        n=sum(cell.n for cell in parts),
        of=_sum_of([cell.of for cell in parts]),
        people=_sum_of([cell.people for cell in parts]),
    )


def _sum_of(numbers: Sequence[int | None]) -> int | None:
    """Return the sum of the numbers that exist, or None without any."""
    existing = [number for number in numbers if number is not None]
    return sum(existing) if existing else None


def outside_total(total: PlanCell, *, own: PlanCell | None = None) -> Published:
    """Return the community's number as published outside; `own` is the part that the reader sees exactly.

    Hidden if the number without `own` is under 5 officers; only the rounded share if the others of the denominator are
    as few.
    """
    rest = total - own if own else total
    if _is_below(rest.n, MIN_GROUP) or _is_below(rest.people, MIN_GROUP):
        return HIDDEN
    missing = None if rest.of is None else rest.of - rest.n
    if not _is_below(missing, MIN_GROUP):
        return _rounded(total)
    percent = _share(total)
    return HIDDEN if percent is None else Shown(None, None, percent)


def _is_below(number: int | None, fewest: int) -> bool:
    return number is not None and number < fewest


def change(before: float, after: float) -> float | None:
    """Return the change of a number of officers between two published days, or None if it is under 5."""
    return None if abs(after - before) < MIN_GROUP else after - before


def published_day(day: date) -> date:
    """Return the last quarter end up to a day: cells across borders are published for such days only."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    end = quarter_end(day)
    return end if day == end else first - timedelta(1)


def quarter_end(day: date) -> date:
    """Return the last day of the quarter that a day is in."""
    month = 3 * ((day.month - 1) // 3) + 4
    return (date(day.year, month, 1) if month <= 12 else date(day.year + 1, 1, 1)) - timedelta(1)


def quarter_ends(day: date, count: int) -> list[date]:
    """Return the last quarter ends up to a day, the oldest first."""
    ends = [published_day(day)]
    while len(ends) < count:
        ends.append(published_day(ends[-1] - timedelta(1)))
    return ends[::-1]


def rounded(number: float) -> int:
    """Return a number of officers, or a mean, rounded to fives."""
    return STEP * floor(number / STEP + 0.5)


def in_steps(n: float, of: float) -> int:
    """Return `n` of `of` in percent, rounded to steps of five; 0 without a denominator."""
    return STEP * int(100 * n / of / STEP + 0.5) if of else 0


def _hidden(cells: Mapping[str, PlanCell]) -> frozenset[str]:
    if not cells or total_of(cells).small:
        return frozenset(cells)
    ordered = sorted(cells, key=lambda key: (not cells[key].small, cells[key].size))
    small = sum(cell.small for cell in cells.values())
    if small == 0:
        return frozenset()
    sizes = [cells[key].size for key in ordered]
    return frozenset(ordered[: _count_hidden(sizes, small, ratios=_has_ratios(cells))])


def _count_hidden(sizes: list[int], small: int, *, ratios: bool) -> int:
    """Return the number of hidden cells, the smallest first: `small` cells (primary), then others (secondary)."""
    count = small
    while count < len(sizes):
        count = _with_equals(sizes, count)
        if ratios or count == len(sizes) or _is_ambiguous(count, sum(sizes[:count]), sizes[count]):
            break
    return count


def _has_ratios(cells: Mapping[str, PlanCell]) -> bool:
    """Return whether any cell has a denominator or counts people apart."""
    return any(cell.of is not None or cell.people is not None for cell in cells.values())


def _with_equals(sizes: list[int], count: int) -> int:
    """Return the number of hidden cells with the next smallest one and all others of its size."""
    # cells of equal size are hidden together: which of them are hidden must not depend on the order of keys
    return count + sum(size <= sizes[count] for size in sizes[count:])


def _is_ambiguous(count: int, total: int, shown: int) -> bool:
    """Return whether the largest hidden cell has at least two possible values, by the numbers that are public.

    `count` hidden cells sum to `total`: one is 5 to `shown` - 1 (`shown`: smallest shown cell), the others 0 to 4.
    """
    most = MIN_GROUP - 1
    return min(shown - 1, total) - max(MIN_GROUP, total - most * (count - 1)) >= 1


def _exact(cell: PlanCell) -> Shown:
    return Shown(cell.n, cell.of, 100 * cell.n / cell.of if cell.of else None)


def _rounded(cell: PlanCell) -> Shown:
    """Return a cell in fives, of a ratio from 25 officers on the share alone: both together would narrow each other."""
    percent = _share(cell)
    if percent is not None:
        return Shown(None, None, percent)
    return Shown(rounded(cell.n), None if cell.of is None else rounded(cell.of))


def _share(cell: PlanCell) -> float | None:
    return float(in_steps(cell.n, cell.of)) if cell.of is not None and cell.of >= MIN_SHARE else None
