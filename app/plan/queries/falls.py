"""Read which indicators of verification fall soon, as a coordinator sees all countries together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.catalogue.domain.references.plan import Indicator, Plan
from app.plan.domain.cells import published_day
from app.plan.domain.falls import DATED_RULES, ComingFigure, Fall, fall_of, quarter_ends_ahead
from app.plan.domain.readers import FigureView
from app.plan.queries import figures, published
from app.plan.queries.published import Headline, History


@dataclass(frozen=True, slots=True)
class CoordinatorView:
    """Figures of a day as a coordinator sees them."""

    on: date
    own_country: str = ""
    is_coordinator: bool = True

    @property
    def outside_day(self) -> date:
        """Return the last quarter end up to the day."""
        return published_day(self.on)


def falling(plan: Plan, today: date) -> Mapping[str, Fall]:
    """Return the falls of today by code, in the order of the plan."""
    dated = [indicator for indicator in plan.indicator if indicator.rule in DATED_RULES]
    if not dated:
        return {}
    history = figures.history([today, *quarter_ends_ahead(today)])
    falls = {indicator.id: _fall(plan, indicator, history, CoordinatorView(today)) for indicator in dated}
    return {code: fall for code, fall in falls.items() if fall is not None}


def coming(plan: Plan, indicator: Indicator, history: History, view: FigureView, day: date) -> ComingFigure:
    """Return the figure of a coming day without new evidence, as a reader sees it."""
    headline = published.headline(history[day].get(indicator.id), indicator, view)
    number = None if headline.hidden else number_of(headline) or 0.0
    return ComingFigure(day, number, published.state(plan, headline, day))


def number_of(headline: Headline) -> float | None:
    """Return the number of officers of a headline, or its figure where the number is not shown."""
    return headline.value if headline.n is None else headline.n


def _fall(plan: Plan, indicator: Indicator, history: History, view: CoordinatorView) -> Fall | None:
    now = published.headline(history[view.on].get(indicator.id), indicator, view)
    ahead = [coming(plan, indicator, history, view, day) for day in quarter_ends_ahead(view.on)]
    return fall_of(number_of(now), published.state(plan, now, view.on), ahead)
