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
from app.plan.domain.cells import HIDDEN, Published, Shown
from app.plan.domain.figures import targets_of
from app.plan.pages import tables
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, IndicatorLine
from app.plan.queries import left_out, published
from app.plan.queries.published import Few
from app.web import charts
from app.web.charts import ChartPoint

APART = 15  # days: a quarter end nearer to the day itself is left out of the drawing
TICK_ROOM = 0.24  # of the time shown: labels nearer than this would touch below a chart
Series = list[tuple[date, float | None]]


@dataclass(frozen=True, slots=True)
class FigureForecast:
    """The figures of coming days without new evidence; `fewer_on`: the day from which they are under five, or None.

    `booked`: the same with seats taken in announced events.
    """

    points: Sequence[tuple[date, float]] = ()
    fewer_on: date | None = None
    booked: Sequence[tuple[date, float]] = ()

    def text(self, unit: str) -> str:
        """Return the last figure in words, "" without any."""
        if self.fewer_on is not None:
            return published.hidden_text()
        return labels.number(self.points[-1][1], unit) if self.points else ""


@dataclass(frozen=True, slots=True)
class DayFigure:
    """The figure of a day; None and "" for one that is not shown, None for a band."""

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
    days = _days(plan, history, line, asked)
    if asked.country and asked.is_coordinator and line.indicator.rule in published.VERIFIED:
        left_out.read_serving(days)
    series = [_figure(plan, history, line, asked, day, few) for day in days]
    return FigureHistory(series, _summary([figure for figure in series if figure.text]))


def trend(past: FigureHistory, line: IndicatorLine, forecast: FigureForecast, asked: PlanFilter) -> TrendChart | None:
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
        ahead=forecast.text(unit),
        forecast=_forecast_text(forecast, unit),
    )


def _target(line: IndicatorLine, asked: PlanFilter) -> IndicatorTarget | None:
    """Return the target of the year or the next one, None if the drawing shows a single country."""
    if asked.country and not asked.own_country:
        return None
    targets = targets_of(line.indicator)
    return next((target for target in targets if target.period >= asked.on.year), None)


def _drawing(series: Series, goal: float | None, forecast: FigureForecast, asked: PlanFilter) -> charts.Trend:
    drawn = [(day, value) for day, value in series if day == asked.on or (asked.on - day).days >= APART]
    points = _with_ticks(drawn, [day for day, _value in forecast.points], asked)
    ahead = zip(points[len(drawn) :], forecast.points, strict=True)
    return charts.trend(
        points[: len(drawn)],
        goal=goal,
        forecast=[ChartPoint(point.at, value, point.tick) for point, (_day, value) in ahead],
        booked=[ChartPoint(float(day.toordinal()), value) for day, value in forecast.booked],
        mirrored=direction(current()) == "rtl",
    )


def _last_value(series: Series) -> float:
    return next(value for _day, value in reversed(series) if value is not None)


def _forecast_text(forecast: FigureForecast, unit: str) -> str:
    if forecast.fewer_on is not None:
        return _("Without new results, fewer than 5 officers will count on %(day)s.", day=day_words(forecast.fewer_on))
    if not forecast.points:
        return ""
    alone = _(
        "Without new results, the figure will be %(n)s on %(day)s.",
        n=forecast.text(unit),
        day=day_words(forecast.points[-1][0]),
    )
    if not forecast.booked:
        return alone
    booked = labels.number(round(forecast.booked[-1][1]), unit)
    return " ".join((alone, _("With the seats taken in announced events, it will be about %(n)s.", n=booked)))


def _days(plan: Plan, history: History, line: IndicatorLine, asked: PlanFilter) -> list[date]:
    """Return the chosen day and the quarter ends before it, since the plan began."""
    starts = plan.head.period.starts if plan.head else asked.on
    last = _last_day(line, asked)
    past = [day for day in sorted(history) if day <= last and (starts - day).days <= 1]
    return [day for day in past if day == last or day == cells.quarter_end(day)]


def _last_day(line: IndicatorLine, asked: PlanFilter) -> date:
    """Return the day of the newest figure: of the community, or of the country in the filter."""
    is_of_country = asked.country and not asked.own_country
    return asked.table_day(line.indicator.rule) if is_of_country else line.day


def _figure(plan: Plan, history: History, line: IndicatorLine, asked: PlanFilter, day: date, few: Few) -> DayFigure:
    unit = line.indicator.unit
    if not asked.country or asked.own_country:
        value = published.of_day(history, line.indicator, day, few, asked).value
        return DayFigure(day, "" if value is None else labels.number(value, unit), value)
    totals = history[day].get(line.code)
    if totals is None:
        return DayFigure(day, "", None)
    table = tables.read(plan, totals.defined, totals.cells, asked, day=day)
    cell = table.cells.get(asked.country, HIDDEN)
    return DayFigure(day, table.text(asked.country), _value(cell))


def _value(cell: Published) -> float | None:
    if not isinstance(cell, Shown):
        return None
    return cell.n if cell.percent is None else cell.percent


def _with_ticks(
    series: Sequence[tuple[date, float | None]], ahead: Sequence[date], asked: PlanFilter
) -> list[ChartPoint]:
    """Return the points with as many labels below as fit; the first and the last always have a label."""
    every = [*series, *((day, None) for day in ahead)]
    quarters = [day.toordinal() for day in ahead if day == cells.quarter_end(day)]
    labelled = _labelled(
        [*(day.toordinal() for day, _value in series), *quarters], [day.toordinal() for day, _v in series[-1:]]
    )
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


def _summary(figures: Sequence[DayFigure]) -> str:
    if not figures:
        return _("There is no figure to show over time yet.")
    first, last = figures[0], figures[-1]
    if first == last:
        return _("%(n)s on %(day)s.", n=last.text, day=day_words(last.day))
    return _(
        "From %(before)s on %(first)s to %(now)s on %(last)s.",
        before=first.text,
        first=day_words(first.day),
        now=last.text,
        last=day_words(last.day),
    )
