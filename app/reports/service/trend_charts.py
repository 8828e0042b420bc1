"""The drawing of a trend: geometry from `app/web/charts.py`, and labels in the current language.

WeasyPrint draws text in SVG letter by letter, which breaks Arabic: texts in the drawing are digits, words are in the
legend. It stretches strokes with their drawing, too: lines are drawn in pieces with percent coordinates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from babel import Locale
from flask_babel import format_decimal, format_percent, get_locale

from app.i18n.languages import current, direction
from app.reports.domain.document import Series, TrendBlock
from app.reports.service.trend_figures import days_of
from app.web import charts
from app.web.charts import ChartPoint

_PERCENT = frozenset({"percent", "%"})
_PLAIN = frozenset({"count", "number", ""})  # units that are not written
_TICK_ROOM = 0.2  # of the time shown: labels nearer than this would touch


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the legend; `look` is the look of the line: main, dash, long or other."""

    look: str
    name: str


@dataclass(frozen=True, slots=True)
class ChartStroke:
    """A straight piece of a line, in percent of the drawing."""

    x1: str
    y1: str
    x2: str
    y2: str
    look: str


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """A text at the height of a level."""

    y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChart:
    """The drawing of a trend with its texts."""

    line: charts.Trend
    strokes: Sequence[ChartStroke]
    levels: Sequence[ChartLabel]
    edge: str  # the anchor of labels at the start of the reading direction
    goal: str  # the target as a number, "" without
    goal_name: str  # for the legend
    last: str
    ahead: str
    unit: str
    legend: Sequence[LegendEntry]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The series of a trend by their look: a main line, at most two forecasts, others."""

    main: Series
    ahead: Sequence[Series]
    others: Sequence[Series]


def chart_of(trend: TrendBlock) -> ReportChart:
    """Return the drawing: the first series is the main line, others are thin; at most two forecasts are dashed."""
    lines = _lines(trend.series)
    line = _geometry(lines, trend.target)
    return ReportChart(
        line=line,
        strokes=_strokes(line),
        edge="start" if line.start == "0%" else "end",
        levels=[ChartLabel(level.y, number(level.value, trend.unit)) for level in line.levels],
        goal="" if trend.target is None else number(trend.target, trend.unit),
        goal_name=trend.target_label,
        last=_last(lines.main, trend.unit),
        ahead="".join(_last(series, trend.unit) for series in lines.ahead[:1]),
        unit="" if trend.unit in _PLAIN | _PERCENT else trend.unit,
        legend=_legend(lines),
    )


def _lines(all_series: Sequence[Series]) -> _Lines:
    past = [series for series in all_series if not series.is_forecast]
    ahead = [series for series in all_series if series.is_forecast]
    if not past:
        past, ahead = ahead[:1], ahead[1:]
    main, *others = past or [Series(name="", points=())]
    return _Lines(main, ahead[:2], others)


def _geometry(lines: _Lines, target: float | None) -> charts.Trend:
    ticks = _ticks([lines.main, *lines.ahead[:1]])
    ahead = [_drawn_points(series, ticks) for series in lines.ahead]
    empty: list[ChartPoint] = []
    forecast, booked = (*ahead, empty, empty)[:2]
    return charts.trend(
        _points(lines.main, ticks),
        goal=target,
        forecast=forecast,
        booked=booked,
        others=[_points(series, {}) for series in lines.others],
        mirrored=direction(current()) == "rtl",
    )


def number(value: float, unit: str) -> str:
    """Return a figure in the current language, a percentage with its sign."""
    if unit in _PERCENT:
        pattern = (get_locale() or Locale("en")).percent_formats[None].pattern
        return str(format_percent(value / 100, pattern.replace("0", "0.#") if value % 1 else pattern))
    return str(format_decimal(value, "#,##0.##"))


def _at(day: str) -> float:
    return float(date.fromisoformat(day).toordinal())


def _points(series: Series, ticks: dict[str, str]) -> list[ChartPoint]:
    points = sorted(series.points, key=lambda point: point.day)
    return [ChartPoint(_at(point.day), point.value, ticks.get(point.day, "")) for point in points]


def _drawn_points(series: Series, ticks: dict[str, str]) -> list[ChartPoint]:
    return [point for point in _points(series, ticks) if point.value is not None]


def _ticks(all_series: Sequence[Series]) -> dict[str, str]:
    """Return the labels below the chart: the first day, the last, and as many between as have room."""
    days = days_of(all_series)
    if not days:
        return {}
    room = (_at(days[-1]) - _at(days[0])) * _TICK_ROOM
    chosen = [days[0]]
    for day in days[1:-1]:
        if _at(day) - _at(chosen[-1]) >= room and _at(days[-1]) - _at(day) >= room:
            chosen.append(day)
    return {day: f"{day[5:7]}/{day[:4]}" for day in {*chosen, days[-1]}}


def _strokes(line: charts.Trend) -> list[ChartStroke]:
    """Return the pieces of all lines, the main line last and so on top."""
    paths = [*((path, "other") for path in line.others), (line.booked, "long"), (line.dashed, "dash")]
    return [piece for path, look in (*paths, (line.path, "main")) for piece in _pieces(path, look)]


def _pieces(path: str, look: str) -> list[ChartStroke]:
    """Return the pieces of a path of `charts`: M and L with two numbers each."""
    runs = [[point.split() for point in run.split("L")] for run in path.split("M") if run]
    return [
        ChartStroke(f"{x1}%", f"{y1}%", f"{x2}%", f"{y2}%", look)
        for run in runs
        for (x1, y1), (x2, y2) in pairwise(run)
    ]


def _last(series: Series, unit: str) -> str:
    values = [point.value for point in sorted(series.points, key=lambda point: point.day) if point.value is not None]
    return number(values[-1], unit) if values else ""


def _legend(lines: _Lines) -> list[LegendEntry]:
    dashed = [LegendEntry(look, series.name) for look, series in zip(("dash", "long"), lines.ahead, strict=False)]
    others = [LegendEntry("other", series.name) for series in lines.others]
    return [entry for entry in (LegendEntry("main", lines.main.name), *dashed, *others) if entry.name]
