"""Figures over time on `/plan/indicators/<code>`: as a table, a chart, and a sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import IndicatorTarget, Plan
from app.i18n.babel import words as day_words
from app.i18n.languages import current, direction
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import HIDDEN, Shown
from app.plan.domain.figures import targets_of
from app.plan.pages import published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, IndicatorLine
from app.plan.pages.published import Few
from app.web import charts
from app.web.charts import ChartPoint

APART = 15  # days: a quarter end nearer to the day itself is left out of the drawing
TICK_ROOM = 0.24  # of the time shown: labels nearer than this would touch below a chart
Series = list[tuple[date, float | None]]
Forecast = Sequence[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class DayFigure:
    """The figure of a day; None and "" for one that is not shown."""

    day: date
    text: str
    value: float | None


@dataclass(frozen=True, slots=True)
class FigureHistory:
    """The figures of an indicator since the plan began, with a sentence that sums them up."""

    figures: Sequence[DayFigure]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendChart:
    """The drawing of a line over time with its texts; `format` writes a value with its unit."""

    line: charts.Trend
    format: Callable[[float], str]
    goal: str
    last: str
    ahead: str
    forecast: str


def over_time(plan: Plan, history: History, line: IndicatorLine, asked: PlanFilter, few: Few) -> FigureHistory:
    """Return the figures since the plan began, of one country if the filter names one."""
    series = [(day, _value(plan, history, line, asked, day, few)) for day in _days(plan, history, asked)]
    unit = line.indicator.unit
    return FigureHistory(
        [DayFigure(day, "" if value is None else labels.number(value, unit), value) for day, value in series],
        _summary(line, [(day, value) for day, value in series if value is not None]),
    )


def trend(past: FigureHistory, line: IndicatorLine, forecast: Forecast, asked: PlanFilter) -> TrendChart | None:
    """Return the drawing of the line over time with its texts, or None with fewer than two figures."""
    series = [(figure.day, figure.value) for figure in past.figures]
    if sum(value is not None for _day, value in series) < 2:
        return None
    unit = line.indicator.unit
    target = _target(line, asked)
    goal = target.value if target else None
    return TrendChart(
        line=_drawing(series, goal, forecast, asked),
        format=partial(labels.number, unit=unit),
        goal=_("Target %(year)s: %(n)s", year=target.period, n=labels.number(target.value, unit)) if target else "",
        last=labels.number(_last_value(series), unit),
        ahead=labels.number(forecast[-1][1], unit) if forecast else "",
        forecast=_forecast_text(forecast, unit),
    )


def _target(line: IndicatorLine, asked: PlanFilter) -> IndicatorTarget | None:
    """Return the target of the year or the next one, None if the drawing shows a single country."""
    if asked.country and not asked.own_country:
        return None
    targets = targets_of(line.indicator)
    return next((target for target in targets if target.period >= asked.on.year), None)


def _drawing(series: Series, goal: float | None, forecast: Forecast, asked: PlanFilter) -> charts.Trend:
    drawn = [(day, value) for day, value in series if day == asked.on or (asked.on - day).days >= APART]
    points = _with_ticks(drawn, [day for day, _value in forecast], asked)
    ahead = zip(points[len(drawn) :], forecast, strict=True)
    return charts.trend(
        points[: len(drawn)],
        goal=goal,
        forecast=[ChartPoint(point.at, value, point.tick) for point, (_day, value) in ahead],
        mirrored=direction(current()) == "rtl",
    )


def _last_value(series: Series) -> float:
    return next(value for _day, value in reversed(series) if value is not None)


def _forecast_text(forecast: Forecast, unit: str) -> str:
    if not forecast:
        return ""
    day, value = forecast[-1]
    return _(
        "Without new results, the figure will be %(n)s on %(day)s.", n=labels.number(value, unit), day=day_words(day)
    )


def _days(plan: Plan, history: History, asked: PlanFilter) -> list[date]:
    """Return the chosen day and the quarter ends before it, since the plan began."""
    starts = plan.head.period.starts if plan.head else asked.on
    past = [day for day in sorted(history) if day <= asked.on and (starts - day).days <= 1]
    return [day for day in past if day == asked.on or day == cells.quarter_end(day)]


def _value(plan: Plan, history: History, line: IndicatorLine, asked: PlanFilter, day: date, few: Few) -> float | None:
    if not asked.country or asked.own_country:
        return published.of_day(history, line.indicator, day, few, own=asked.own_country).value
    totals = history[day].get(line.code)
    # single cells are of quarter ends alone
    if totals is None or day != cells.quarter_end(day):
        return None
    members = published.members(plan)
    cell = published.by_country(totals.defined.indicator, totals.cells, members, asked).get(asked.country, HIDDEN)
    if not isinstance(cell, Shown):
        return None
    return cell.n if cell.percent is None else cell.percent


def _with_ticks(
    series: Sequence[tuple[date, float | None]], ahead: Sequence[date], asked: PlanFilter
) -> list[ChartPoint]:
    """Return the points with as many labels below as fit; the first and the last always have a label."""
    every = [*series, *((day, None) for day in ahead)]
    labelled = _labelled([day.toordinal() for day, _value in every], [day.toordinal() for day, _v in series[-1:]])
    return [
        ChartPoint(float(day.toordinal()), value, _tick(day, asked) if day.toordinal() in labelled else "")
        for day, value in every
    ]


def _labelled(days: Sequence[int], always: Sequence[int]) -> set[int]:
    """Return the days that get a label: the first, the last, those of `always`, and others with room between."""
    room = max(1.0, (days[-1] - days[0]) * TICK_ROOM)
    labelled = {days[0], days[-1], *always}
    for day in days:
        if all(abs(day - other) >= room for other in labelled):
            labelled.add(day)
    return labelled


def _tick(day: date, asked: PlanFilter) -> str:
    if day != cells.quarter_end(day):
        return _("Today") if day == asked.today else day_words(day)
    return labels.quarter(day)


def _summary(line: IndicatorLine, points: Sequence[tuple[date, float]]) -> str:
    if not points:
        return _("There is no figure to show over time yet.")
    unit = line.indicator.unit
    (first, before), (last, now) = points[0], points[-1]
    if first == last:
        return _("%(n)s on %(day)s.", n=labels.number(now, unit), day=day_words(last))
    return _(
        "From %(before)s on %(first)s to %(now)s on %(last)s.",
        before=labels.number(before, unit),
        first=day_words(first),
        now=labels.number(now, unit),
        last=day_words(last),
    )
