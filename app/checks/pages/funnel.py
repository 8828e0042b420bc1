"""The geometry of a funnel chart: differences from a common share by number of results, between limits of chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.web.charts import FIRST, LAST, ChartLevel, Marker, Tick

WARNING_Z, ALARM_Z = 1.96, 3.09  # standard deviations that 95 and 99.8 % lie within
STEPS = 40
TOP, BOTTOM = 6.0, 88.0  # percent of the height between which differences run
GRID = (0.1, 0.2, 0.25, 0.5)  # distances of lines across the chart


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """Results of a group: their number and the difference of their share from the common one."""

    results: int
    difference: float
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel chart; the paths fit a box of 100 by 100, `levels` are lines at differences."""

    start: str
    end: str
    zero: str
    levels: tuple[ChartLevel, ...]
    warning: str
    alarm: str
    markers: tuple[Marker, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From results and differences to percent of the width and height."""

    fewest: int
    most: int
    reach: float
    mirrored: bool

    def x(self, results: float) -> float:
        """Return the percentage of the width at which a number of results is drawn."""
        position = FIRST + (LAST - FIRST) * (results - self.fewest) / (self.most - self.fewest)
        return 100 - position if self.mirrored else position

    def y(self, difference: float) -> float:
        """Return the percentage of the height at which a difference is drawn."""
        return TOP + (BOTTOM - TOP) * (self.reach - difference) / (2 * self.reach)


def funnel(points: Sequence[FunnelPoint], rate: float, *, fewest: int, mirrored: bool = False) -> Funnel:
    """Return the chart of these points around a share; `fewest` is the smallest number of results on it."""
    most = max([2 * fewest, *(point.results for point in points)])
    furthest = max([ALARM_Z * _deviation(rate, fewest), 0.05, *(abs(point.difference) for point in points)])
    scale = _Scale(fewest, most, furthest * 1.05, mirrored)
    return Funnel(
        start=_percent(100 if mirrored else 0),
        end=_percent(scale.x(most)),
        zero=_percent(scale.y(0)),
        levels=_levels(scale),
        warning=_limits(scale, rate, WARNING_Z),
        alarm=_limits(scale, rate, ALARM_Z),
        markers=tuple(_marker(scale, point) for point in points),
        ticks=tuple(
            Tick(_percent(scale.x(results)), str(results), "middle") for results in (fewest, (fewest + most) // 2, most)
        ),
    )


def _levels(scale: _Scale) -> tuple[ChartLevel, ...]:
    """Return lines across the chart at even distances on both sides of zero."""
    step = next((size for size in GRID if scale.reach / size <= 3), GRID[-1])
    count = math.floor(scale.reach / step)
    values = [sign * number * step for sign in (-1, 1) for number in range(1, count + 1)]
    return tuple(ChartLevel(value, _percent(scale.y(value))) for value in values)


def _limits(scale: _Scale, rate: float, z: float) -> str:
    """Return the path of both limits at a number of standard deviations."""
    counts = [scale.fewest + (scale.most - scale.fewest) * step / STEPS for step in range(STEPS + 1)]
    return "".join(_limit(scale, counts, rate, sign * z) for sign in (1, -1))


def _limit(scale: _Scale, counts: Sequence[float], rate: float, z: float) -> str:
    positions = [(scale.x(n), scale.y(_within(z * _deviation(rate, n), rate))) for n in counts]
    return f"M{'L'.join(f'{x:.2f} {y:.2f}' for x, y in positions)}"


def _marker(scale: _Scale, point: FunnelPoint) -> Marker:
    return Marker(_percent(scale.x(point.results)), _percent(scale.y(point.difference)), last=point.outside)


def _deviation(rate: float, results: float) -> float:
    return math.sqrt(rate * (1 - rate) / results)


def _within(difference: float, rate: float) -> float:
    """Return a difference that leaves the share between none and all."""
    return min(max(difference, -rate), 1 - rate)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
