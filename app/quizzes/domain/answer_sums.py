"""Sums over first attempts from which the statistics of items follow; attempts are added in any order and grouping.

The rest of an answer is counted in 21 classes, 0 to 20: its mean score in twentieths, rounded. Strata and the best
third are made of whole classes, and the last 30 answers are stored, so that stored sums need no old answers again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from datetime import datetime
from heapq import heappush, heappushpop
from math import isclose
from typing import Any

from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.item_flags import LATEST, STRATA, ItemAnswers
from app.quizzes.domain.statistics import AnswerSums, ProofSums, TotalSums

CLASSES = 20  # steps of the rest from 0 to 1
THIRDS = 3
ROUNDING = 1e-9  # error of sums that are added in another order
Group = tuple[str, int, Purpose]  # item, revision, purpose


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """An answer in a first attempt: its score, the options chosen, and the seconds that it took (None: not known).

    `proof` is the line that is to prove it, as forms name lines; "" without one.
    """

    item: str
    revision: int
    competency: str
    score: float
    options: frozenset[int] = frozenset()
    seconds: int | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class FirstAttempt:
    """A person's first attempt at the questions before a course or at its test, with the answers still stored."""

    row_id: int
    purpose: Purpose
    language: str
    ended_at: datetime
    passed: bool
    answers: Sequence[FirstAnswer]


@dataclass(frozen=True, slots=True, order=True)
class LatestAnswer:
    """One of the last answers to an item."""

    ended_at: datetime
    attempt: int
    score: float
    rest: float
    seconds: int | None


@dataclass(slots=True)
class ClassSums:
    """The answers in a language with the same class of the rest: the sum of their scores and their number."""

    score: float = 0.0
    n: int = 0


@dataclass(slots=True)
class ItemSums:
    """Sums over the answers to a revision of an item for one purpose; `latest` is a heap with the oldest first.

    `languages` has the answers by language and class of the rest, `chosen` the options by class, `seconds` counts
    answers by time, `proofs` has them by the line that is to prove them.
    """

    item: str
    revision: int
    purpose: Purpose
    n: int = 0
    score: float = 0.0
    rest: float = 0.0
    score_squared: float = 0.0
    rest_squared: float = 0.0
    product: float = 0.0
    languages: dict[str, dict[int, ClassSums]] = field(default_factory=dict)
    chosen: dict[int, dict[int, int]] = field(default_factory=dict)
    seconds: dict[int, int] = field(default_factory=dict)
    latest: list[LatestAnswer] = field(default_factory=list)
    proofs: dict[str, ProofSums] = field(default_factory=dict)

    def add(self, attempt: FirstAttempt, answer: FirstAnswer, rest: float) -> None:
        """Add an answer; `rest` is the mean score of the other questions of its attempt."""
        score, rest_class = answer.score, round(rest * CLASSES)
        self.n += 1
        self.score += score
        self.rest += rest
        self.score_squared += score * score
        self.rest_squared += rest * rest
        self.product += score * rest
        sums = self.languages.setdefault(attempt.language, {}).setdefault(rest_class, ClassSums())
        sums.score += score
        sums.n += 1
        for option in answer.options:
            counts = self.chosen.setdefault(rest_class, {})
            counts[option] = counts.get(option, 0) + 1
        if answer.seconds is not None:
            self.seconds[answer.seconds] = self.seconds.get(answer.seconds, 0) + 1
        self.proofs.setdefault(answer.proof, ProofSums()).add(score)
        late = LatestAnswer(attempt.ended_at, attempt.row_id, score, rest, answer.seconds)
        if len(self.latest) < LATEST:
            heappush(self.latest, late)
        else:
            heappushpop(self.latest, late)

    def answers(self, *, has_options: bool, borderline: AnswerSums) -> ItemAnswers:
        """Return what the flags and the pages read; options only of an item that has some."""
        latest = _sums_of(self.latest)
        latest_seconds = _histogram(self.latest)
        earlier = {value: n - latest_seconds.get(value, 0) for value, n in self.seconds.items()}
        classes = self._class_sizes()
        return ItemAnswers(
            self.item,
            self.revision,
            self.purpose,
            earlier=self._sums().without(latest),
            latest=latest,
            chosen=_options(self.chosen, classes) if has_options else {},
            best=_options(self.chosen, _best(classes)) if has_options else {},
            earlier_seconds={value: n for value, n in earlier.items() if n},
            latest_seconds=latest_seconds,
            strata=self._strata(classes),
            borderline=borderline,
            proofs=self.proofs,
        )

    def _sums(self) -> AnswerSums:
        return AnswerSums(self.n, self.score, self.rest, self.score_squared, self.rest_squared, self.product)

    def _class_sizes(self) -> dict[int, int]:
        """Return the number of answers by class of the rest, the lowest class first."""
        sizes: dict[int, int] = {}
        for by_class in self.languages.values():
            for rest_class, sums in by_class.items():
                sizes[rest_class] = sizes.get(rest_class, 0) + sums.n
        return dict(sorted(sizes.items()))

    def _strata(self, classes: Mapping[int, int]) -> dict[str, list[tuple[float, int]]]:
        """Return the sum of scores and the number of answers by language and stratum, the lowest rest first."""
        stratum_of = strata(classes)
        result: dict[str, list[tuple[float, int]]] = {}
        for language, by_class in self.languages.items():
            lines = [(0.0, 0)] * STRATA
            for rest_class, sums in by_class.items():
                score, n = lines[stratum_of[rest_class]]
                lines[stratum_of[rest_class]] = (score + sums.score, n + sums.n)
            result[language] = lines
        return result


