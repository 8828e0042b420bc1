"""Last pages of a report: risks, definitions and versions, what is not collected, suppressed cells, the hash."""

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.plan import Indicator
from app.plan import labels
from app.plan.domain.definitions import Collected
from app.reports.domain.document import Block, CellKind, Items, ReportHeading, ReportParagraph, Row, Section, Table
from app.reports.domain.texts import RISKS
from app.reports.service.contents import adjustments, indicators, values
from app.reports.service.contents.frame import ReportFrame


def risks(frame: ReportFrame) -> Section:
    """Return the text about risks, then the risks and assumptions of the plan."""
    blocks: list[Block] = [indicators.comment(frame, RISKS)]
    for title, points in ((_("Risks of the plan"), frame.plan.risk), (_("Assumptions"), frame.plan.assumption)):
        if points:
            texts = tuple(labels.plan_title(frame.plan, point.id).text for point in points)
            blocks += [ReportHeading(text=title), Items(texts=texts)]
    return Section(key=RISKS, title=_("Risks and assumptions"), sheet=values.sheet(_("Risks")), blocks=tuple(blocks))


def definitions(frame: ReportFrame) -> Section:
    """Return the definitions with their versions."""
    rows = []
    for indicator in frame.plan.indicator:
        totals = frame.totals(indicator, frame.day)
        if totals is None:
            continue
        cells = (
            values.text(indicators.name(frame, indicator)),
            values.text(labels.part(frame.plan, indicator.id, "unit").text),
            values.number(totals.defined.version),
            values.day(totals.defined.valid_from),
            values.text(_source(frame, indicator)),
        )
        rows.append(Row(cells=cells, code=indicator.id))
    columns = (
        values.column(_("Indicator")),
        values.column(_("Unit")),
        values.column(_("Version"), CellKind.NUMBER),
        values.column(_("Valid from"), CellKind.DATE),
        values.column(_("Source")),
    )
    table = Table(caption=_("Definitions and versions"), columns=columns, rows=tuple(rows))
    return Section(key="definitions", title=_("Definitions"), sheet=values.sheet(_("Definitions")), blocks=(table,))


def _source(frame: ReportFrame, indicator: Indicator) -> str:
    source = frame.headline(indicator, frame.day).collected
    return labels.interim(source) or labels.source(indicator.entered)


def notes(frame: ReportFrame) -> Section:
    """Return what is not collected and why, the number of suppressed cells, and how to check the hash."""
    blocks: list[Block] = [ReportHeading(text=_("Not collected")), *_not_collected(frame)]
    blocks += [
        ReportHeading(text=_("Small groups")),
        ReportParagraph(text=suppressed_text(frame)),
        ReportHeading(text=_("Adjustments")),
        adjustments.block(frame),
        ReportHeading(text=_("How to check this report")),
        ReportParagraph(text=check_text()),
    ]
    return Section(key="notes", title=_("Notes"), sheet=values.sheet(_("Notes")), blocks=tuple(blocks), new_page=False)


def suppressed_text(frame: ReportFrame) -> str:
    """Return how many cells are not shown."""
    count = frame.suppressed.count
    if not count:
        return _("All numbers are shown. Numbers of officers are rounded to fives.")
    return " ".join(
        [
            ngettext(
                "%(num)s number is not shown, because too few officers are behind it.",
                "%(num)s numbers are not shown, because too few officers are behind them.",
                count,
            ),
            _("Other numbers of officers are rounded to fives."),
        ]
    )


def check_text() -> str:
    """Return how to check that a report is unchanged."""
    return " ".join(
        [
            _("The numbers were frozen once. All forms of this report show the same numbers."),
            _("An administrator can check a file with the command “flask reports verify”."),
        ]
    )


def _not_collected(frame: ReportFrame) -> list[Block]:
    missing = indicators.not_collected(frame)
    by_hand = [
        indicator
        for indicator in frame.plan.indicator
        if frame.headline(indicator, frame.day).collected is Collected.BY_HAND
        and frame.headline(indicator, frame.day).value is None
    ]
    reasons = [
        *(_("%(title)s: the academy does not collect it yet.", title=indicators.name(frame, each)) for each in missing),
        *(_("%(title)s: no figure was reported.", title=indicators.name(frame, each)) for each in by_hand),
    ]
    return [Items(texts=tuple(reasons))] if reasons else [ReportParagraph(text=_("All figures are collected."))]
