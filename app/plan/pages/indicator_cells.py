"""The tables of `/plan/indicators/<code>`: its figures by country, kind of agency and role, with needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.cells import HIDDEN, Banded, Published, Shown
from app.plan.pages import tables as plan_tables
from app.plan.pages.filters import PlanFilter
from app.plan.pages.tables import PlanTable
from app.plan.queries import published
from app.plan.queries.need_texts import NeedTexts
from app.web.table_files import Value

Split = tuple[str, PlanTable]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """The figure of a country, kind of agency or role; `text` is "" if it is not shown, `number` is for a file."""

    label: str
    text: str
    number: Value
    href: str
    country_href: str
    key: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTable:
    """The figures by country, kind of agency or role; `total` is empty if they have no sum.

    `withheld`: a note replaces the rows.
    """

    name: str
    title: str
    day: date
    rows: Sequence[CellRow]
    total: str
    withheld: bool
    has_under_five: bool
    notes: Sequence[str]
    heads: tuple[str, str] = ("", "")  # of its columns, if they are others

    @property
    def has_needs(self) -> bool:
        """Return whether a row has a need."""
        return any(row.need for row in self.rows)

    @property
    def has_hidden(self) -> bool:
        """Return whether a cell is not shown."""
        return not all(row.text for row in self.rows)

    @property
    def all_hidden(self) -> bool:
        """Return whether there are cells and none is shown."""
        return bool(self.rows) and not any(row.text for row in self.rows)


def cells_of(
    splits: Sequence[Split], indicator: Indicator, asked: PlanFilter, needs: NeedTexts | None, *, opens_rows: bool
) -> list[CellTable]:
    """Return the tables by country, kind of agency and role; countries with their needs, if it counts officers."""
    tables = [_table(name, table, indicator, asked, opens_rows) for name, table in splits]
    if needs is None:
        return tables
    by_name = dict(splits)
    return [
        replace(table, rows=_with_needs(table.rows, by_name["country"], indicator, needs))
        if table.name == "country"
        else table
        for table in tables
    ]


def _with_needs(rows: Sequence[CellRow], table: PlanTable, indicator: Indicator, needs: NeedTexts) -> list[CellRow]:
    """Return the rows of countries with their need; a joined row has none."""
    return [
        replace(row, need=needs.text(indicator, row.key, table.cells.get(row.key, HIDDEN))) if row.key else row
        for row in rows
    ]


def _table(name: str, table: PlanTable, indicator: Indicator, asked: PlanFilter, opens_rows: bool) -> CellTable:
    titles = {"country": _("By country"), "agency_kind": _("By kind of agency"), "role": _("By role")}
    return CellTable(
        name=name,
        title=titles[name],
        day=table.day,
        rows=[] if table.withheld else _rows(name, table, indicator, asked, opens_rows),
        total="" if asked.own_country or indicator.rule == "active_countries" else published.text(table.sum),
        withheld=table.withheld,
        has_under_five=asked.is_coordinator and table.has_under_five,
        notes=table.notes,
    )


def _rows(name: str, table: PlanTable, indicator: Indicator, asked: PlanFilter, opens_rows: bool) -> list[CellRow]:
    rows = [_cell(name, key, table, indicator, asked, opens_rows) for key in _in_order(name, table.cells)]
    return rows if table.joined is None else [*rows, _joined(name, table, table.joined)]


def _joined(name: str, table: PlanTable, band: Banded) -> CellRow:
    label = plan_tables.joined_name(len(table.joined_keys), name, is_of_records=table.is_of_records)
    text = published.band_text(band)
    return CellRow(label=label, text=text, number=text, href="", country_href="")


def _in_order(name: str, table: Mapping[str, Published]) -> list[str]:
    if name == "country":
        return labels.in_alphabet(table)
    titles = labels.roles() if name == "role" else {}
    return sorted(table, key=lambda key: (key == "", titles.get(key, key)))


def _cell(name: str, key: str, table: PlanTable, indicator: Indicator, asked: PlanFilter, opens_rows: bool) -> CellRow:
    cell = table.cells.get(key, HIDDEN)
    is_exact = isinstance(cell, Shown) and cell.of != 0
    opens = is_exact and opens_rows and bool(key)
    text = table.text(key)
    return CellRow(
        label=_label(name, key),
        text=text,
        number=_number(cell) if is_exact else text or _("Not shown"),
        href=asked.link("plan.rows", code=indicator.id, **{name: key}) if opens else "",
        country_href=_country_href(name, key, asked),
        key=key,
    )


def _country_href(name: str, key: str, asked: PlanFilter) -> str:
    return asked.link("plan.country", country=key) if name == "country" and key else ""


def _label(name: str, key: str) -> str:
    """Return the name of a country, kind of agency or role."""
    if name == "role":
        return labels.roles().get(key, key)
    if name == "agency_kind":
        return labels.agency_kind(key)
    return country_name(key) if key else _("No country known")


def _number(cell: Published) -> float | str:
    """Return an exact cell for a file: a share as its percentage, rounded outside; else the count."""
    if not isinstance(cell, Shown):
        return ""
    if cell.percent is not None:
        return round(cell.percent, 1)
    return published.text(cell) if cell.of is not None else cell.n or 0
