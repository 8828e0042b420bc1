"""Read the countries with many overdue or many exempt officers, for "Needs attention"."""

from collections.abc import Collection
from datetime import date

from app.coordination.domain import late as rules
from app.coordination.domain.late import LateCounts
from app.learning.queries import completion
from app.learning.shapes import LateCell


def exempt_countries(today: date, exact: Collection[str]) -> list[tuple[str, int, int]]:
    """Return the countries with over 10 % of those assigned exempt, with the numbers exempt and assigned.

    `exact`: the countries whose numbers are shown exactly; of the others the bands decide.
    """
    countries = [
        (cell.country, cell.counts.exempt, cell.counts.assigned)
        for cell in completion.cells(today, by=[completion.CellAxis.COUNTRY])
    ]
    return [numbers for numbers in countries if _is_much_exempt(*numbers, is_exact=numbers[0] in exact)]


def _is_much_exempt(_country: str, exempt: int, assigned: int, *, is_exact: bool) -> bool:
    counts = (exempt, assigned) if is_exact else (rules.middle(exempt), rules.middle(assigned))
    return rules.is_much_exempt(*counts)


def many_overdue(today: date, exact: Collection[str]) -> list[LateCell]:
    """Return the cells by country and course that rule 6 fits; `exact` as in `exempt_countries`."""
    return [cell for cell in completion.late(today) if _is_many(cell, is_exact=cell.country in exact)]


def _is_many(cell: LateCell, *, is_exact: bool) -> bool:
    counts = LateCounts(overdue=cell.overdue, due=cell.due)
    decided = counts if is_exact else rules.from_bands(counts)
    return rules.is_many(decided.overdue, decided.due)
