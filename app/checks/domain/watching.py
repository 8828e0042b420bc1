"""Rules about who watched evidence: own chain of an officer, results by invigilator within limits of chance.

The limits are those of a funnel plot: exact binomial limits that 95 and 99.8 % of results lie within, around the
result that all invigilators together have for the same mix of competencies.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

FEWEST_RESULTS = 20  # of an invigilator, before they are compared
FEWEST_OFFICERS = 10  # behind the results, before they are shown
MIN_GROUP = 5  # officers who passed, or did not: fewer are shown in a band
WARNING, ALARM = 0.95, 0.998  # share of results within the limits by chance alone

Stratum = TypeVar("Stratum")


class WatchingStatus(StrEnum):
    """How the results of an invigilator lie beside those of all."""

    WITHIN = "within"
    ABOVE = "above"  # outside 95 %
    BELOW = "below"
    FAR_ABOVE = "far_above"  # outside 99.8 %
    FAR_BELOW = "far_below"


OUTSIDE = frozenset(WatchingStatus) - {WatchingStatus.WITHIN}


@dataclass(frozen=True, slots=True)
class ResultCount(Generic[Stratum]):
    """The results of an invigilator in a stratum: a competency, level and kind of check."""

    invigilator: UUID
    stratum: Stratum
    results: int
    passed: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The fewest and most results that pass by chance alone, at a chance of 95 % and of 99.8 %."""

    low: int
    high: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class InvigilatorResult:
    """The results of an invigilator beside the share that all have for the same mix of competencies."""

    invigilator: UUID
    results: int
    passed: int
    rate: float  # of all, for the same mix
    limits: Limits

    @property
    def status(self) -> WatchingStatus:
        """Return how the results lie beside those of all."""
        return status(self.passed, self.limits)

    @property
    def difference(self) -> float:
        """Return the share that passed above (or below) the share of all."""
        return self.passed / self.results - self.rate


def in_own_chain(*, watcher_agency: UUID | None, officer_agency: UUID | None, supervises: bool) -> bool:
    """Return whether a watcher belongs to the officer's own chain: serves in the same agency, or supervises."""
    return supervises or (officer_agency is not None and watcher_agency == officer_agency)


def own_chain_at(pieces: Iterable[tuple[datetime, bool]], time: datetime) -> bool:
    """Return whether the own chain alone watched the newest of these pieces, the oldest first, up to a time."""
    newest = [own_chain_alone for done_at, own_chain_alone in pieces if done_at <= time]
    return bool(newest) and newest[-1]


def compared(
    counts: Sequence[ResultCount[Stratum]], totals: Mapping[Stratum, tuple[int, int]]
) -> list[InvigilatorResult]:
    """Return the invigilators with at least 20 results beside the limits, those furthest outside first.

    `totals` are the results and passed ones of all invigilators by stratum, each result once.
    """
    by_invigilator: dict[UUID, list[ResultCount[Stratum]]] = {}
    for count in counts:
        by_invigilator.setdefault(count.invigilator, []).append(count)
    results = [
        _result(invigilator, own, totals)
        for invigilator, own in by_invigilator.items()
        if sum(count.results for count in own) >= FEWEST_RESULTS
    ]
    return sorted(results, key=lambda result: (-_distance(result), str(result.invigilator)))


def overall_rate(totals: Iterable[tuple[int, int]]) -> float:
    """Return the share of all results that passed, 0 without any."""
    pairs = list(totals)
    results = sum(pair[0] for pair in pairs)
    return sum(pair[1] for pair in pairs) / results if results else 0.0


def limits(results: int, rate: float) -> Limits:
    """Return the exact binomial limits of so many results at a rate."""
    chances = _chances(results, rate)
    low, high = _central(chances, WARNING)
    lowest, highest = _central(chances, ALARM)
    return Limits(low, high, lowest, highest)


def status(passed: int, limits: Limits) -> WatchingStatus:
    """Return how a number of passed results lies beside the limits."""
    if passed > limits.highest:
        return WatchingStatus.FAR_ABOVE
    if passed < limits.lowest:
        return WatchingStatus.FAR_BELOW
    if passed > limits.high:
        return WatchingStatus.ABOVE
    return WatchingStatus.BELOW if passed < limits.low else WatchingStatus.WITHIN


def band(passed: int, results: int) -> tuple[int, int]:
    """Return the passed results as a range of five if few passed or few did not, else the number twice.

    Both ends are none or all of the results where the number is.
    """
    rest = results - passed
    if passed in {0, results} or min(passed, rest) >= MIN_GROUP:
        return passed, passed
    return (1, MIN_GROUP - 1) if passed < MIN_GROUP else (results - MIN_GROUP + 1, results - 1)


def _result(
    invigilator: UUID, own: Sequence[ResultCount[Stratum]], totals: Mapping[Stratum, tuple[int, int]]
) -> InvigilatorResult:
    results, passed = sum(count.results for count in own), sum(count.passed for count in own)
    rate = sum(count.results * overall_rate([totals[count.stratum]]) for count in own) / results
    return InvigilatorResult(invigilator, results, passed, rate, limits(results, rate))


def _distance(result: InvigilatorResult) -> float:
    """Return how far a result is from that of all, in standard deviations."""
    variance = result.rate * (1 - result.rate) / result.results
    return abs(result.difference) / math.sqrt(variance) if variance else 0.0


def _chances(n: int, p: float) -> list[float]:
    """Return the binomial probability of 0 to n."""
    if p <= 0 or p >= 1:
        certain = 0 if p <= 0 else n
        return [float(k == certain) for k in range(n + 1)]
    logs = math.lgamma(n + 1)
    return [
        math.exp(logs - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p))
        for k in range(n + 1)
    ]


def _central(chances: Sequence[float], within: float) -> tuple[int, int]:
    """Return the range outside of which lies at most half of the rest on either side."""
    tail = (1 - within) / 2
    return _first_above(chances, tail), len(chances) - 1 - _first_above(chances[::-1], tail)


def _first_above(chances: Sequence[float], tail: float) -> int:
    total = 0.0
    for k, chance in enumerate(chances):
        total += chance
        if total > tail:
            return k
    return len(chances) - 1
