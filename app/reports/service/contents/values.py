"""Cells of reports: numbers, dates and statuses in words, with the value for a spreadsheet."""

import re
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator
from app.i18n.babel import words as day_words
from app.plan import labels
from app.plan.domain import cells as plan_cells
from app.plan.domain.cells import Published, Shown
from app.plan.domain.figures import IndicatorStatus
from app.plan.queries import published
from app.plan.queries.published import Headline
from app.reports.domain.document import Cell, CellKind, ReportColumn
from app.reports.service.contents.frame import ReportFrame, SuppressedCells

SHEET_LENGTH = 31
NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")


def text(value: str) -> Cell:
    """Return a cell with a text."""
    return Cell(text=value)


def day(value: date | None) -> Cell:
    """Return a cell with a day, empty for None."""
    if value is None:
        return Cell(text="")
    return Cell(text=day_words(value), kind=CellKind.DATE, value=value.isoformat())


def number(value: float | None, unit: str = "count") -> Cell:
    """Return a cell with a figure in its unit, empty for None."""
    if value is None:
        return Cell(text="")
    return Cell(text=labels.number(value, unit), kind=kind_of(unit), value=plain(value))


def kind_of(unit: str) -> CellKind:
    """Return the kind of the cells of a unit."""
    return CellKind.PERCENT if unit == "percent" else CellKind.NUMBER


def plain(value: float) -> float | int:
    """Return a number for a spreadsheet: whole, or with two decimals."""
    return int(value) if value == int(value) else round(value, 2)


def of_headline(headline: Headline, suppressed: SuppressedCells) -> Cell:
    """Return the community's figure, or why there is none."""
    if headline.hidden:
        suppressed.count += 1
    if headline.value is None or headline.hidden or headline.ratio:
        return Cell(text=_not_collected(headline), kind=_kind(headline))
    return number(headline.value, headline.indicator.unit)


def _kind(headline: Headline) -> CellKind:
    return CellKind.TEXT if headline.ratio else kind_of(headline.indicator.unit)


def _not_collected(headline: Headline) -> str:
    if headline.hidden or headline.ratio or headline.collected != "not_yet":
        return headline.text
    return _("Not collected")


def of_cell(cell: Published | None, suppressed: SuppressedCells, unit: str = "percent") -> Cell:
    """Return a published cell, or "Not shown"."""
    if not isinstance(cell, Shown):
        suppressed.count += 1
        return Cell(text=_("Not shown"))
    if cell.percent is not None:
        shown_unit = unit if unit == "percentage_points" else "percent"
        return Cell(text=published.text(cell, unit), kind=kind_of(shown_unit), value=plain(cell.percent))
    if cell.of is None and cell.n is not None:
        return number(cell.n)
    return Cell(text=published.text(cell, unit))


def status(value: IndicatorStatus) -> Cell:
    """Return a status with its shape."""
    word, tone = labels.status(value)
    return Cell(text=word, kind=CellKind.STATUS, tone=tone)


def change(frame: ReportFrame, indicator: Indicator) -> Cell:
    """Return the change from the compared period, "about the same", or why the figures cannot be compared."""
    if frame.compared is None:
        return Cell(text="")
    before, after = _versions(frame, indicator, frame.compared)
    if before != after:
        return Cell(text=_("Not comparable: definition %(before)s then, %(after)s now", before=before, after=after))
    then, now = figure_of(frame, indicator, frame.compared), figure_of(frame, indicator, frame.day)
    if then is None or now is None:
        return Cell(text=_("No figure to compare"))
    return difference(indicator, moved_by(indicator, then, now))


def figure_of(frame: ReportFrame, indicator: Indicator, day: date) -> float | None:
    """Return the published figure of a day, or None if it is hidden or there is none."""
    headline = frame.headline(indicator, day)
    return None if headline.hidden else headline.value


def difference(indicator: Indicator, moved: float | None) -> Cell:
    """Return a difference in words: more, fewer, or about the same for None."""
    if not moved:
        return Cell(text=_("About the same"), kind=CellKind.NUMBER)
    unit = "percentage_points" if indicator.unit == "percent" else indicator.unit
    plain_text = labels.number(abs(moved), unit)
    text = _("%(n)s more", n=plain_text) if moved > 0 else _("%(n)s fewer", n=plain_text)
    return Cell(text=text, kind=CellKind.NUMBER, value=plain(moved))


def moved_by(indicator: Indicator, before: float, now: float) -> float | None:
    """Return by how much a figure moved; None for a number of officers that moved by less than five."""
    if not counts_officers(indicator):
        return now - before
    moved = plan_cells.change(before, now)
    return None if moved is None else plan_cells.rounded(moved)


def counts_officers(indicator: Indicator) -> bool:
    """Return whether the figure is a number or share of officers, not of countries."""
    return published.about_officers(indicator) and indicator.rule != "active_countries"


def _versions(frame: ReportFrame, indicator: Indicator, compared: date) -> tuple[int, int]:
    """Return the versions of the definition of both days, 0 and 0 if there is none for one of them."""
    then, now = frame.totals(indicator, compared), frame.totals(indicator, frame.day)
    return (0, 0) if then is None or now is None else (then.defined.version, now.defined.version)


def column(head: str, kind: CellKind = CellKind.TEXT) -> ReportColumn:
    """Return a column."""
    return ReportColumn(head=head, kind=kind)


def sheet(title: str) -> str:
    """Return a title as the name of a sheet."""
    return NOT_IN_SHEETS.sub(" ", title)[:SHEET_LENGTH].strip()
