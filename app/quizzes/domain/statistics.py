"""Statistics of items: facility, discrimination, intervals and language bias, from sums that the database computes.

The formulas are those of the capacity measure, section 8. Scores lie within 0..1; the rest of an answer is the mean
score of the other questions of its attempt.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean, pvariance

NORMAL = 1.96  # 95 % interval
LEAST_VARIANCE = 0.005  # of the correlations of a competency's items, between items
BIAS_SCALE = 2.35  # of the index of bias by language
_ZERO = 1e-9


@dataclass(frozen=True, slots=True)
class AnswerSums:
    """Sums over `n` answers: of scores, of rests, of their squares and of their products."""

    n: int = 0
    score: float = 0.0
    rest: float = 0.0
    score_squared: float = 0.0
    rest_squared: float = 0.0
    product: float = 0.0

    def __add__(self, other: "AnswerSums") -> "AnswerSums":
        """Return the sums over the answers of both."""
        return AnswerSums(
            self.n + other.n,
            self.score + other.score,
            self.rest + other.rest,
            self.score_squared + other.score_squared,
            self.rest_squared + other.rest_squared,
            self.product + other.product,
        )

    def without(self, part: "AnswerSums") -> "AnswerSums":
        """Return the sums over these answers but those of `part`, which are among them."""
        return AnswerSums(
            self.n - part.n,
            max(0.0, self.score - part.score),
            max(0.0, self.rest - part.rest),
            max(0.0, self.score_squared - part.score_squared),
            max(0.0, self.rest_squared - part.rest_squared),
            max(0.0, self.product - part.product),
        )

    @property
    def facility(self) -> float:
        """Return the mean score, 0 without answers."""
        return self.score / self.n if self.n else 0.0

    @property
    def score_variance(self) -> float:
        """Return the variance of the scores, 0 without answers."""
        return max(0.0, self.score_squared / self.n - (self.score / self.n) ** 2) if self.n else 0.0

    @property
    def discrimination(self) -> float | None:
        """Return the correlation of score and rest within -1..1, None if all scores or all rests are the same."""
        if self.n < 2:
            return None
        rest_variance = self.rest_squared / self.n - (self.rest / self.n) ** 2
        if self.score_variance < _ZERO or rest_variance < _ZERO:
            return None
        covariance = self.product / self.n - self.score * self.rest / self.n**2
        return min(1.0, max(-1.0, covariance / sqrt(self.score_variance * rest_variance)))


@dataclass(slots=True)
class ProofSums:
    """Answers with the same line as a proof: their number, those with the full score, and those with a score.

    With a right line the full score is a right answer; with another line or none, any score is one
    (`document_grading.proved_score`).
    """

    n: int = 0
    full: int = 0
    scored: int = 0

    def add(self, score: float) -> None:
        """Add an answer."""
        self.n += 1
        self.full += score > 1 - _ZERO
        self.scored += score > _ZERO


@dataclass(frozen=True, slots=True)
class Proofs:
    """Answers to an item that asks for a line: how many are right, have a right line, are right with a right line."""

    n: int
    right: int
    proved: int
    both: int

    @property
    def without_line(self) -> int:
        """Return the number of right answers without a right line."""
        return self.right - self.both


def proofs(by_line: Mapping[str, ProofSums], lines: Collection[str]) -> Proofs:
    """Return the answers of an item whose answer these lines prove."""
    proved = [sums for line, sums in by_line.items() if line in lines]
    others = [sums for line, sums in by_line.items() if line not in lines]
    both = sum(sums.full for sums in proved)
    return Proofs(
        n=sum(sums.n for sums in by_line.values()),
        right=both + sum(sums.scored for sums in others),
        proved=sum(sums.n for sums in proved),
        both=both,
    )


@dataclass(frozen=True, slots=True)
class TotalSums:
    """Sums over `n` attempts of the total score of their questions: of totals, of squares, and of question numbers."""

    n: int = 0
    total: float = 0.0
    total_squared: float = 0.0
    questions: float = 0.0


@dataclass(frozen=True, slots=True)
class Stratum:
    """Answers in two languages with a similar rest: sums of the scores, and numbers of answers."""

    reference_right: float
    reference_n: int
    other_right: float
    other_n: int


@dataclass(frozen=True, slots=True)
class LanguageBias:
    """The index of bias (positive: harder in the other language), and its chi-square."""

    index: float
    chi_square: float


def reliability(totals: TotalSums, items: Sequence[AnswerSums]) -> float | None:
    """Return the KR-20 of questions that attempts draw at random, at most 1; None if it is not defined.

    `items` are the answers of these attempts by item. With partial scores it is Cronbach's alpha, which is KR-20 for
    scores of 0 and 1.
    """
    if totals.n < 2:
        return None
    number = totals.questions / totals.n
    variance = (totals.total_squared - totals.total**2 / totals.n) / (totals.n - 1)
    if number <= 1 or variance < _ZERO:
        return None
    return number / (number - 1) * (1 - number * _mean_variance(items) / variance)


def standard_error(correlation: float, n: int) -> float:
    """Return the standard error of a correlation of `n` answers (at least 2)."""
    return (1 - correlation**2) / sqrt(n - 1)


def shrunken(correlations: Sequence[tuple[float, int]]) -> list[float]:
    """Return the correlations of a competency's items (each with its number of answers), moved towards their mean.

    The fewer answers an item has, the more it is moved.
    """
    if not correlations:
        return []
    values = [value for value, _n in correlations]
    errors = [standard_error(value, n) ** 2 for value, n in correlations]
    mean = fmean(values)
    between = max(LEAST_VARIANCE, pvariance(values) - fmean(errors))
    return [mean + (value - mean) * between / (between + error) for value, error in zip(values, errors, strict=True)]


def wilson(rate: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate of `n` answers (at least 1)."""
    middle = rate + NORMAL**2 / (2 * n)
    half = NORMAL * sqrt(rate * (1 - rate) / n + NORMAL**2 / (4 * n**2))
    scale = 1 + NORMAL**2 / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def histogram_median(counts: Mapping[int, int]) -> float | None:
    """Return the median of whole numbers that are counted by value, None without any."""
    total = sum(counts.values())
    if total == 0:
        return None
    lower = _value_at(counts, (total - 1) // 2)
    return (lower + _value_at(counts, total // 2)) / 2


def language_bias(strata: Sequence[Stratum]) -> LanguageBias | None:
    """Return the Mantel-Haenszel index over strata, None if right and wrong answers are not in both languages."""
    used = [stratum for stratum in strata if stratum.reference_n and stratum.other_n]
    favours_reference = favours_other = observed = expected = variance = 0.0
    for stratum in used:
        total = stratum.reference_n + stratum.other_n
        right = stratum.reference_right + stratum.other_right
        favours_reference += stratum.reference_right * (stratum.other_n - stratum.other_right) / total
        favours_other += (stratum.reference_n - stratum.reference_right) * stratum.other_right / total
        observed += stratum.reference_right
        expected += stratum.reference_n * right / total
        variance += stratum.reference_n * stratum.other_n * right * (total - right) / (total**2 * (total - 1))
    if favours_reference < _ZERO or favours_other < _ZERO or variance < _ZERO:
        return None
    chi_square = max(0.0, abs(observed - expected) - 0.5) ** 2 / variance
    return LanguageBias(BIAS_SCALE * log(favours_reference / favours_other), chi_square)


def _mean_variance(items: Sequence[AnswerSums]) -> float:
    """Return the mean variance of the scores within items, by their number of answers."""
    answers = sum(sums.n for sums in items)
    return sum(sums.n * sums.score_variance for sums in items) / answers if answers else 0.0


def _value_at(counts: Mapping[int, int], position: int) -> int:
    """Return the value at a position (from 0) of the sorted values."""
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if passed > position:
            return value
    raise ValueError("position beyond the last value")
