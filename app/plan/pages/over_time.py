"""The line of an indicator over time: its figures as a table, as a drawing, and in a sentence."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan
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
from app.web.charts import Point

APART = 15  # days: a quarter end nearer to the day itself is left out of the drawing
TICK_ROOM = 0.24  # of the time shown: nearer than this, words below a chart would touch
Series = list[tuple[date, float | None]]


def series_of(plan: Plan, history: History, line: IndicatorLine, asked: PlanFilter, few: Few) -> Series:
    """Return the figure of each day that is shown, of one country where that is asked for."""
    return [(day, _value(plan, history, line, asked, day, few)) for day in sorted(history) if _is_back(day, asked)]


def over_time(plan: Plan, line: IndicatorLine, series: Series, asked: PlanFilter) -> dict[str, Any]:
    """Return the figures since the plan began as a table, with a sentence that sums them up."""
    starts = plan.head.period.starts if plan.head else asked.on
    series = [(day, value) for day, value in series if (starts - day).days <= 1]
    unit = line.indicator.unit
    known = [(day, value) for day, value in series if value is not None]
    return {
        "series": [(day, labels.number(value, unit) if value is not None else "", value) for day, value in series],
        "known": len(known),
        "unit_code": unit,
        "summary": _summary(line, known, asked),
    }


def trend(
    shown: Mapping[str, Any], line: IndicatorLine, forecast: Sequence[tuple[date, float]], asked: PlanFilter
) -> dict[str, Any] | None:
    """Return the drawing of the line over time with its words, or None with fewer than two figures."""
    if shown["known"] < 2:
        return None
    unit, aims = line.indicator.unit, targets_of(line.indicator)
    aim = next((one for one in aims if one.period >= asked.on.year), None)
    goal = aim.value if aim and not (asked.country and not asked.mine) else None
    drawn = [(day, value) for day, _text, value in shown["series"] if day == asked.on or (asked.on - day).days >= APART]
    points = _with_ticks(drawn, [day for day, _v in forecast], asked)
    drawing = charts.trend(
        points[: len(drawn)],
        goal=goal,
        forecast=[
            Point(point.at, value, point.tick)
            for point, (_day, value) in zip(points[len(drawn) :], forecast, strict=True)
        ],
        mirrored=direction(current()) == "rtl",
    )
    last = next(value for _day, _text, value in reversed(shown["series"]) if value is not None)
    return {
        "line": drawing,
        "format": lambda value: labels.number(value, unit),
        "goal": _("Target %(year)s: %(n)s", year=aim.period, n=labels.number(goal, unit))
        if aim and goal is not None
        else "",
        "last": labels.number(last, unit),
        "ahead": labels.number(forecast[-1][1], unit) if forecast else "",
        "forecast": _(
            "If nothing new comes, %(n)s will stand on %(day)s.",
            n=labels.number(forecast[-1][1], unit),
            day=day_words(forecast[-1][0]),
        )
        if forecast
        else "",
    }


def _is_back(day: date, asked: PlanFilter) -> bool:
    return day <= asked.on and (day == asked.on or day == cells.quarter_end(day))


def _value(plan: Plan, history: History, line: IndicatorLine, asked: PlanFilter, day: date, few: Few) -> float | None:
    if asked.country and not asked.mine:
        counted = history[day].get(line.code)
        # single cells are of quarter ends alone
        if counted is None or day != cells.quarter_end(day):
            return None
        seen = published.by_country(counted.defined.indicator, counted.cells, published.members(plan), asked).get(
            asked.country, HIDDEN
        )
        return (seen.share if seen.share is not None else seen.n) if isinstance(seen, Shown) else None
    return published.of_day(history, line.indicator, day, few, mine=asked.mine).value


def _with_ticks(series: Sequence[tuple[date, float | None]], ahead: Sequence[date], asked: PlanFilter) -> list[Point]:
    """Return the points with words below as many as have room; the first and the last always have some."""
    every = [*series, *((day, None) for day in ahead)]
    first, last = every[0][0].toordinal(), every[-1][0].toordinal()
    room = max(1.0, (last - first) * TICK_ROOM)
    told = [first, last, *(day.toordinal() for day, _value in series[-1:])]
    points = []
    for day, value in every:
        at = day.toordinal()
        if at not in told and all(abs(at - other) >= room for other in told):
            told.append(at)
        points.append(Point(float(at), value, _tick(day, asked) if at in told else ""))
    return points


def _tick(day: date, asked: PlanFilter) -> str:
    if day != cells.quarter_end(day):
        return _("Today") if day == asked.today else day_words(day)
    return labels.quarter(day)


def _summary(line: IndicatorLine, known: Sequence[tuple[date, float]], asked: PlanFilter) -> str:
    if not known:
        return _("There is no figure to show over time yet.")
    unit = line.indicator.unit
    (first, before), (last, now) = known[0], known[-1]
    if first == last:
        return _("%(n)s on %(day)s.", n=labels.number(now, unit), day=day_words(last))
    return _(
        "From %(before)s on %(first)s to %(now)s on %(last)s.",
        before=labels.number(before, unit),
        first=day_words(first),
        now=labels.number(now, unit),
        last=day_words(last),
    )
