"""Solvers that know only the form of the options: their words (naive Bayes), their length.

Each returns the share of items that it answers right, 0..1; options that tie share the hit.
"""

import hashlib
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.catalogue.domain.clues.choices import SingleChoice

FOLDS = 5
LUCK_SEED, LUCK_ROUNDS = 20261128, 200
ONE_IN_TWENTY = 0.95


@dataclass(frozen=True, slots=True)
class LuckyHits:
    """Hits of the word solver when keys are drawn at random: the mean, and what one round in twenty exceeds."""

    mean: float
    one_in_twenty: float


def word_hits(training: Sequence[SingleChoice], choices: Sequence[SingleChoice]) -> float:
    """Return the hits of multinomial naive Bayes on the words of options, with add-one smoothing."""
    return _WordSolver(training).hits(choices)


def found_by_words(training: Sequence[SingleChoice], choices: Sequence[SingleChoice]) -> list[str]:
    """Return the ids of the items whose right option has, alone, the best words."""
    solver = _WordSolver(training)
    return [choice.id for choice in choices if solver.hits([choice]) == 1]


def lucky_hits(training: Sequence[SingleChoice], choices: Sequence[SingleChoice]) -> LuckyHits:
    """Return what `word_hits` reaches with random keys; the seed is fixed, so that figures can be compared."""
    luck = random.Random(LUCK_SEED)  # noqa: S311
    solver = _WordSolver(training)
    hits = []
    for _ in range(LUCK_ROUNDS):
        solver.learn(_with_random_keys(training, luck))
        hits.append(solver.hits(_with_random_keys(choices, luck)))
    ordered = sorted(hits)
    return LuckyHits(sum(ordered) / LUCK_ROUNDS, ordered[int(LUCK_ROUNDS * ONE_IN_TWENTY)])


def hits_inside(choices: Sequence[SingleChoice]) -> float:
    """Return the hits of the word solver inside one bank, in five folds by the hash of the id."""
    folds: list[list[SingleChoice]] = [[] for _ in range(FOLDS)]
    for choice in choices:
        folds[_fold(choice.id)].append(choice)
    total = 0.0
    for index, fold in enumerate(folds):
        training = [choice for choice in choices if _fold(choice.id) != index]
        total += word_hits(training, fold) * len(fold)
    return total / len(choices) if choices else 0.0


def length_hits(choices: Sequence[SingleChoice], pick: Callable[[Iterable[float]], float]) -> float:
    """Return the hits of a solver that takes the longest (`max`) or the shortest (`min`) option."""
    return _share(_hit([len(text) for text in choice.options], choice.right, pick) for choice in choices)


def _fold(item_id: str) -> int:
    return int(hashlib.sha256(item_id.encode()).hexdigest(), 16) % FOLDS


def _with_random_keys(choices: Sequence[SingleChoice], luck: random.Random) -> list[SingleChoice]:
    return [replace(choice, right=luck.randrange(len(choice.options))) for choice in choices]


class _WordSolver:
    """How often each word is in right and in wrong options of the training items."""

    def __init__(self, training: Sequence[SingleChoice]) -> None:
        self._all = Counter(token for choice in training for option in choice.tokens for token in option)
        self._total = sum(self._all.values())
        self._right: Mapping[str, int] = {}
        self._right_total = 0
        self._weights: dict[str, float] = {}
        self.learn(training)

    def learn(self, training: Sequence[SingleChoice]) -> None:
        """Take the keys of these items: the same items in any other key."""
        right = Counter(token for choice in training for token in choice.tokens[choice.right])
        self._right, self._right_total = right, sum(right.values())
        self._weights = {}

    def hits(self, choices: Sequence[SingleChoice]) -> float:
        """Return the share of items of which the right option has the best words."""
        return _share(_hit([self._score(option) for option in choice.tokens], choice.right, max) for choice in choices)

    def _score(self, option: Sequence[str]) -> float:
        weights = self._weights
        total = 0.0
        for token in option:
            weight = weights.get(token)
            if weight is None:
                weight = weights[token] = self._weight(token)
            total += weight
        return total / max(1, len(option))

    def _weight(self, token: str) -> float:
        """Return the log of how much more likely a word is in a right option than in a wrong one."""
        size = len(self._all) or 1
        right = self._right.get(token, 0)
        in_right = math.log((right + 1) / (self._right_total + size))
        in_wrong = math.log((self._all[token] - right + 1) / (self._total - self._right_total + size))
        return in_right - in_wrong


def _hit(values: Sequence[float], right: int, pick: Callable[[Iterable[float]], float]) -> float:
    """Return 1 for a right pick, a part of it if several options tie, else 0."""
    best = pick(values)
    return (values[right] == best) / sum(value == best for value in values)


def _share(hits: Iterable[float]) -> float:
    values = list(hits)
    return sum(values) / len(values) if values else 0.0
