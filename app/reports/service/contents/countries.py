"""Countries in a report: what was reached, target and status of each indicator that counts officers, alphabetical."""

from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.cells import Published, Shown
from app.plan.domain.definitions import MEANS, Collected, collected
from app.plan.domain.figures import IndicatorStatus, last_target, status
from app.plan.queries import outside_tables, published
from app.plan.queries.outside_tables import OutsideTable
from app.reports.domain.document import Block, Cell, CellKind, ReportParagraph, Row, Section, Table
from app.reports.service.contents import indicators, values
from app.reports.service.contents.frame import ReportFrame

COUNTED = frozenset({"active_countries", "session_attendance"})  # of countries and of seats: not of officers reached


def section(frame: ReportFrame) -> Section:
    """Return a table of the countries for each indicator that counts officers."""
    shown = [indicator for indicator in frame.plan.indicator if _has_countries(frame, indicator)]
    blocks: list[Block] = [_table(frame, indicator) for indicator in shown]
    blocks.append(ReportParagraph(text=_("A country without a figure has too few officers to show."), is_note=True))
    return Section(key="countries", title=_("Countries"), sheet=values.sheet(_("Countries")), blocks=tuple(blocks))


def _has_countries(frame: ReportFrame, indicator: Indicator) -> bool:
    is_of_officers = published.about_officers(indicator) and indicator.rule not in MEANS | COUNTED
    is_collected = collected(indicator) is Collected.PLATFORM and frame.totals(indicator, frame.day) is not None
    return is_of_officers and is_collected and "country" in indicator.split_by


def outside(frame: ReportFrame, indicator: Indicator, day: date) -> OutsideTable | None:
    """Return the figures of the countries on a day as published outside, or None without a definition."""
    totals = frame.totals(indicator, day)
    if totals is None:
        return None
    sums = outside_tables.sums_outside(frame.plan, totals.defined, totals.cells, split="country", day=day)
    return outside_tables.published_cells(totals.defined, sums, split="country", day=day)


def _table(frame: ReportFrame, indicator: Indicator) -> Table:
    table = outside(frame, indicator, frame.day)
    cells = {} if table is None else table.cells
    rows = tuple(
        Row(
            cells=(
                values.text(country_name(country)),
                _need(cells.get(country)),
                _reached(frame, indicator, cells.get(country)),
                target_cell(indicator, country),
                values.status(status_of(frame, indicator, cells.get(country), country)),
            ),
            code=country,
        )
        for country in labels.in_alphabet(frame.members)
    )
    columns = (
        values.column(_("Country")),
        values.column(_("Needed"), CellKind.NUMBER),
        values.column(_("Reached"), CellKind.NUMBER),
        values.column(_("Target"), CellKind.NUMBER),
        values.column(_("Status"), CellKind.STATUS),
    )
    return Table(caption=indicators.name(frame, indicator), columns=columns, rows=rows)


def _need(cell: Published | None) -> Cell:
    """Return the rounded need; it is not shown beside a percentage, which it would narrow."""
    if isinstance(cell, Shown) and cell.of is not None:
        return values.number(cell.of)
    return values.text("")


def _reached(frame: ReportFrame, indicator: Indicator, cell: Published | None) -> Cell:
    if isinstance(cell, Shown) and cell.of is not None and cell.n is not None:
        return values.number(cell.n)
    return values.of_cell(cell, frame.suppressed, indicator.unit)


def target_cell(indicator: Indicator, country: str) -> Cell:
    """Return the target of a country, empty without one."""
    target = last_target(indicator, country)
    return values.number(None if target is None else target.value, indicator.unit)


def status_of(frame: ReportFrame, indicator: Indicator, cell: Published | None, country: str) -> IndicatorStatus:
    """Return the status of a country, computed from the published cell alone."""
    if frame.plan.head is None or not isinstance(cell, Shown):
        return IndicatorStatus.NO_DATA
    value = cell.n if cell.percent is None and cell.of is None else cell.percent
    starts = frame.plan.head.period.starts
    return status(value, indicator, day=frame.day, starts=starts, country=country)
