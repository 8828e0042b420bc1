"""The member countries on `/plan` and in `/plan/countries.csv`: officers active, verified, with a course completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.cells import HIDDEN, Banded, Hidden, Published, Shown
from app.plan.domain.figures import THRESHOLDS, IndicatorStatus
from app.plan.pages import lines, tables
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, PlanLink
from app.plan.pages.tables import PlanTable
from app.plan.queries import published
from app.web import charts
from app.web.table_files import Row, Value

ACTIVE = "active_countries"
NOT_SHOWN = "–"
MATRIX = published.VERIFIED | {"completers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveOfficers:
    """The active officers of a country; `text` is for the page, `number` for a file."""

    text: str
    number: Value
    needed: str
    status: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """The number of a country and indicator, or "" if hidden; `filled` of four fields are full, None for a ratio."""

    number: Value
    text: str = ""
    filled: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A country with a cell for each indicator; `active` None: the plan does not count active officers."""

    name: str
    href: str
    active: ActiveOfficers | None
    cells: Sequence[MatrixCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTable:
    """The member countries. `indicators` are those of the cells; `active` counts officers active in `days` days."""

    indicators: Sequence[PlanLink]
    rows: Sequence[MemberRow]
    active: PlanLink | None
    days: int
    joined: MemberRow | None
    notes: Sequence[str]
    has_under_five: bool


def members(plan: Plan, history: History, asked: PlanFilter) -> MemberTable:
    """Return the countries with their numbers of officers active, verified, and with a course completed."""
    every = _columns(plan, history, asked)
    columns = {code: table for code, table in every.items() if not table.withheld}
    counter = _counter(plan)
    active = _active(plan, counter, history, asked)
    return MemberTable(
        indicators=[lines.link(plan, code, "plan.indicator", asked) for code in columns],
        rows=[_row(code, columns, active, asked) for code in labels.in_alphabet(_shown(plan, asked))],
        active=lines.link(plan, counter.id, "plan.indicator", asked) if counter else None,
        days=int(counter.settings.get("days", 90)) if counter else 0,
        joined=_joined_row(columns),
        notes=_notes(every),
        has_under_five=_has_under_five(columns, asked),
    )


def _counter(plan: Plan) -> Indicator | None:
    return next((indicator for indicator in plan.indicator if indicator.rule == ACTIVE), None)


def _row(
    country: str, columns: Mapping[str, PlanTable], active: Mapping[str, ActiveOfficers], asked: PlanFilter
) -> MemberRow:
    return MemberRow(
        name=country_name(country),
        href=asked.link("plan.country", country=country),
        active=active.get(country),
        cells=[_matrix_cell(table, indicator, country, asked) for indicator, table in columns.items()],
    )


def _has_under_five(columns: Mapping[str, PlanTable], asked: PlanFilter) -> bool:
    return asked.is_coordinator and any(table.has_under_five for table in columns.values())


def _notes(tables: Mapping[str, PlanTable]) -> list[str]:
    """Return the notes of tables of competence with the code of the indicator, and those of process counts once."""
    withheld = [f"{code}: {note}" for code, table in tables.items() if table.withheld for note in table.notes]
    return [*withheld, *dict.fromkeys(note for table in tables.values() if not table.withheld for note in table.notes)]


def table(members: MemberTable) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of countries."""
    columns = [*members.indicators, *([members.active] if members.active else [])]
    heads = [_("Country"), *(indicator.code for indicator in columns)]
    rows = [*members.rows, *([members.joined] if members.joined else [])]
    return heads, [_file_row(row, has_active=members.active is not None) for row in rows]


def _file_row(row: MemberRow, *, has_active: bool) -> Row:
    active: Value = row.active.number if row.active else ""
    return [row.name, *(cell.number for cell in row.cells), *([active] if has_active else [])]


def _shown(plan: Plan, asked: PlanFilter) -> tuple[str, ...]:
    members = plan.head.members if plan.head else ()
    return tuple(code for code in members if code == asked.own_country) if asked.own_country else members


def _columns(plan: Plan, history: History, asked: PlanFilter) -> dict[str, PlanTable]:
    in_matrix = (indicator for indicator in plan.indicator if indicator.rule in MATRIX)
    return {indicator.id: _cells(plan, indicator, history, asked) for indicator in in_matrix}


def _cells(plan: Plan, indicator: Indicator, history: History, asked: PlanFilter) -> PlanTable:
    day = asked.table_day(indicator.rule)
    totals = history[day].get(indicator.id)
    if totals is None:
        return PlanTable(day=day, cells={})
    # cells of the definition of that day, which may be an earlier version
    return tables.read(plan, totals.defined, totals.cells, asked, day=day)


def _active(plan: Plan, counter: Indicator | None, history: History, asked: PlanFilter) -> dict[str, ActiveOfficers]:
    if counter is None:
        return {}
    needed = int(counter.settings.get("officers", 1))
    cells = _cells(plan, counter, history, asked).cells
    return {code: _officers(cells.get(code, HIDDEN), needed) for code in _shown(plan, asked)}


def _officers(cell: Published, needed: int) -> ActiveOfficers:
    n = _number_of(cell)
    text = published.text(cell)
    exact = cell.n if isinstance(cell, Shown) else None
    return ActiveOfficers(
        text=text or NOT_SHOWN,
        number=text or _("Not shown") if exact is None else exact,
        needed=_("of %(n)s", n=needed),
        status=labels.status(_reached(n, needed)) if n is not None else (_("Not shown"), "none"),
    )


def _number_of(cell: Published) -> float | None:
    """Return a number, or the middle of its band, to compare it with."""
    if isinstance(cell, Banded):
        return cell.middle
    return cell.n if isinstance(cell, Shown) else None


def _reached(n: float, needed: int) -> IndicatorStatus:
    if n >= needed * THRESHOLDS.on_track:
        return IndicatorStatus.ON_TRACK if n >= needed else IndicatorStatus.AT_RISK
    return IndicatorStatus.AT_RISK if n >= needed * THRESHOLDS.at_risk else IndicatorStatus.BEHIND


def _matrix_cell(table: PlanTable, indicator: str, country: str, asked: PlanFilter) -> MatrixCell:
    cell, text = table.cells.get(country, HIDDEN), table.text(country)
    if isinstance(cell, Hidden):
        return MatrixCell(number=text or _("Not shown"), text=text)
    n = _number_of(cell)
    return MatrixCell(
        number=_file_number(cell, text),
        text=text,
        filled=None if n is None else charts.full_fields(int(n)),
        href=asked.link("plan.indicator", code=indicator, country=country),
    )


def _file_number(cell: Published, text: str) -> Value:
    """Return a count as a number, a ratio or band as its text."""
    is_count = isinstance(cell, Shown) and cell.of is None and cell.percent is None
    return int(text) if is_count and text.isdecimal() else text


def _joined_row(columns: Mapping[str, PlanTable]) -> MemberRow | None:
    """Return the row of countries with a need under five, None if no indicator joins any."""
    if not any(table.joined for table in columns.values()):
        return None
    return MemberRow(
        name=_("Countries with fewer than five"),
        href="",
        active=None,
        cells=[_joined_cell(table) for table in columns.values()],
    )


def _joined_cell(table: PlanTable) -> MatrixCell:
    if table.joined is None:
        return MatrixCell(number="", text=_("None joined"))
    countries = ngettext("%(num)s country", "%(num)s countries", len(table.joined_keys))
    text = _("%(n)s, %(countries)s", n=published.band_text(table.joined), countries=countries)
    return MatrixCell(number=text, text=text)
