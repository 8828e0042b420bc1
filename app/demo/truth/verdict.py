"""The mean result of several seeds of the truth test, and the limits that the capacity measure must reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.demo.truth.scores import Score, mean
from app.demo.truth.trial import COMPLETION, EXPECTED

BASE_WORLD = "base"
MOST_BIAS, MOST_RMSE, MOST_ECE = 0.04, 0.05, 0.06
# results of the research in the other worlds, and the allowed difference
WANTED: Mapping[str, Score] = {
    "guess90": Score(0.018, 0.033, 0.032),
    "click30": Score(-0.020, 0.025, 0.027),
    "watched30": Score(-0.021, 0.043, 0.036),
}
NEAR = 0.03
LEAST_OFF = 0.40  # least bias of a completion count in this world
HEAD = f"{'what is reported':<22}{'bias':>8}{'RMSE':>8}{'ECE':>8}"


@dataclass(frozen=True, slots=True)
class SeedOutcome:
    """The result of a seed: scores by figure, ratio of weeks with the truth in the likely range, and activities."""

    scores: Mapping[str, Score]
    covered: float
    entries: int


@dataclass(frozen=True, slots=True)
class TrialVerdict:
    """The means of several seeds."""

    scores: Mapping[str, Score]
    covered: float
    world: str = BASE_WORLD

    @property
    def faults(self) -> list[str]:
        """Return a text for each missed limit."""
        expected, counted = self.scores[EXPECTED], self.scores[COMPLETION]
        if self.world != BASE_WORLD:
            return _far(expected, WANTED[self.world])
        checks = {
            f"bias of the expected number beyond {MOST_BIAS}": abs(expected.bias) > MOST_BIAS,
            f"RMSE of the expected number above {MOST_RMSE}": expected.rmse > MOST_RMSE,
            f"ECE of the expected number {MOST_ECE} or more": expected.ece is None or expected.ece >= MOST_ECE,
            f"completion count not off by more than {LEAST_OFF}": abs(counted.bias) <= LEAST_OFF,
        }
        return [text for text, missed in checks.items() if missed]

    def lines(self) -> Iterator[str]:
        """Return the lines of the table."""
        yield HEAD
        for name, score in self.scores.items():
            ece = "" if score.ece is None else f"{score.ece:.3f}"
            yield f"{name:<22}{score.bias:>+8.3f}{score.rmse:>8.3f}{ece:>8}"
        yield f"The likely range held the truth in {self.covered:.0%} of the weeks."


def together(outcomes: Sequence[SeedOutcome], world: str = BASE_WORLD) -> TrialVerdict:
    """Return the means over the seeds of a world, the completion count first."""
    names = [COMPLETION, *(name for name in outcomes[0].scores if name != COMPLETION)]
    scores = {name: mean([outcome.scores[name] for outcome in outcomes]) for name in names}
    return TrialVerdict(scores, sum(outcome.covered for outcome in outcomes) / len(outcomes), world)


def _far(expected: Score, wanted: Score) -> list[str]:
    """Return a text for each figure that is worse than the expected score by more than `NEAR`."""
    checks = {
        f"bias of the expected number not within {NEAR} of {wanted.bias:+}": abs(expected.bias - wanted.bias) > NEAR,
        f"RMSE of the expected number more than {NEAR} above {wanted.rmse}": expected.rmse > wanted.rmse + NEAR,
        f"ECE of the expected number more than {NEAR} above {wanted.ece}": (
            expected.ece is None or expected.ece > (wanted.ece or 0.0) + NEAR
        ),
    }
    return [text for text, missed in checks.items() if missed]
