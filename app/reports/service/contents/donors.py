"""The results table for a donor: code and wording of the donor, our indicator with its figures; never 0 for missing."""

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator
from app.plan import labels
from app.plan.domain.definitions import MEANS, SHARES
from app.plan.domain.figures import targets_of
from app.plan.queries import published
from app.reports.domain.document import Block, Cell, CellKind, ReportColumn, ReportParagraph, Row, Section, Table
from app.reports.domain.texts import COMMENT
from app.reports.queries import donors
from app.reports.service.contents import indicators, notes, values
from app.reports.service.contents.frame import ReportFrame
from app.reports.shapes import DonorLineFacts

NUMBERS = CellKind.NUMBER


def sections(frame: ReportFrame) -> list[Section]:
    """Return the table of the donor's lines, and the notes."""
    lines = donors.lines(frame.request.subject)
    by_code = {indicator.id: indicator for indicator in frame.plan.indicator}
    rows = tuple(_row(frame, line, by_code.get(line.indicator)) for line in lines)
    table = Table(caption=_("Results"), columns=_columns(), rows=rows)
    body: tuple[Block, ...] = (table,) if rows else (ReportParagraph(text=_("This donor has no line yet.")),)
    texts = (notes.suppressed_text(frame), notes.check_text())
    explained = tuple(ReportParagraph(text=text, is_note=True) for text in texts)
    return [
        Section(key="results", title=_("Results"), sheet=values.sheet(_("Results")), blocks=body),
        Section(key="notes", title=_("Notes"), sheet=values.sheet(_("Notes")), blocks=explained, new_page=False),
    ]


def _columns() -> tuple[ReportColumn, ...]:
    numbers = (_("Baseline"), _("Milestone"), _("Actual"), _("Cumulative"), _("Variance"))
    return (
        values.column(_("Code of the donor")),
        values.column(_("Wording of the donor")),
        values.column(_("Our indicator")),
        values.column(_("Unit")),
        *(values.column(head, NUMBERS) for head in numbers),
        values.column(_("Comment")),
    )


def _row(frame: ReportFrame, line: DonorLineFacts, indicator: Indicator | None) -> Row:
    comment = values.text(frame.texts.get(COMMENT + line.indicator, ""))
    head = (values.text(line.code), values.text(line.wording))
    if indicator is None:
        missing = values.text(_("Not collected"))
        unknown = (values.text(line.indicator), values.text(""), *[missing] * 5)
        return Row(cells=(*head, *unknown, comment), code=line.indicator)
    cells = (
        *head,
        values.text(indicators.name(frame, indicator)),
        values.text(labels.part(frame.plan, indicator.id, "unit").text),
        _or_missing(values.number(indicator.baseline.value, indicator.unit)),
        _milestone(frame, indicator),
        _actual(frame, indicator),
        values.of_headline(frame.headline(indicator, frame.day), frame.suppressed),
        _variance(frame, indicator),
        comment,
    )
    return Row(cells=cells, code=indicator.id)


def _or_missing(cell: Cell) -> Cell:
    return cell if cell.text else Cell(text=_("Not collected"))


def _milestone(frame: ReportFrame, indicator: Indicator) -> Cell:
    """Return the target of the year of the period."""
    target = next((target for target in targets_of(indicator) if target.period == frame.day.year), None)
    return values.text(_("No milestone")) if target is None else values.number(target.value, indicator.unit)


def _actual(frame: ReportFrame, indicator: Indicator) -> Cell:
    """Return what was added since the compared quarter; of a share or mean, or without one, the figure itself."""
    is_sum = indicator.rule not in SHARES | MEANS and indicator.unit == "count"
    if frame.compared is None or not is_sum:
        return values.of_headline(frame.headline(indicator, frame.day), frame.suppressed)
    now = frame.headline(indicator, frame.day)
    if now.value is None or now.hidden:
        return values.of_headline(now, frame.suppressed)
    return values.change(frame, indicator)


def _variance(frame: ReportFrame, indicator: Indicator) -> Cell:
    """Return by how much the figure differs from the expected one of the day."""
    now, expected = frame.headline(indicator, frame.day), published.expected_figure(indicator, frame.day)
    if expected is None:
        return values.text(_("No milestone"))
    if now.value is None or now.hidden or now.ratio:
        return values.of_headline(now, frame.suppressed)
    return values.difference(indicator, values.moved_by(indicator, round(expected), now.value))
