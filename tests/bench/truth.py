"""How near the capacity measure comes to the truth: eight hidden worlds lived through the services, in memory."""

import time

from app.demo.truth.command import OFFICERS, outcomes_of
from app.demo.truth.trial import COMPLETION, EXPECTED, HEADCOUNT
from app.demo.truth.verdict import LEAST_OFF, MOST_BIAS, MOST_ECE, MOST_RMSE, together
from tests.bench.figures import Figure
from tests.support.settings import LITE

SEEDS = range(200, 208)


def measure(seeds: range = SEEDS) -> list[Figure]:
    """Measure bias, root mean squared error and calibration in points, beside those of a completion count."""
    began = time.monotonic()
    found = together(list(outcomes_of(seeds, OFFICERS, refits=True)))
    took = time.monotonic() - began
    expected, heads, counted = (found.scores[name] for name in (EXPECTED, HEADCOUNT, COMPLETION))
    return [
        _points("truth: bias of the expected number", abs(expected.bias), MOST_BIAS),
        _points("truth: RMSE of the expected number", expected.rmse, MOST_RMSE),
        _points("truth: calibration (ECE)", expected.ece or 0.0, MOST_ECE),
        _points("truth: bias of the verified headcount", abs(heads.bias)),
        _points("truth: bias of a completion count", abs(counted.bias)),
        _points("truth: completion count too near it by", max(0.0, LEAST_OFF - abs(counted.bias)), 0.0),
        Figure(LITE, "truth: weeks in the likely range", found.covered * 100, "%"),
        Figure(LITE, f"truth: {len(seeds)} worlds of {OFFICERS} officers", took, "s"),
    ]


def _points(name: str, share: float, most: float | None = None) -> Figure:
    return Figure(LITE, name, share * 100, "points", None if most is None else most * 100)
