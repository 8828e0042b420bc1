"""The member countries on `/plan` and in `/plan/countries.csv`: officers active, verified, with a course completed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.cells import HIDDEN, Published, Shown
from app.plan.domain.figures import THRESHOLDS, IndicatorStatus
from app.plan.pages import lines, published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, PlanLink
from app.web import charts
from app.web.table_files import Row, Value

ACTIVE = "active_countries"
MATRIX = published.VERIFIED | {"completers"}
NOT_SHOWN = "–"


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


def members(plan: Plan, history: History, asked: PlanFilter) -> MemberTable:
    """Return the countries with their numbers of officers active, verified, and with a course completed."""
    columns = _columns(plan, history, asked)
    counter = next((indicator for indicator in plan.indicator if indicator.rule == ACTIVE), None)
    active = _active(plan, counter, history, asked)
    return MemberTable(
        indicators=[lines.link(plan, code, "plan.indicator", asked) for code in columns],
        rows=[
            MemberRow(
                name=country_name(code),
                href=asked.link("plan.country", country=code),
                active=active.get(code),
                cells=[_matrix_cell(cells[code], indicator, code, asked) for indicator, cells in columns.items()],
            )
            for code in labels.in_alphabet(_shown(plan, asked))
        ],
        active=lines.link(plan, counter.id, "plan.indicator", asked) if counter else None,
        days=int(counter.settings.get("days", 90)) if counter else 0,
    )


def table(members: MemberTable) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of countries."""
    columns = [*members.indicators, *([members.active] if members.active else [])]
    heads = [_("Country"), *(indicator.code for indicator in columns)]
    return heads, [
        [row.name, *(cell.number for cell in row.cells), *([row.active.number] if row.active else [])]
        for row in members.rows
    ]


def _shown(plan: Plan, asked: PlanFilter) -> tuple[str, ...]:
    members = plan.head.members if plan.head else ()
    return tuple(code for code in members if code == asked.own_country) if asked.own_country else members


def _columns(plan: Plan, history: History, asked: PlanFilter) -> dict[str, dict[str, Published]]:
    in_matrix = (indicator for indicator in plan.indicator if indicator.rule in MATRIX)
    return {indicator.id: _cells(plan, indicator, history, asked) for indicator in in_matrix}


def _cells(plan: Plan, indicator: Indicator, history: History, asked: PlanFilter) -> dict[str, Published]:
    totals = history[asked.published].get(indicator.id)
    members = plan.head.members if plan.head else ()
    # cells of the definition of that day, which may be an earlier version
    definition = totals.defined.indicator if totals else indicator
    cells = published.by_country(definition, totals.cells if totals else {}, members, asked)
    return {code: cells.get(code, HIDDEN) for code in members}


def _active(plan: Plan, counter: Indicator | None, history: History, asked: PlanFilter) -> dict[str, ActiveOfficers]:
    if counter is None:
        return {}
    needed = int(counter.settings.get("officers", 1))
    return {code: _officers(cell, needed) for code, cell in _cells(plan, counter, history, asked).items()}


def _officers(cell: Published, needed: int) -> ActiveOfficers:
    n = cell.n if isinstance(cell, Shown) else None
    return ActiveOfficers(
        text=labels.number(n) if n is not None else NOT_SHOWN,
        number=n if n is not None else _("Not shown"),
        needed=_("of %(n)s", n=needed),
        status=labels.status(_reached(n, needed)) if n is not None else (_("Not shown"), "none"),
    )


def _reached(n: int, needed: int) -> IndicatorStatus:
    if n >= needed * THRESHOLDS.on_track:
        return IndicatorStatus.ON_TRACK if n >= needed else IndicatorStatus.AT_RISK
    return IndicatorStatus.AT_RISK if n >= needed * THRESHOLDS.at_risk else IndicatorStatus.BEHIND


def _matrix_cell(cell: Published, indicator: str, country: str, asked: PlanFilter) -> MatrixCell:
    if not isinstance(cell, Shown):
        return MatrixCell(number=_("Not shown"))
    text = published.text(cell)
    count = cell.n if cell.percent is None else None
    return MatrixCell(
        number=text if count is None else count,
        text=text,
        filled=None if count is None else charts.full_fields(count),
        href=asked.link("plan.indicator", code=indicator, country=country),
    )
