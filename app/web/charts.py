"""The geometry of charts: from numbers to the attributes of lines, points and fields; templates draw them.

x runs in percent with the reading direction: `mirrored` gives the drawing for right-to-left text. y runs downwards.
Drawings without text are mirrored by the style sheet instead.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

Value = float | None
BEYOND = 1.08  # a target bar ends so far beyond its largest value
FLOOR, CEILING = 88.0, 8.0  # percent of a trend's height at which zero and the highest level stand
FIRST, LAST = 9.0, 95.0  # percent of its width between which time runs
LEVELS = 3
SPARK_HEIGHT, SPARK_TOP, SPARK_FLOOR = 28.0, 4.0, 26.0
FIELDS = (5, 7, 9, 11)  # from so many officers the first, second ... field of a matrix cell is full
LEAST = 1e-9  # what is below stands on the floor of a drawing
GAP = 0.25  # percent, on either side of a part of a stack


@dataclass(frozen=True, slots=True)
class Bar:
    """A target bar: how far, in percent, each sign stands from the start; None is left out."""

    now: str | None
    baseline: str | None
    expected: str | None
    target: str | None


@dataclass(frozen=True, slots=True)
class Marker:
    """A sign at a place of a chart."""

    x: str
    y: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A line across a chart at a value."""

    value: float
    y: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A word below a chart; `anchor` is start, middle or end."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time (any number that grows); `tick` stands below it; None: nothing to show."""

    at: float
    value: Value
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over time. `start` and `end` are the x of both edges, `path` and `dashed` fit a box of 100 by 100."""

    start: str
    end: str
    zero: str
    levels: tuple[Level, ...]
    goal: Level | None
    path: str
    dashed: str
    marks: tuple[Marker, ...]
    ticks: tuple[Tick, ...]
    last: Marker | None
    last_above: bool
    forecast: Marker | None
    falls: bool  # the forecast does


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line; `path` fits a box of 100 by 28."""

    path: str
    last: Marker | None


@dataclass(frozen=True, slots=True)
class StackSegment:
    """A part of a stack: where it begins and how wide it is, in percent; `kind` is 1 to 4."""

    x: str
    width: str
    kind: int


def target_bar(*, baseline: Value, now: Value, expected: Value, target: Value) -> Bar:
    """Return a bar on a scale of its own that ends a little beyond the largest of its values."""
    known = [value for value in (baseline, now, expected, target) if value is not None]
    most = max([0.0, *known]) * BEYOND

    def place(value: Value) -> str | None:
        return None if value is None or most <= LEAST else _percent(100 * max(0.0, value) / most)

    return Bar(place(now), place(baseline), place(expected), place(target))


def trend(
    points: Sequence[Point], *, goal: Value = None, forecast: Sequence[Point] = (), mirrored: bool = False
) -> Trend:
    """Return a line over time above zero; a missing value breaks it, the forecast goes on dashed from its end."""
    known = [point for point in points if point.value is not None]
    ahead = [*known[-1:], *forecast] if known and forecast else []
    values = [point.value for point in [*known, *ahead] if point.value is not None]
    highest = max([0.0, *values, *([goal] if goal is not None else [])])
    step, most = _scale(highest)
    times = [point.at for point in [*points, *forecast]]

    def x(at: float) -> float:
        span = times[-1] - times[0]
        across = FIRST + (LAST - FIRST) * ((at - times[0]) / span if span else 0.5)
        return 100 - across if mirrored else across

    def y(value: float) -> float:
        return FLOOR - (FLOOR - CEILING) * value / most

    def mark(point: Point, *, last: bool = False) -> Marker:
        return Marker(_percent(x(point.at)), _percent(y(point.value or 0)), last)

    runs = [[(x(p.at), y(p.value or 0)) for p in run] for there, run in groupby(points, _is_known) if there]
    return Trend(
        start=_percent(100 if mirrored else 0),
        end=_percent(0 if mirrored else 100),
        zero=_percent(FLOOR),
        levels=tuple(
            Level(step * n, _percent(y(step * n)))
            for n in range(1, LEVELS + 1)
            if _apart(step * n, goal, most) and step * n <= highest
        ),
        goal=None if goal is None else Level(goal, _percent(y(goal))),
        path="".join(_path(run) for run in runs if len(run) > 1),
        dashed=_path([(x(p.at), y(p.value or 0)) for p in ahead if p.value is not None]) if ahead else "",
        marks=tuple(mark(point, last=point is known[-1]) for point in known),
        ticks=tuple(_tick(x(p.at), p.tick) for p in [*points, *forecast] if p.tick),
        last=mark(known[-1], last=True) if known else None,
        last_above=bool(known) and y(known[-1].value or 0) > 72,
        forecast=mark(ahead[-1]) if ahead else None,
        falls=bool(ahead) and (ahead[-1].value or 0) < (ahead[0].value or 0),
    )


def spark(values: Sequence[Value]) -> Spark:
    """Return a small line whose lowest value stands below and whose highest above; gaps stay gaps."""
    known = [value for value in values if value is not None]
    if not known:
        return Spark("", None)
    low, high = min(known), max(known)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return SPARK_FLOOR - (SPARK_FLOOR - SPARK_TOP) * share

    places = [
        (100 * n / max(1, len(values) - 1), None if value is None else y(value)) for n, value in enumerate(values)
    ]
    runs = [
        [(x, y) for x, y in run if y is not None]
        for there, run in groupby(places, lambda place: place[1] is not None)
        if there
    ]
    end = runs[-1][-1]
    return Spark(
        "".join(_path(run) for run in runs if len(run) > 1),
        Marker(_percent(end[0]), _percent(100 * end[1] / SPARK_HEIGHT), last=True),
    )


def stack(numbers: Sequence[float]) -> tuple[StackSegment, ...]:
    """Return the parts of a whole side by side; nothing for an empty whole, four parts at most."""
    whole = sum(numbers)
    if whole <= 0:
        return ()
    edges = [100 * sum(numbers[:n]) / whole for n in range(len(numbers) + 1)]
    return tuple(
        StackSegment(_percent(left + GAP), _percent(max(0.0, right - left - 2 * GAP)), min(n, 4))
        for n, (left, right) in enumerate(pairwise(edges), 1)
        if right > left
    )


def full_fields(number: float) -> int:
    """Return how many of the four fields of a matrix cell are full."""
    return sum(number >= needed for needed in FIELDS)


def _is_known(point: Point) -> bool:
    return point.value is not None


def _scale(highest: float) -> tuple[float, float]:
    """Return the step between levels and the value at the ceiling: round numbers, three levels."""
    most = highest if highest > LEAST else 1.0
    rough = most / LEVELS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    if step < 1 and most >= 1:
        step = 1.0
    return step, most * 1.1


def _apart(value: float, goal: Value, most: float) -> bool:
    """Say whether a level would not touch the goal's words."""
    return goal is None or abs(value - goal) > most / 8


def _tick(x: float, text: str) -> Tick:
    anchor = "middle" if 12 < x < 88 else ("start" if x <= 12 else "end")
    return Tick(_percent(x), text, anchor)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if n else 'M'}{x:.4g} {y:.4g}" for n, (x, y) in enumerate(places))


def _percent(value: float) -> str:
    return f"{value:.4g}%"
