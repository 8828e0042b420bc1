"""A panel of judges estimates an item: of 100 officers who are just competent, how many answer it right (Angoff).

Two rounds: each judge alone, then again after they see how far the values are apart. The mean becomes the pass value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from uuid import UUID

LEAST_JUDGES = 3


class JudgingRound(StrEnum):
    FIRST = "first"
    SECOND = "second"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class JudgeValues:
    """The rates that a judge gave in both rounds, from 0 to 1; None: not yet."""

    person_id: UUID
    first: float | None = None
    second: float | None = None

    @property
    def newest(self) -> float | None:
        """Return the value of the second round, else that of the first."""
        return self.first if self.second is None else self.second

    def value(self, judging_round: JudgingRound) -> float | None:
        """Return the value of a round; after both rounds that of the second."""
        return self.first if judging_round is JudgingRound.FIRST else self.second


@dataclass(frozen=True, slots=True)
class Spread:
    """The lowest, the mean and the highest of some values."""

    lowest: float
    mean: float
    highest: float


def round_of(judges: Sequence[JudgeValues]) -> JudgingRound:
    """Return the round: the second begins when all judges gave a first value, and ends when all gave another one."""
    if any(judge.first is None for judge in judges):
        return JudgingRound.FIRST
    return JudgingRound.SECOND if any(judge.second is None for judge in judges) else JudgingRound.DONE


def missing_judges(judges: Sequence[JudgeValues]) -> list[UUID]:
    """Return the judges who have not given a value in this round."""
    judging_round = round_of(judges)
    return [judge.person_id for judge in judges if judge.value(judging_round) is None]


def can_leave_out(judges: Sequence[JudgeValues]) -> bool:
    """Return whether the panel may go on without the judges who are missing: at least three others gave a value."""
    missing = missing_judges(judges)
    return bool(missing) and len(judges) - len(missing) >= LEAST_JUDGES


def visible_spread(judges: Sequence[JudgeValues]) -> Spread | None:
    """Return the spread that the judges may see; None in the first round, in which each judges alone."""
    judging_round = round_of(judges)
    if judging_round is JudgingRound.FIRST or not judges:
        return None
    values = [judge.second if judging_round is JudgingRound.DONE else judge.first for judge in judges]
    rates = [value for value in values if value is not None]
    return Spread(min(rates), fmean(rates), max(rates))


def panel_mean(judges: Sequence[JudgeValues]) -> float | None:
    """Return the mean of the second values, rounded to hundredths; None before the end or with too few judges."""
    if len(judges) < LEAST_JUDGES or round_of(judges) is not JudgingRound.DONE:
        return None
    return round(fmean(judge.second for judge in judges if judge.second is not None), 2)
