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


def funnel(points: Sequence[FunnelPoint], rate: float, *, fewest: int, mirrored: bool = False) -> Funnel:
    """Return the chart of these points around a share; `fewest` is the smallest number of results on it."""
    most = max([2 * fewest, *(point.results for point in points)])
    spread = ALARM_Z * _deviation(rate, fewest)
    reach = max([spread, 0.05, *(abs(point.difference) for point in points)]) * 1.05

    def across(results: float) -> float:
        position = FIRST + (LAST - FIRST) * (results - fewest) / (most - fewest)
        return 100 - position if mirrored else position

    def down(difference: float) -> float:
        return TOP + (BOTTOM - TOP) * (reach - difference) / (2 * reach)

    def path(z: float) -> str:
        counts = [fewest + (most - fewest) * step / STEPS for step in range(STEPS + 1)]
        lines = ([(across(n), down(_within(sign * z * _deviation(rate, n), rate))) for n in counts] for sign in (1, -1))
        return "".join(f"M{'L'.join(f'{x:.2f} {y:.2f}' for x, y in line)}" for line in lines)

    step = next((size for size in GRID if reach / size <= 3), GRID[-1])
    count = math.floor(reach / step)
    return Funnel(
        start=_percent(100 - FIRST + 7 if mirrored else FIRST - 7),
        end=_percent(across(most)),
        zero=_percent(down(0)),
        levels=tuple(
            ChartLevel(number * step, _percent(down(number * step))) for number in range(-count, count + 1) if number
        ),
        warning=path(WARNING_Z),
        alarm=path(ALARM_Z),
        markers=tuple(
            Marker(_percent(across(point.results)), _percent(down(point.difference)), last=point.outside)
            for point in points
        ),
        ticks=tuple(
            Tick(_percent(across(n)), str(n), "middle") for n in dict.fromkeys((fewest, (fewest + most) // 2, most))
        ),
    )


def _deviation(rate: float, results: float) -> float:
    return math.sqrt(rate * (1 - rate) / results)


def _within(difference: float, rate: float) -> float:
    """Return a difference that leaves the share between none and all."""
    return min(max(difference, -rate), 1 - rate)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
