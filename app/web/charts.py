"""The geometry of charts: from numbers to the attributes of lines, points and fields.

x runs in percent with the reading direction: `mirrored` gives the drawing for right-to-left text. y runs downwards.
Drawings without text are mirrored by the style sheet instead.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise

Value = float | None
Position = tuple[float, float]  # x and y
BEYOND = 1.08  # length of a target bar, relative to its largest value
FLOOR, CEILING = 88.0, 8.0  # percent of a trend's height at which zero and the highest level are drawn
FIRST, LAST = 9.0, 95.0  # percent of its width between which time runs
LOW_LABEL = 72.0  # percent of its height; below it the label of the last value is drawn above the line
LEVELS = 3
SPARK_HEIGHT, SPARK_TOP, SPARK_FLOOR = 28.0, 4.0, 26.0
FIELDS = (5, 7, 9, 11)  # the first, second ... field of a matrix cell is full from this number of officers
LEAST = 1e-9  # a smaller value is drawn as zero
GAP = 0.25  # percent, on either side of a part of a stack


@dataclass(frozen=True, slots=True)
class Bar:
    """A target bar: the distance of each sign from the start, in percent; None is left out."""

    now: str | None
    baseline: str | None
    expected: str | None
    target: str | None


@dataclass(frozen=True, slots=True)
class Marker:
    """A sign at a position of a chart."""

    x: str
    y: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class ChartLevel:
    """A line across a chart at a value."""

    value: float
    y: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below a chart; `anchor` is start, middle or end."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A value at a time (any number that grows) with the label below it; None: no value."""

    at: float
    value: Value
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over time. `start` and `end` are the x of both edges, `path` and `dashed` fit a box of 100 by 100."""

    start: str
    end: str
    zero: str
    levels: tuple[ChartLevel, ...]
    goal: ChartLevel | None
    path: str
    dashed: str
    markers: tuple[Marker, ...]
    ticks: tuple[Tick, ...]
    last: Marker | None
    last_above: bool
    forecast: Marker | None
    falls: bool  # whether the forecast ends below the last value, with room for a label below it
    booked: str = ""  # a second dashed path
    others: tuple[str, ...] = ()  # paths of further lines on the same scale


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
    end = max([0.0, *(value for value in (baseline, now, expected, target) if value is not None)]) * BEYOND
    return Bar(_along(now, end), _along(baseline, end), _along(expected, end), _along(target, end))


def trend(
    points: Sequence[ChartPoint],
    *,
    goal: Value = None,
    forecast: Sequence[ChartPoint] = (),
    booked: Sequence[ChartPoint] = (),
    others: Sequence[Sequence[ChartPoint]] = (),
    mirrored: bool = False,
) -> Trend:
    """Return a line over time above zero; a missing value breaks it, the forecast goes on dashed from its end.

    `booked`: another forecast on the days of the first one. `others`: further lines on days of the first one.
    """
    past = [point for point in points if point.value is not None]
    ahead = [*past[-1:], *forecast] if past and forecast else []
    timeline = [*points, *forecast]
    frame = _frame(timeline, [*past, *ahead, *booked, *chain(*others)], goal, mirrored=mirrored)
    last = _last_marker(frame, past)
    return Trend(
        start=frame.start,
        end=frame.end,
        zero=_percent(FLOOR),
        levels=_levels(frame, goal),
        goal=None if goal is None else frame.level(goal),
        path=_solid_path(frame, points),
        dashed=_dashed_path(frame, ahead),
        markers=(*(frame.marker(point) for point in past[:-1]), *filter(None, [last])),
        ticks=_ticks(frame, timeline),
        last=last,
        last_above=_is_low(frame, past),
        forecast=_last_marker(frame, ahead, last=False),
        falls=_falls(frame, ahead),
        booked=_second_path(frame, past, booked),
        others=tuple(_solid_path(frame, line) for line in others),
    )


def spark(values: Sequence[Value]) -> Spark:
    """Return a small line between the lowest and the highest value, interrupted at missing values."""
    numbers = [value for value in values if value is not None]
    if not numbers:
        return Spark("", None)
    positions = [_spark_position(n, value, values, numbers) for n, value in enumerate(values)]
    runs = _runs(positions)
    x, y = runs[-1][-1]
    return Spark(
        "".join(_path(run) for run in runs if len(run) > 1),
        Marker(_percent(x), _percent(100 * y / SPARK_HEIGHT), last=True),
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


def _along(value: Value, end: float) -> str | None:
    """Return how far from the start of a bar a value is drawn, or None without a value or a scale."""
    return None if value is None or end <= LEAST else _percent(100 * max(0.0, value) / end)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The scales of a trend: from times and values to percent of its width and height."""

    first: float
    last: float
    step: float
    highest: float
    ceiling: float
    mirrored: bool

    @property
    def start(self) -> str:
        """Return the x of the edge at which reading begins."""
        return _percent(100 if self.mirrored else 0)

    @property
    def end(self) -> str:
        """Return the x of the opposite edge."""
        return _percent(0 if self.mirrored else 100)

    def x(self, at: float) -> float:
        """Return the percentage of the width at which a time is drawn."""
        period = self.last - self.first
        across = FIRST + (LAST - FIRST) * ((at - self.first) / period if period else 0.5)
        return 100 - across if self.mirrored else across

    def y(self, value: float) -> float:
        """Return the percentage of the height at which a value is drawn."""
        return FLOOR - (FLOOR - CEILING) * value / self.ceiling

    def position(self, point: ChartPoint) -> Position:
        """Return where a point is drawn; a missing value is zero."""
        return self.x(point.at), self.y(point.value or 0)

    def marker(self, point: ChartPoint, *, last: bool = False) -> Marker:
        """Return the marker of a point."""
        x, y = self.position(point)
        return Marker(_percent(x), _percent(y), last)

    def level(self, value: float) -> ChartLevel:
        """Return the line across the chart at a value."""
        return ChartLevel(value, _percent(self.y(value)))


