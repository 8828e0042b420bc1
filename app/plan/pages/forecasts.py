"""Figures of the coming month ends without new evidence, and as booked, for indicators of verified officers."""

from collections.abc import Sequence
from datetime import date

from app.plan.domain.cells import MIN_GROUP
from app.plan.domain.definitions import SHARES
from app.plan.domain.falls import DATED_RULES
from app.plan.pages import gains, indicator as indicators
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, IndicatorLine
from app.plan.pages.over_time import FigureForecast
from app.plan.queries import published, what_if

Points = list[tuple[date, float]]


def read(line: IndicatorLine, history: History, asked: PlanFilter) -> FigureForecast:
    """Return the figures of the coming month ends; none for other rules, an earlier day or a narrowed page."""
    if line.indicator.rule not in DATED_RULES or asked.past or asked.free_cut:
        return FigureForecast()
    points: Points = []
    for day in indicators.ahead(asked):
        headline = published.headline(history[day].get(line.code), line.indicator, asked)
        if headline.hidden:
            return FigureForecast([*points, *_end(line, day)], fewer_on=day)
        if headline.value is None:
            break
        points.append((day, headline.value))
    return FigureForecast(points, booked=_booked(line, history, asked, points))


def _end(line: IndicatorLine, day: date) -> Points:
    """Return the point at which the line of a number under five ends; a share has none."""
    return [(day, float(MIN_GROUP))] if line.indicator.rule not in SHARES else []


def _booked(line: IndicatorLine, history: History, asked: PlanFilter, points: Sequence[tuple[date, float]]) -> Points:
    """Return the points with the seats taken, for a reader of exact numbers; none without a gain."""
    if not asked.is_coordinator or not points:
        return []
    wanted = what_if.asked_of(line.indicator)
    booked = what_if.booked(wanted, asked.on, points[-1][0])
    if not booked.seats:
        return []
    shares = what_if.shares(wanted, asked.on)
    gained = {day: gains.booked_gain(wanted, booked, shares, day).mean for day, _value in points}
    if not any(gained.values()):
        return []
    return [(day, value + _in_unit(line, history, day, gained[day])) for day, value in points]


def _in_unit(line: IndicatorLine, history: History, day: date, gained: float) -> float:
    """Return gained officers as a part of the figure: percentage points of a share."""
    if line.indicator.rule not in SHARES:
        return gained
    of = history[day][line.code].total.denominator
    return 100 * gained / of if of else 0.0
