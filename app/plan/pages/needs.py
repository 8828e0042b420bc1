"""Read need and planned need for the reader of a page."""

from app.plan.domain.planned_needs import PlannedNeeds
from app.plan.domain.readers import FigureReader
from app.plan.pages.filters import PlanFilter
from app.plan.queries.need_texts import Needs, serving_on


def read(planned: PlannedNeeds, asked: PlanFilter) -> Needs:
    """Return the need of the day of process counts, for the reader of the page."""
    exact = asked.exact or asked.reader is FigureReader.OWN
    return Needs(planned, serving_on(asked.process_day, asked.reader), asked.reader, exact)
