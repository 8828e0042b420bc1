"""Adjustments of locked figures in a report, as published outside."""

from flask_babel import gettext as _

from app.plan.queries import adjustments, locks
from app.reports.domain.document import Items, ReportParagraph
from app.reports.service.contents import indicators
from app.reports.service.contents.frame import ReportFrame


def block(frame: ReportFrame) -> Items | ReportParagraph:
    """Return the adjustments of the locked period, and of earlier quarters that count in it, in the order of days."""
    named = {indicator.id: indicators.name(frame, indicator) for indicator in frame.plan.indicator}
    rows = adjustments.rows(locks.all_adjustments(), frame.history, frame.few, frame.view)
    texts = tuple(
        _("%(title)s. %(text)s", title=named[row.code], text=text)
        for row in rows
        if row.code in named
        for text in adjustments.sentences([row], frame.view)
    )
    return Items(texts=texts) if texts else ReportParagraph(text=_("No adjustment changes a figure of this report."))
