"""Needs of the own country in its exact sheet; outside, needs are not in the fixed list of tables."""

from flask_babel import gettext as _

from app.plan.domain.cells import Published
from app.plan.domain.readers import FigureReader
from app.plan.queries import need_texts, planned_needs
from app.plan.queries.need_texts import NeedTexts
from app.reports.domain.document import Block, Items, ReportHeading
from app.reports.service.contents import indicators
from app.reports.service.contents.frame import ReportFrame


def read(frame: ReportFrame) -> NeedTexts:
    """Return the needs of the period of a sheet, for its reader."""
    reader = FigureReader.OWN if frame.request.is_exact else FigureReader.OUTSIDE
    planned = planned_needs.agreed_needs(frame.day, country=frame.request.country)
    return NeedTexts(planned, need_texts.serving_on(frame.day, reader), reader)


def blocks(frame: ReportFrame, cells: dict[str, Published]) -> list[Block]:
    """Return the need beside the officers reached, by indicator; `cells` are the figures of the country by code."""
    if not frame.request.is_exact:
        return []
    needs, country = read(frame), frame.request.country
    texts = tuple(
        _("%(title)s. %(text)s", title=indicators.name(frame, indicator), text=text)
        for indicator in frame.plan.indicator
        if indicator.id in cells and (text := needs.text(indicator, country, cells[indicator.id]))
    )
    return [ReportHeading(text=_("Needs")), Items(texts=texts)] if texts else []
