"""How far a reported share is from the true one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Mean error, root of the mean squared error, and mean distance of chances from what came true (calibration)."""

    bias: float
    rmse: float
    ece: float | None = None  # None: no chances were given


def score(reported: Sequence[float], true: Sequence[float], ece: float | None = None) -> Score:
    """Return the score of shares reported week by week beside the true ones."""
    errors = [told - is_so for told, is_so in zip(reported, true, strict=True)]
    return Score(fmean(errors), math.sqrt(fmean(error * error for error in errors)), ece)


def calibration(chances: Sequence[float], came_true: Sequence[bool]) -> float:
    """Return the expected calibration error over ten bins of chances."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for chance, is_so in zip(chances, came_true, strict=True):
        bins[min(int(chance * BINS), BINS - 1)].append((chance, is_so))
    missed = sum(abs(sum(chance for chance, _ in each) - sum(is_so for _, is_so in each)) for each in bins)
    return missed / len(chances)


def mean(scores: Sequence[Score]) -> Score:
    """Return the mean of several seeds' scores; the calibration of those that have one."""
    known = [one.ece for one in scores if one.ece is not None]
    return Score(fmean(one.bias for one in scores), fmean(one.rmse for one in scores), fmean(known) if known else None)
