"""Single cells as their reader sees them: the tables by country, role and kind of agency.

Officers under threat are left out of every cell and sum that is read outside their country.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _, lazy_gettext, ngettext

from app.catalogue.domain.references.plan import Plan
from app.i18n.babel import joined
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain import bands, cells
from app.plan.domain.cells import HIDDEN, Banded, PlanCell, Published, Shown
from app.plan.domain.definitions import BY_HAND, MEANS, SHARES, StoredDefinition
from app.plan.domain.readers import FigureReader, NumberKind, kind_of
from app.plan.domain.sums import FigureSum
from app.plan.pages.filters import PlanFilter
from app.plan.queries import left_out, outside_tables, published


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTable:
    """A table of cells as its reader sees it; `notes` are sentences below it.

    `joined`: countries with a need under five, their number and their band together. `sum`: of all shown cells.
    """

    day: date
    cells: Mapping[str, Published]
    sum: Published = HIDDEN
    joined_keys: Sequence[str] = ()
    joined: Banded | None = None
    withheld: bool = False
    is_competence: bool = False
    is_of_records: bool = False  # its numbers are of records, of which an officer may have several
    unit: str = "percent"
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def has_under_five(self) -> bool:
        """Return whether a number of fewer than five officers is shown."""
        return any(_is_under_five(cell) for cell in (*self.cells.values(), self.joined))

    def is_under_five(self, key: str) -> bool:
        """Return whether a cell is a number of fewer than five officers."""
        return _is_under_five(self.cells.get(key))

    def text(self, key: str) -> str:
        """Return a cell in words: also why there is no number."""
        cell = self.cells.get(key, HIDDEN)
        if key in self.joined_keys:
            return _("Fewer than 5 officers") if self.is_of_records else _("Fewer than 5 needed")
        if self.is_competence and isinstance(cell, Shown) and not self.is_of_records:
            return _("None needed")
        return published.text(cell, self.unit)


def read(
    plan: Plan,
    defined: StoredDefinition,
    sums: Mapping[str, FigureSum],
    asked: PlanFilter,
    *,
    split: str = "country",
    day: date | None = None,
) -> PlanTable:
    """Return the table of an indicator from the sums of its day, for the reader of the page."""
    day = day or asked.table_day(defined.rule)
    if asked.reader is FigureReader.OWN or not published.about_officers(defined.indicator):
        return _exact(plan, defined, sums, asked, split=split, day=day)
    if defined.rule in MEANS:
        return PlanTable(day=day, cells={}, withheld=True, notes=[str(_NO_MEANS[split])])
    whole = _sums_outside(plan, defined, sums, asked, split=split, day=day)
    if asked.reader is FigureReader.OUTSIDE:
        return _outside(defined, whole, split=split, day=day)
    if kind_of(defined.rule) is NumberKind.COMPETENCE:
        needed = _with_needs(defined, whole, split=split, day=day)
        of_records = defined.rule in published.OFTEN
        return competence(needed, split=split, day=day, is_of_records=of_records)
    return _process(defined, whole, asked, split=split, day=day)


def _sums_outside(
    plan: Plan, defined: StoredDefinition, sums: Mapping[str, FigureSum], asked: PlanFilter, *, split: str, day: date
) -> Mapping[str, FigureSum]:
    """Return the sum of each cell without officers under threat, empty cells too."""
    among = published.countries_counted(defined.rule, asked) if split != "country" else None
    return outside_tables.sums_outside(plan, defined, sums, split=split, day=day, among=among)


def competence(table: Mapping[str, PlanCell], *, split: str, day: date, is_of_records: bool = False) -> PlanTable:
    """Return a table of competence for a coordinator: bands, small needs joined, or withheld as a whole."""
    banded = bands.competence_table(table)
    notes = []
    if banded.withheld:
        notes.append(str(_WITHHELD[split]) % {"n": labels.number(banded.total.n)})
    return PlanTable(
        day=day,
        cells=banded.cells,
        sum=Shown(banded.total.n, banded.total.of),
        joined_keys=banded.joined_keys,
        joined=banded.joined,
        withheld=banded.withheld,
        is_competence=True,
        is_of_records=is_of_records,
        notes=notes,
    )


def joined_name(count: int, split: str, *, is_of_records: bool = False) -> str:
    """Return the name of the row of countries, roles or kinds of agencies with fewer than five officers."""
    if split == "country":
        return ngettext(
            "Countries with fewer than five (%(num)s country)",
            "Countries with fewer than five (%(num)s countries)",
            count,
        )
    if is_of_records:
        return ngettext("Fewer than five officers (%(num)s row)", "Fewer than five officers (%(num)s rows)", count)
    return ngettext("Fewer than five needed (%(num)s row)", "Fewer than five needed (%(num)s rows)", count)


def _exact(
    plan: Plan, defined: StoredDefinition, sums: Mapping[str, FigureSum], asked: PlanFilter, *, split: str, day: date
) -> PlanTable:
    own_sums = _own_sums(plan, defined, sums, asked, split=split)
    if defined.rule in MEANS:
        return _means(defined, own_sums, day)
    table = {key: _cell(defined, total) for key, total in own_sums.items()}
    whole = cells.own_table({"": cells.total_of(table)})[""] if table else HIDDEN
    return PlanTable(day=day, cells=cells.own_table(table), sum=whole)


def _own_sums(
    plan: Plan, defined: StoredDefinition, sums: Mapping[str, FigureSum], asked: PlanFilter, *, split: str
) -> Mapping[str, FigureSum]:
    """Return the sum of each cell of a table, empty ones too; by country, a contact point's own country alone."""
    if asked.own_country and split == "country":
        return {asked.own_country: sums.get(asked.own_country, published.NOTHING)}
    if defined.rule in BY_HAND:  # a country that has not reported has no figure: missing is not zero
        return sums
    return {**dict.fromkeys(published.keys_of(split, defined.indicator, plan), published.NOTHING), **sums}


