"""Flags of items for trainers: which statistics show that a question needs work (capacity measure, section 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.statistics import (
    AnswerSums,
    Proofs,
    ProofSums,
    Stratum,
    histogram_median,
    language_bias,
    proofs,
    standard_error,
    wilson,
)

LEAST_SHOWN = 20  # first answers; below, no numbers are shown
LEAST_FLAGGED = 30
LEAST_OPTIONS = 100  # for a dead option
LEAST_LANGUAGE = 100  # in each of two languages
STRONG_LANGUAGE = 200  # below, the evidence is weak
LATEST = 30  # answers that are compared with the earlier ones
STRATA = 5
DEAD = 0.02
ONE_SIDED = 1.645
LEAST_SEPARATION = 0.10
TOO_EASY, ABOVE_GUESS, WITHOUT_COURSE = 0.95, 0.05, 0.10
LEAK_ERRORS, LEAK_TIME = 2.6, 0.6
MOST = 0.5  # of the answers: right without the line
BIASED, SIGNIFICANT = 1.5, 3.84


class ItemFlag(StrEnum):
    """A reason to look at an item, the most urgent first."""

    BROKEN_KEY = "broken_key"
    POSSIBLY_LEAKED = "possibly_leaked"
    NO_SEPARATION = "no_separation"
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    WITHOUT_COURSE = "without_course"
    WITHOUT_LINE = "without_line"
    LANGUAGE = "language"
    LANGUAGE_WEAK = "language_weak"
    DEAD_OPTION = "dead_option"
    EXPECTED_RATE = "expected_rate"


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What the flags need of an item: number of options and the right ones (0 and none for other kinds), guess rate.

    `pass_value` is the expected score of just-competent officers, None if trainers have not judged it. `lines` are
    those that prove the answer, as forms name lines; empty if no line is asked for.
    """

    options: int
    right: frozenset[int]
    guess: float
    pass_value: float | None = None
    lines: frozenset[str] = frozenset()

    @property
    def distractors(self) -> list[int]:
        """Return the wrong options, by position from 0."""
        return [option for option in range(self.options) if option not in self.right]


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """The first answers to a revision of an item for one purpose, each person once.

    `latest` are the last 30 answers, `earlier` all before; `best` are the options chosen by the third with the best
    rest; times are histograms of seconds; `strata` has the answers by language, each by rest from low to high.
    `borderline` are the answers of officers who are about as likely as not to have the skill. `proofs` are all answers
    by the line that is to prove them.
    """

    item: str
    revision: int
    purpose: Purpose
    earlier: AnswerSums = field(default_factory=AnswerSums)
    latest: AnswerSums = field(default_factory=AnswerSums)
    chosen: Mapping[int, int] = field(default_factory=dict)
    best: Mapping[int, int] = field(default_factory=dict)
    earlier_seconds: Mapping[int, int] = field(default_factory=dict)
    latest_seconds: Mapping[int, int] = field(default_factory=dict)
    strata: Mapping[str, Sequence[tuple[float, int]]] = field(default_factory=dict)
    borderline: AnswerSums = field(default_factory=AnswerSums)
    proofs: Mapping[str, ProofSums] = field(default_factory=dict)

    @property
    def all(self) -> AnswerSums:
        """Return the sums of all answers."""
        return self.earlier + self.latest

    @property
    def has_numbers(self) -> bool:
        """Return whether there are enough answers to show numbers."""
        return self.all.n >= LEAST_SHOWN

    @property
    def seconds(self) -> float | None:
        """Return the median time of an answer in seconds, None if it is not known."""
        values = {*self.earlier_seconds, *self.latest_seconds}
        return histogram_median(
            {value: self.earlier_seconds.get(value, 0) + self.latest_seconds.get(value, 0) for value in values}
        )


def flags(answers: ItemAnswers, key: ItemKey) -> tuple[ItemFlag, ...]:
    """Return the flags of an item, the most urgent first."""
    if answers.purpose is Purpose.PRETEST:
        raised = _flags_before_the_course(answers, key)
    else:
        raised = _flags_of_test(answers, key)
    raised |= _language_flags(answers)
    return tuple(flag for flag in ItemFlag if flag in raised)


def proved_answers(answers: ItemAnswers, key: ItemKey) -> Proofs | None:
    """Return how many answers, and how many of their lines, are right; None for an item that asks for no line."""
    return proofs(answers.proofs, key.lines) if key.lines and answers.proofs else None


def never_chosen(answers: ItemAnswers, key: ItemKey) -> list[int]:
    """Return the wrong options that no person chose; empty if there are too few answers for numbers."""
    if not answers.has_numbers:
        return []
    return [option for option in key.distractors if not answers.chosen.get(option)]


