"""Results of a course by country, published by the rule for figures across borders.

A country is shown only with at least 5 people in each of two groups: those who finished, and the others. Counts are
rounded to fives, shares to 5 % from 25 people on. The exact totals are shown elsewhere: if they leave too few values
possible for a country that is not shown, no country is shown. What is shown depends on published numbers alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.plan.domain.cells import MIN_GROUP, in_steps

STEP = 5
LEAST_FOR_SHARE = 25
LEAST_POSSIBLE = 3  # values of a hidden number
MOST_VARIED = 3  # shown cells that are taken with each of their possible values


@dataclass(frozen=True, slots=True)
class Cell:
    """`n` of `of` people in a country."""

    n: int
    of: int

    @property
    def is_large(self) -> bool:
        """Return whether both groups have at least 5 people."""
        return min(self.n, self.of - self.n) >= MIN_GROUP


@dataclass(frozen=True, slots=True)
class RoundedCell:
    """A published cell, rounded to fives; `percent` in steps of 5, None if there are fewer than 25 people."""

    n: int
    of: int
    percent: int | None


def published_countries(cells: Mapping[str, Cell]) -> dict[str, RoundedCell]:
    """Return the countries that may be shown; `cells` has all countries, also those without people."""
    shown = {country: rounded(cell) for country, cell in sorted(cells.items()) if cell.is_large}
    total = Cell(sum(cell.n for cell in cells.values()), sum(cell.of for cell in cells.values()))
    hidden = len(cells) - len(shown)
    return shown if hidden == 0 or _is_ambiguous(_hidden_sums(total, shown.values()), hidden) else {}


def rounded(cell: Cell) -> RoundedCell:
    """Return a cell as it is published."""
    percent = in_steps(cell.n, cell.of) if cell.of >= LEAST_FOR_SHARE else None
    return RoundedCell(STEP * round(cell.n / STEP), STEP * round(cell.of / STEP), percent)


def _hidden_sums(total: Cell, shown: Iterable[RoundedCell]) -> list[Cell]:
    """Return sums that the hidden cells may have, as far as the total and the shown cells reveal."""
    sums = {total}
    for index, published in enumerate(shown):
        # a few cells give enough sums, and fewer sums only hide more
        alike = _candidates(published)[: None if index < MOST_VARIED else 1]
        sums = {Cell(rest.n - cell.n, rest.of - cell.of) for rest in sums for cell in alike}
    return sorted((cell for cell in sums if 0 <= cell.n <= cell.of), key=lambda cell: (cell.of, cell.n))


def _candidates(published: RoundedCell) -> list[Cell]:
    """Return each cell that would be published in the same way."""
    spread = range(-(STEP // 2), STEP // 2 + 1)
    cells = (Cell(published.n + n, published.of + of) for n in spread for of in spread)
    return [cell for cell in cells if cell.is_large and rounded(cell) == published]


def _is_ambiguous(sums: Iterable[Cell], hidden: int) -> bool:
    """Return whether each hidden cell may have three numbers of people, and three of those who finished."""
    counts, people = set(), set()
    for cell in _possible_cells(sums, hidden):
        counts.add(cell.n)
        people.add(cell.of)
        if min(len(counts), len(people)) >= LEAST_POSSIBLE:
            return True
    return False


def _possible_cells(sums: Iterable[Cell], hidden: int) -> Iterator[Cell]:
    """Yield the values of a hidden cell; more than two small cells can have any sum, two or one cannot."""
    for whole in sums:
        if hidden == 1 and not whole.is_large:
            yield whole
        elif hidden > 1:
            yield from (cell for cell in _cells_within(whole) if _fits(whole, cell, hidden))


def _cells_within(whole: Cell) -> Iterator[Cell]:
    """Yield the small cells that are at most as large as another cell."""
    for of in range(whole.of + 1):
        cells = (Cell(n, of) for n in range(min(of, whole.n) + 1))
        yield from (cell for cell in cells if not cell.is_large)


def _fits(whole: Cell, cell: Cell, hidden: int) -> bool:
    rest = Cell(whole.n - cell.n, whole.of - cell.of)
    return 0 <= rest.n <= rest.of and (hidden > 2 or not rest.is_large)
