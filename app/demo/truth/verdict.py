"""Several seeds put together, beside what the capacity measure has to reach (the research's acceptance)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.demo.truth.scores import Score, mean
from app.demo.truth.trial import COMPLETION, EXPECTED

MOST_BIAS, MOST_RMSE, MOST_ECE = 0.04, 0.05, 0.06
LEAST_OFF = 0.40  # that a completion count is wrong by in this world
HEAD = f"{'what is reported':<22}{'bias':>8}{'RMSE':>8}{'ECE':>8}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one seed came to: scores by figure, weeks in which the truth lay in the likely range, pieces recorded."""

    scores: Mapping[str, Score]
    covered: float
    entries: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The means of several seeds."""

    scores: Mapping[str, Score]
    covered: float

    @property
    def faults(self) -> list[str]:
        """Return what misses the acceptance, in words; empty when all is well."""
        expected, counted = self.scores[EXPECTED], self.scores[COMPLETION]
        checks = {
            f"bias of the expected number beyond {MOST_BIAS}": abs(expected.bias) > MOST_BIAS,
            f"RMSE of the expected number above {MOST_RMSE}": expected.rmse > MOST_RMSE,
            f"ECE of the expected number {MOST_ECE} or more": expected.ece is None or expected.ece >= MOST_ECE,
            f"completion count not off by more than {LEAST_OFF}": abs(counted.bias) <= LEAST_OFF,
        }
        return [words for words, missed in checks.items() if missed]

    def lines(self) -> Iterator[str]:
        """Return the table, line by line."""
        yield HEAD
        for name, score in self.scores.items():
            ece = "" if score.ece is None else f"{score.ece:.3f}"
            yield f"{name:<22}{score.bias:>+8.3f}{score.rmse:>8.3f}{ece:>8}"
        yield f"The likely range held the truth in {self.covered:.0%} of the weeks."


def together(outcomes: Sequence[Outcome]) -> Verdict:
    """Return the means over seeds, the completion count first."""
    names = [COMPLETION, *(name for name in outcomes[0].scores if name != COMPLETION)]
    scores = {name: mean([one.scores[name] for one in outcomes]) for name in names}
    return Verdict(scores, sum(one.covered for one in outcomes) / len(outcomes))