def _ticks(frame: _Frame, timeline: Sequence[ChartPoint]) -> tuple[Tick, ...]:
    return tuple(_tick(frame.x(point.at), point.tick) for point in timeline if point.tick)


def _frame(timeline: Sequence[ChartPoint], drawn: Sequence[ChartPoint], goal: Value, *, mirrored: bool) -> _Frame:
    """Return the scales for all times of a trend and for the values that it draws."""
    values = [point.value for point in drawn if point.value is not None]
    highest = max([0.0, *values, *([] if goal is None else [goal])])
    step, ceiling = _scale(highest)
    first, last = (timeline[0].at, timeline[-1].at) if timeline else (0.0, 0.0)
    return _Frame(first, last, step, highest, ceiling, mirrored)


def _levels(frame: _Frame, goal: Value) -> tuple[ChartLevel, ...]:
    """Return the lines across a trend that its values reach, without those that would touch the label of the goal."""
    values = [frame.step * n for n in range(1, LEVELS + 1)]
    return tuple(
        frame.level(value) for value in values if value <= frame.highest and _apart(value, goal, frame.ceiling)
    )


def _solid_path(frame: _Frame, points: Sequence[ChartPoint]) -> str:
    """Return the path through the values, interrupted where one is missing."""
    runs = _runs([None if point.value is None else frame.position(point) for point in points])
    return "".join(_path(run) for run in runs if len(run) > 1)


def _dashed_path(frame: _Frame, ahead: Sequence[ChartPoint]) -> str:
    """Return the path from the last value through the forecast."""
    return _path([frame.position(point) for point in ahead if point.value is not None])


def _last_marker(frame: _Frame, points: Sequence[ChartPoint], *, last: bool = True) -> Marker | None:
    """Return the marker of the last of these points, or None without points."""
    return frame.marker(points[-1], last=last) if points else None


def _is_low(frame: _Frame, past: Sequence[ChartPoint]) -> bool:
    """Return whether the last value is drawn so low that its label needs the space above."""
    return bool(past) and frame.position(past[-1])[1] > LOW_LABEL


def _second_path(frame: _Frame, past: Sequence[ChartPoint], booked: Sequence[ChartPoint]) -> str:
    """Return the path from the last value through another forecast, "" without one."""
    return _dashed_path(frame, [*past[-1:], *booked]) if past and booked else ""


def _falls(frame: _Frame, ahead: Sequence[ChartPoint]) -> bool:
    """Return whether the forecast ends below the last value, with room for a label below it."""
    return bool(ahead) and (ahead[-1].value or 0) < (ahead[0].value or 0) and not _is_low(frame, ahead)


def _spark_position(n: int, value: Value, values: Sequence[Value], numbers: Sequence[float]) -> Position | None:
    """Return where the n-th of the values is drawn in a small line, or None if it is missing."""
    if value is None:
        return None
    low, high = min(numbers), max(numbers)
    ratio = (value - low) / (high - low) if high > low else 0.5
    return 100 * n / max(1, len(values) - 1), SPARK_FLOOR - (SPARK_FLOOR - SPARK_TOP) * ratio


def _runs(positions: Sequence[Position | None]) -> list[list[Position]]:
    """Return the unbroken sequences of positions."""
    groups = groupby(positions, lambda position: position is not None)
    return [[position for position in run if position is not None] for is_drawn, run in groups if is_drawn]


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
    """Return whether the label of a level would not touch the label of the goal."""
    return goal is None or abs(value - goal) > most / 8


def _tick(x: float, text: str) -> Tick:
    return Tick(_percent(x), text, _anchor(x))


def _anchor(x: float) -> str:
    if x <= 12:
        return "start"
    return "middle" if x < 88 else "end"


def _path(positions: Sequence[Position]) -> str:
    return "".join(f"{'L' if n else 'M'}{x:.4g} {y:.4g}" for n, (x, y) in enumerate(positions))


def _percent(value: float) -> str:
    return f"{value:.4g}%"
