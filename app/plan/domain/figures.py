"""Compute a figure from sums of contributions, its planned value on a day, and its status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from app.catalogue.domain.references.plan import Baseline, Indicator, IndicatorTarget
from app.plan.domain.definitions import MEANS, SHARES, Collected, collected_by
from app.plan.domain.sums import EVERY, TOLERANCE, FigureSum

INHERITED_UNITS = frozenset({"percent", "percentage_points", "ratio", "score", "hours", "days"})
LOWER_IS_BETTER = frozenset({"hours", "days"})


class IndicatorStatus(StrEnum):
    """The status of an indicator: its figure compared with the planned value of the day."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    NO_DATA = "no_data"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest ratio of the planned progress that is on track, and that is at risk. Illustrative."""

    on_track: float = 0.9
    at_risk: float = 0.6


THRESHOLDS = Thresholds()


def summed_in(agency_kind: str, role: str) -> tuple[tuple[str, str], ...]:
    """Return the keys (kind of agency, role) of the rollups that a cell is added to: its own, and three with EVERY."""
    return (agency_kind, role), (agency_kind, EVERY), (EVERY, role), (EVERY, EVERY)


def total(sums: Mapping[str, FigureSum]) -> FigureSum:
    """Return the sum over all cells."""
    return sum(sums.values(), FigureSum())


def figure(rule: str, unit: str, settings: Mapping[str, Any], sums: Mapping[str, FigureSum]) -> float | None:
    """Return the figure of the sums by country, percents from 0 to 100; None if there is no figure.

    Without records it is 0 if the platform counts it, and None if people report it.
    """
    if rule == "active_countries":
        needed = settings.get("officers", 1)
        return float(sum(cell.numerator >= needed for country, cell in sums.items() if country))
    whole = total(sums)
    if rule in SHARES | MEANS:
        return _ratio(whole, unit)
    is_counted = collected_by(rule, unit, settings) in {Collected.PLATFORM, Collected.NOT_YET}
    return whole.numerator if is_counted or whole.denominator > TOLERANCE else None


def _ratio(whole: FigureSum, unit: str) -> float | None:
    """Return numerator by denominator in the unit, or None without a denominator."""
    if not whole.denominator > TOLERANCE:
        return None
    ratio = whole.numerator / whole.denominator
    return ratio * 100 if unit == "percent" else ratio


def targets_of(indicator: Indicator, country: str = "") -> tuple[IndicatorTarget, ...]:
    """Return the targets of a country, or of the community, by the last day of their year or quarter.

    A country without a target inherits the community's share.
    """
    targets = [target for target in indicator.targets if (target.country or "") == country]
    if country and not targets and inherits(indicator):
        return targets_of(indicator)
    return tuple(sorted(targets, key=lambda target: target.ends))


def inherits(indicator: Indicator) -> bool:
    """Return whether the community's target is one for each country as well: of shares, not of counts."""
    return indicator.unit in INHERITED_UNITS


def last_target(indicator: Indicator, country: str = "") -> IndicatorTarget | None:
    """Return the last target of a country, or of the community."""
    return next(reversed(targets_of(indicator, country)), None)


def expected(baseline: Baseline, targets: Sequence[IndicatorTarget], day: date) -> float | None:
    """Return the planned value of a day: on a line from the baseline over the ends of the years; None without a target.

    Before the first point, and without a measured baseline before the first target, the line is level.
    """
    points = [(target.ends.toordinal(), target.value) for target in targets]
    return _on_line(_from_baseline(baseline, points), day.toordinal()) if points else None


def _from_baseline(baseline: Baseline, points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the points with the baseline before them, if it was measured before the first of them."""
    if baseline.value is None or baseline.as_of is None or baseline.as_of.toordinal() >= points[0][0]:
        return points
    return [(baseline.as_of.toordinal(), baseline.value), *points]


def _on_line(points: Sequence[tuple[int, float]], at: int) -> float:
    """Return the value at a day on the line through the points; before and after them it is level."""
    if at <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return points[-1][1]


def lower_is_better(baseline: Baseline, targets: Sequence[IndicatorTarget], unit: str) -> bool:
    """Return whether a smaller value is the aim: times, targets of zero, and targets below the baseline."""
    if unit in LOWER_IS_BETTER or (targets and not targets[-1].value):
        return True
    return baseline.value is not None and bool(targets) and targets[-1].value < baseline.value


def status(
    value: float | None,
    indicator: Indicator,
    *,
    day: date,
    starts: date,
    country: str = "",
    thresholds: Thresholds = THRESHOLDS,
) -> IndicatorStatus:
    """Compare a figure with the planned value of the day; `starts` is the plan's first day."""
    targets = targets_of(indicator, country)
    planned = expected(indicator.baseline, targets, day)
    if planned is None or day < starts:
        return IndicatorStatus.NOT_DUE
    if value is None:
        return IndicatorStatus.NO_DATA
    progress = _progress(
        value, planned, indicator.baseline, lower_is_better(indicator.baseline, targets, indicator.unit)
    )
    if progress >= thresholds.on_track - TOLERANCE:
        return IndicatorStatus.ON_TRACK
    return IndicatorStatus.AT_RISK if progress >= thresholds.at_risk - TOLERANCE else IndicatorStatus.BEHIND


def _progress(value: float, planned: float, baseline: Baseline, falls: bool) -> float:
    """Return the ratio of actual to planned progress since the baseline; without one, of the values themselves."""
    if baseline.value is not None:
        gained, due = value - baseline.value, planned - baseline.value
        if falls:
            gained, due = -gained, -due
        return gained / due if due > TOLERANCE else 1.0 + gained
    if falls:
        return planned / value if value > TOLERANCE else 1.0
    return value / planned if planned > TOLERANCE else 1.0
