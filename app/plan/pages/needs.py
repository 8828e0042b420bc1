"""Read need and planned need for the reader of a page."""

from collections.abc import Callable
from datetime import date

from app.plan.domain.planned_needs import PlannedNeeds
from app.plan.domain.readers import FigureReader
from app.plan.pages.filters import PlanFilter
from app.plan.queries.need_texts import NeedTexts, serving_on


def read(asked: PlanFilter, agreed_needs: Callable[[date], PlannedNeeds]) -> NeedTexts | None:
    """Return the needs of today for the reader of the page; None on a past day, as postings may be entered later."""
    if asked.past:
        return None
    exact = asked.exact or asked.reader is FigureReader.OWN
    return NeedTexts(agreed_needs(asked.on), serving_on(asked.process_day, asked.reader), asked.reader, exact)