@dataclass(slots=True)
class CompetencyTotals:
    """Sums over first tests of the total score of the questions of a competency."""

    n: int = 0
    total: float = 0.0
    total_squared: float = 0.0
    questions: float = 0.0


@dataclass(slots=True)
class CourseSums:
    """Sums over the first attempts in a course; also stored as JSON: never rename a field, here or in its parts."""

    tests: int = 0
    passed: int = 0
    totals: dict[str, CompetencyTotals] = field(default_factory=dict)
    items: list[ItemSums] = field(default_factory=list)

    def totals_by_competency(self) -> dict[str, TotalSums]:
        """Return the sums of the total scores of first tests by competency."""
        return {
            name: TotalSums(sums.n, sums.total, sums.total_squared, sums.questions)
            for name, sums in self.totals.items()
        }


class Count:
    """Add first attempts to the sums of a course, each once."""

    def __init__(self, sums: CourseSums) -> None:
        self.sums = sums
        self._items: dict[Group, ItemSums] = {(item.item, item.revision, item.purpose): item for item in sums.items}

    def add(self, attempt: FirstAttempt) -> None:
        """Add an attempt."""
        total, others = sum(answer.score for answer in attempt.answers), len(attempt.answers) - 1
        for answer in attempt.answers:
            rest = min(1.0, max(0.0, (total - answer.score) / others)) if others else 0.0
            self._item((answer.item, answer.revision, attempt.purpose)).add(attempt, answer, rest)
        if attempt.purpose is Purpose.TEST:
            self._add_test(attempt)

    def _item(self, group: Group) -> ItemSums:
        sums = self._items.get(group)
        if sums is None:
            sums = self._items[group] = ItemSums(*group)
            self.sums.items.append(sums)
        return sums

    def _add_test(self, attempt: FirstAttempt) -> None:
        self.sums.tests += 1
        self.sums.passed += attempt.passed
        scores: dict[str, list[float]] = {}
        for answer in attempt.answers:
            scores.setdefault(answer.competency, []).append(answer.score)
        for competency, of_competency in scores.items():
            sums, total = self.sums.totals.setdefault(competency, CompetencyTotals()), sum(of_competency)
            sums.n += 1
            sums.total += total
            sums.total_squared += total * total
            sums.questions += len(of_competency)


def differ(left: CourseSums, right: CourseSums) -> bool:
    """Return whether two sums of a course are not those of the same attempts, whatever their order."""
    if (left.tests, left.passed) != (right.tests, right.passed):
        return True
    return not _same(asdict(left)["totals"], asdict(right)["totals"]) or not _same(_by_group(left), _by_group(right))


def _by_group(sums: CourseSums) -> dict[Group, Any]:
    return {
        (item.item, item.revision, item.purpose): asdict(item) | {"latest": [*map(astuple, sorted(item.latest))]}
        for item in sums.items
    }


def _same(left: Any, right: Any) -> bool:
    """Compare values inside dicts and sequences; numbers are the same up to the error of sums."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, float):
        return isclose(left, right, rel_tol=ROUNDING, abs_tol=ROUNDING)
    return bool(left == right)


def strata(classes: Mapping[int, int]) -> dict[int, int]:
    """Return the stratum (0 to 4) of each class: the fifth in which the middle of its answers lies.

    `classes` has the number of answers by class, the lowest class first.
    """
    total, below, result = sum(classes.values()), 0, {}
    for rest_class, n in classes.items():
        result[rest_class] = int(STRATA * (below + n / 2) / total)
        below += n
    return result


def _best(classes: Mapping[int, int]) -> Iterator[int]:
    """Yield the highest classes, until they have at least a third of the answers."""
    total, above = sum(classes.values()), 0
    for rest_class, n in sorted(classes.items(), reverse=True):
        if THIRDS * above >= total:
            return
        yield rest_class
        above += n


def _options(chosen: Mapping[int, Mapping[int, int]], classes: Collection[int] | Iterator[int]) -> dict[int, int]:
    """Return how often each option was chosen by people in these classes."""
    counts: dict[int, int] = {}
    for rest_class in classes:
        for option, n in chosen.get(rest_class, {}).items():
            counts[option] = counts.get(option, 0) + n
    return counts


def _sums_of(latest: Sequence[LatestAnswer]) -> AnswerSums:
    sums = AnswerSums()
    for answer in sorted(latest):
        score, rest = answer.score, answer.rest
        sums += AnswerSums(1, score, rest, score * score, rest * rest, score * rest)
    return sums


def _histogram(latest: Sequence[LatestAnswer]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for answer in latest:
        if answer.seconds is not None:
            counts[answer.seconds] = counts.get(answer.seconds, 0) + 1
    return counts
