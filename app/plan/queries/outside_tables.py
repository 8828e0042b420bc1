"""Tables of officers by country, role or kind of agency as they are published outside, and in reports (rule O)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.plan.domain import cells
from app.plan.domain.cells import HIDDEN, PlanCell, Published
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.sums import FigureSum
from app.plan.queries import left_out, published


@dataclass(frozen=True, slots=True)
class OutsideTable:
    """The published cells of a table and their sum."""

    cells: Mapping[str, Published]
    sum: Published


def sums_outside(
    plan: Plan,
    defined: StoredDefinition,
    sums: Mapping[str, FigureSum],
    *,
    split: str,
    day: date,
    among: Collection[str] | None = None,
) -> Mapping[str, FigureSum]:
    """Return the sum of each cell without officers under threat, empty cells too; `among`: only of these countries."""
    counted = left_out.without_protected(defined, sums, split=split, day=day, among=among)
    keys = dict.fromkeys(published.keys_of(split, defined.indicator, plan), published.NOTHING)
    return {**keys, **counted}


def published_cells(
    defined: StoredDefinition, whole: Mapping[str, FigureSum], *, split: str, day: date
) -> OutsideTable:
    """Return the cells of a whole table, and their sum, as published outside."""
    table = plan_cells(defined, whole, split=split, day=day)
    return OutsideTable(cells.outside_table(table), cells.outside_total(cells.total_of(table)) if table else HIDDEN)


def outside_texts(counts: Mapping[str, tuple[int, int, int]]) -> dict[str, str]:
    """Return n of all by country, with the officers that they are about, in words as published outside."""
    plan = catalogue.plan()
    missing = dict.fromkeys(published.members(plan) if plan else (), (0, 0, 0))
    table = {country: PlanCell(*count) for country, count in {**missing, **counts}.items()}
    return {country: published.text(cell) for country, cell in cells.outside_table(table).items()}


def plan_cells(
    defined: StoredDefinition, whole: Mapping[str, FigureSum], *, split: str, day: date
) -> dict[str, PlanCell]:
    """Return the cells of a table, with their officers if one may count more than once."""
    people = _people(defined, whole, split, day) if defined.rule in published.OFTEN else {}
    return {key: published.cell_of(defined.indicator, total, people.get(key)) for key, total in whole.items()}


def _people(defined: StoredDefinition, whole: Mapping[str, FigureSum], split: str, day: date) -> dict[str, int]:
    """Return the officers of the cells in which one may count more than once, except large cells."""
    small = {key: total for key, total in whole.items() if total.denominator < published.MANY}
    counted = left_out.officers(defined, day, split, {key for key, total in small.items() if total.denominator > 0})
    return {key: counted.get(key, 0) for key in small}
