"""Bias, RMSE and calibration error of reported ratios against the true ones, for the truth test."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Mean error, root mean square error, and expected calibration error."""

    bias: float
    rmse: float
    ece: float | None = None  # None without chances


def score(reported: Sequence[float], true: Sequence[float], ece: float | None = None) -> Score:
    """Return the score of weekly reported ratios against the true ones."""
    errors = [estimate - value for estimate, value in zip(reported, true, strict=True)]
    return Score(fmean(errors), math.sqrt(fmean(error * error for error in errors)), ece)


def calibration(chances: Sequence[float], came_true: Sequence[bool]) -> float:
    """Return the expected calibration error over ten bins of chances."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for chance, is_so in zip(chances, came_true, strict=True):
        bins[min(int(chance * BINS), BINS - 1)].append((chance, is_so))
    missed = sum(abs(sum(chance for chance, _ in each) - sum(is_so for _, is_so in each)) for each in bins)
    return missed / len(chances)


def mean(scores: Sequence[Score]) -> Score:
    """Return the mean of scores. The calibration is the mean of scores that have it."""
    calibrations = [seed_score.ece for seed_score in scores if seed_score.ece is not None]
    return Score(
        fmean(seed_score.bias for seed_score in scores),
        fmean(seed_score.rmse for seed_score in scores),
        fmean(calibrations) if calibrations else None,
    )