def _means(defined: StoredDefinition, sums: Mapping[str, FigureSum], day: date) -> PlanTable:
    """Return the means of the own country; a cell without records is hidden."""
    means = {
        key: Shown(None, None, total.numerator / total.denominator) if total.denominator else HIDDEN
        for key, total in sums.items()
    }
    return PlanTable(day=day, cells=means, unit=defined.indicator.unit)


def _cell(defined: StoredDefinition, total: FigureSum, people: int | None = None) -> PlanCell:
    return published.cell_of(defined.indicator, total, people)


def _outside(defined: StoredDefinition, whole: Mapping[str, FigureSum], *, split: str, day: date) -> PlanTable:
    table = outside_tables.published_cells(defined, whole, split=split, day=day)
    return PlanTable(day=day, cells=table.cells, sum=table.sum)


def _process(
    defined: StoredDefinition, whole: Mapping[str, FigureSum], asked: PlanFilter, *, split: str, day: date
) -> PlanTable:
    """Return process counts for a coordinator: countries without consent in bands, and left out of the sum."""
    table = {key: _cell(defined, total) for key, total in whole.items()}
    without = table.keys() - left_out.agreed_countries() if split == "country" else frozenset()
    shown = bands.process_table(table, banded=without, exact=asked.exact)
    notes = [without_text(without)] if without else []
    return PlanTable(day=day, cells=shown, sum=_sum_of(table, shown, without), notes=notes)


def _sum_of(table: Mapping[str, PlanCell], shown: Mapping[str, Published], without: Collection[str]) -> Published:
    """Return the exact sum of countries with consent, hidden where it would tell a band."""
    summed = {key: cell for key, cell in table.items() if key not in without}
    has_bands = any(isinstance(shown[key], Banded) for key in summed)
    return HIDDEN if has_bands else cells.own_table({"": cells.total_of(summed)})[""]


def without_text(countries: Collection[str]) -> str:
    """Return which countries the sum leaves out."""
    names = joined([country_name(key) for key in labels.in_alphabet(countries)])
    return _("Without %(countries)s: no consent to exact counts.", countries=names)


def _with_needs(
    defined: StoredDefinition, whole: Mapping[str, FigureSum], *, split: str, day: date
) -> dict[str, PlanCell]:
    """Return cells with the officers who need the competencies, from postings if the rule has no denominator.

    Of results: with their records, and the officers who have them.
    """
    if defined.rule in published.OFTEN:
        return outside_tables.plan_cells(defined, whole, split=split, day=day)
    if defined.rule in SHARES:
        return {key: _cell(defined, total) for key, total in whole.items()}
    needs = left_out.needs(defined, day, split)
    return {
        key: PlanCell(round(total.numerator), needs.get(key, 0))
        for key, total in {**dict.fromkeys(needs, published.NOTHING), **whole}.items()
    }


def _is_under_five(cell: Published | None) -> bool:
    if isinstance(cell, Shown):
        return cell.n is not None and 0 < cell.n < cells.MIN_GROUP
    return isinstance(cell, Banded) and 0 < cell.low < cells.MIN_GROUP


_NO_MEANS = {
    "country": lazy_gettext("Means of single countries are not shown. The figure is of all countries together."),
    "role": lazy_gettext("Means of single roles are not shown. The figure is of all roles together."),
    "agency_kind": lazy_gettext("Means of single agencies are not shown. The figure is of all agencies together."),
}
_WITHHELD = {
    "country": lazy_gettext("%(n)s in all countries together. Too close to none or all to show by country."),
    "role": lazy_gettext("%(n)s in all countries together. Too close to none or all to show by role."),
    "agency_kind": lazy_gettext("%(n)s in all countries together. Too close to none or all to show by agency."),
}
