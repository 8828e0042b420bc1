"""Surprise checks as a sample: the bias of the capacity measure for a competency, and the likely range of sums."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.competence.domain import measure
from app.competence.domain.measure import Parameters

GRID = tuple(-2 + 0.025 * step for step in range(161))
PRIOR_SD = 0.4
LEAST_CHECKS = 20  # surprise checks after which an audited number speaks for a group that was rarely watched
MORE_SE = 0.10  # doubt that no sample shows
LOGISTIC = 0.39  # how much a doubtful level flattens the expected share
SURE = 1.96


@dataclass(frozen=True, slots=True)
class SurpriseCheck:
    """A surprise check, with the level and variance projected to the moment before it."""

    level: float
    var: float
    score: float
    pass_mark: float
    items: int
    trust: float
    guess: float


@dataclass(frozen=True, slots=True)
class LevelShift:
    """The estimated bias of all levels of a competency, in logits, and its standard error."""

    delta: float
    se: float

    @property
    def agrees(self) -> bool:
        """Return whether the surprise checks agree with the measure."""
        return abs(self.delta) <= SURE * self.se

    @property
    def range(self) -> tuple[float, float]:
        """Return the lower and the upper end of the 95 % interval of the bias."""
        return self.delta - SURE * self.se, self.delta + SURE * self.se


def is_known(need: int, watched: int) -> bool:
    """Return whether at least half of a group was ever watched, so that its "able today" may be shown."""
    return 2 * watched >= need


def estimated_shift(checks: Sequence[SurpriseCheck], k: Parameters) -> LevelShift | None:
    """Return the bias that these surprise checks show, or None without any."""
    if not checks:
        return None
    logs = [sum(log_likelihood(check, delta, k) for check in checks) - 0.5 * (delta / PRIOR_SD) ** 2 for delta in GRID]
    top = max(logs)
    weights = [math.exp(log - top) for log in logs]
    total = sum(weights)
    mean = sum(w * delta for w, delta in zip(weights, GRID, strict=True)) / total
    var = sum(w * (delta - mean) ** 2 for w, delta in zip(weights, GRID, strict=True)) / total
    return LevelShift(mean, math.sqrt(var + MORE_SE**2))


def p(level: float, var: float, delta: float) -> float:
    """Return the chance to be above the pass mark, given a bias `delta` of all levels."""
    return measure.normal((level + delta) / math.sqrt(var))


def likely_range(chances: Iterable[float], *, lows: Iterable[float], highs: Iterable[float]) -> tuple[float, float]:
    """Return the likely range of a sum of chances, given the chances at both ends of the bias."""
    probabilities = list(chances)
    variance = sum(chance * (1 - chance) for chance in probabilities)
    return widened_range(sum(lows), sum(highs), variance, len(probabilities))


def widened_range(low: float, high: float, var: float, need: int) -> tuple[float, float]:
    """Return the likely range of a sum over `need` officers, by its variance and values at both ends of the bias."""
    chance = SURE * math.sqrt(var)
    return max(0.0, low - chance), min(float(need), high + chance)


def log_likelihood(check: SurpriseCheck, delta: float, k: Parameters) -> float:
    """Return the log likelihood of a check, given a bias `delta` of all levels."""
    n = measure.weight(check.items, check.trust, k)
    easy = measure.offset(check.pass_mark, check.guess)
    guess = check.guess
    q = guess + (1 - guess) / (1 + math.exp(-(check.level + delta + easy) / math.sqrt(1 + LOGISTIC * check.var)))
    w = q * (1 - q) / n + ((q - guess) * (1 - q) / (1 - guess)) ** 2 * check.var
    return -0.5 * (math.log(w) + (check.score - q) ** 2 / w)