def most_chosen_wrong(answers: ItemAnswers, key: ItemKey) -> tuple[int, float] | None:
    """Return the wrong option that most people chose, with its rate; None if no person chose any."""
    option = max(key.distractors, key=lambda option: answers.chosen.get(option, 0), default=None)
    if option is None or not answers.chosen.get(option):
        return None
    return option, answers.chosen[option] / answers.all.n


def _flags_before_the_course(answers: ItemAnswers, key: ItemKey) -> set[ItemFlag]:
    n = answers.all.n
    if n < LEAST_FLAGGED or not key.options:
        return set()
    lower, _upper = wilson(answers.all.facility, n)
    return {ItemFlag.WITHOUT_COURSE} if lower > 1 / key.options + WITHOUT_COURSE else set()


def _flags_of_test(answers: ItemAnswers, key: ItemKey) -> set[ItemFlag]:
    n = answers.all.n
    if n < LEAST_FLAGGED:
        return set()
    lower, upper = wilson(answers.all.facility, n)
    checks = {
        ItemFlag.BROKEN_KEY: _has_broken_key(answers, key),
        ItemFlag.NO_SEPARATION: _does_not_separate(answers.all),
        ItemFlag.TOO_EASY: lower > TOO_EASY,
        ItemFlag.TOO_HARD: upper < key.guess + ABOVE_GUESS,
        ItemFlag.DEAD_OPTION: _has_dead_option(answers, key),
        ItemFlag.POSSIBLY_LEAKED: _is_possibly_leaked(answers),
        ItemFlag.WITHOUT_LINE: _is_found_without_the_line(answers, key),
        ItemFlag.EXPECTED_RATE: _has_wrong_pass_value(answers.borderline, key.pass_value),
    }
    return {flag for flag, is_raised in checks.items() if is_raised}


def _has_broken_key(answers: ItemAnswers, key: ItemKey) -> bool:
    """Return whether the best third chose a wrong option more often than every right one."""
    right = max((answers.best.get(option, 0) for option in key.right), default=0)
    best_distractor = max((answers.best.get(option, 0) for option in key.distractors), default=0)
    return best_distractor > right


def _does_not_separate(sums: AnswerSums) -> bool:
    correlation = sums.discrimination
    if correlation is None:
        return False
    return correlation + ONE_SIDED * standard_error(correlation, sums.n) < LEAST_SEPARATION


def _has_dead_option(answers: ItemAnswers, key: ItemKey) -> bool:
    n = answers.all.n
    return n >= LEAST_OPTIONS and any(answers.chosen.get(option, 0) < DEAD * n for option in key.distractors)


def _is_found_without_the_line(answers: ItemAnswers, key: ItemKey) -> bool:
    """Return whether most people, by the interval, find the answer without a line that proves it."""
    counts = proved_answers(answers, key)
    if counts is None or counts.n < LEAST_FLAGGED:
        return False
    return wilson(counts.without_line / counts.n, counts.n)[0] > MOST


def _has_wrong_pass_value(borderline: AnswerSums, pass_value: float | None) -> bool:
    """Return whether the rate of right answers of borderline officers, with its interval, excludes the pass value."""
    if pass_value is None or borderline.n < LEAST_FLAGGED:
        return False
    lower, upper = wilson(borderline.facility, borderline.n)
    return not lower <= pass_value <= upper


def _is_possibly_leaked(answers: ItemAnswers) -> bool:
    """Return whether the last 30 answers are better and much faster than the earlier ones."""
    earlier, latest = answers.earlier, answers.latest
    before, now = histogram_median(answers.earlier_seconds), histogram_median(answers.latest_seconds)
    if min(earlier.n, latest.n) < LATEST or before is None or now is None:
        return False
    rate = (earlier.score + latest.score) / (earlier.n + latest.n)
    error = sqrt(rate * (1 - rate) * (1 / earlier.n + 1 / latest.n))
    return latest.facility - earlier.facility > LEAK_ERRORS * error and now < LEAK_TIME * before


def _language_flags(answers: ItemAnswers) -> set[ItemFlag]:
    """Compare the language with most answers with each other language."""
    sizes = {language: sum(n for _right, n in strata) for language, strata in answers.strata.items()}
    ordered = sorted((language for language, n in sizes.items() if n >= LEAST_LANGUAGE), key=lambda name: -sizes[name])
    raised: set[ItemFlag] = set()
    for language in ordered[1:]:
        if _is_biased(answers.strata[ordered[0]], answers.strata[language]):
            is_strong = min(sizes[ordered[0]], sizes[language]) >= STRONG_LANGUAGE
            raised.add(ItemFlag.LANGUAGE if is_strong else ItemFlag.LANGUAGE_WEAK)
    return raised


def _is_biased(reference: Sequence[tuple[float, int]], other: Sequence[tuple[float, int]]) -> bool:
    bias = language_bias([Stratum(*low, *high) for low, high in zip(reference, other, strict=True)])
    return bias is not None and abs(bias.index) >= BIASED and bias.chi_square > SIGNIFICANT
