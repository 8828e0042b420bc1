"""The clues of a bank in figures: what words, length and position give away, and what the bank consists of."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.domain.clues.choices import SingleChoice, mean_chance, right_options, single_choices, tokens
from app.catalogue.domain.clues.solver import LuckyHits, hits_inside, length_hits, lucky_hits, word_hits
from app.catalogue.domain.items import Choices, Item, ItemForm, ItemKind, Sort, Stance

# English words so common that they carry grammar alone: counted by the solver, never listed as betraying
_STOP = """a an and as at be by for from he her him his i in is it its of on or she so that the their them they this to
    was were which who with you your"""
_HEDGES = "may might perhaps possible possibly so far usually often could depends yet some"
_ABSOLUTES = "all always any each every everything never no none nothing only until must"
STOP, HEDGES = frozenset(tokens(_STOP)), frozenset(tokens(_HEDGES))
ABSOLUTES = frozenset(tokens(_ABSOLUTES)) | {f"{start}body" for start in ("every", "no")}
PRODUCED = frozenset({ItemKind.SHORT, ItemKind.NUMBER, ItemKind.FIELDS, ItemKind.OPEN})  # kinds whose answer is written
LEAST_SEEN = 6  # options with a word that betrays
MOST_BETRAYING = 14
SIGNIFICANT = 1.96


@dataclass(frozen=True, slots=True)
class BetrayingWord:
    """A word, and in how many right and wrong options it is."""

    text: str
    right: int
    other: int


@dataclass(frozen=True, slots=True)
class BankClues:
    """The clues of a bank. Rates are 0..1, None if the bank has no such items, or if there is no other bank.

    `across` are the hits of the word solver that learned from other courses, `inside` from the bank. `positions`
    counts the right options by position from 1. `in_test` is the rate of single choices among the items of the test.
    """

    items: int
    kinds: Mapping[str, int]
    single: int
    chance: float
    across: float | None
    inside: float
    luck: LuckyHits | None
    longest: float
    shortest: float
    positions: Mapping[int, int]
    true: float | None
    several: int
    three_of_five: float | None
    equal_groups: float | None
    hedged: tuple[float, float]  # right options, wrong options
    absolute: tuple[float, float]
    firm: float | None
    with_document: float | None
    produced: float | None
    in_test: float | None
    stem_words: float
    betraying: tuple[BetrayingWord, ...]

    @property
    def position(self) -> float:
        """Return the rate of the most frequent position of the right option."""
        return max(self.positions.values(), default=0) / self.single if self.single else 0.0


def bank_clues(items: Sequence[Item], others: Sequence[Item]) -> BankClues:
    """Return the clues of the items of a bank; `others` are the items of the other courses."""
    choices = single_choices(items)
    across, luck = _solved(single_choices(others), choices)
    several = _of_kind(items, ItemKind.SEVERAL)
    return BankClues(
        items=len(items),
        kinds=Counter(str(item.kind) for item in items),
        single=len(choices),
        chance=mean_chance(choices),
        across=across,
        inside=hits_inside(choices),
        luck=luck,
        longest=length_hits(choices, max),
        shortest=length_hits(choices, min),
        positions=dict(sorted(Counter(choice.right + 1 for choice in choices).items())),
        true=_rate(_two_options(_of_kind(items, ItemKind.TRUEFALSE)), lambda item: right_options(item) == [0]),
        several=len(several),
        three_of_five=_rate(several, _is_three_of_five),
        equal_groups=_rate(_of_kind(items, ItemKind.SORT), _has_equal_groups),
        hedged=_carriers(choices, HEDGES),
        absolute=_carriers(choices, ABSOLUTES),
        firm=_rate(_with_ids(items, choices), lambda item: item.stance is Stance.FIRM),
        with_document=_rate(items, lambda item: bool(item.document)),
        produced=_rate(items, lambda item: item.kind in PRODUCED),
        in_test=_rate(_drawn_by_test(items), lambda item: item.kind is ItemKind.SINGLE),
        stem_words=_mean_stem(items),
        betraying=tuple(betraying_words(choices)[:MOST_BETRAYING]),
    )


def _solved(
    training: Sequence[SingleChoice], choices: Sequence[SingleChoice]
) -> tuple[float, LuckyHits] | tuple[None, None]:
    """Return the hits of the word solver and those by luck, None if there is nothing to learn from or to solve."""
    if not choices or not training:
        return None, None
    return word_hits(training, choices), lucky_hits(training, choices)


def _of_kind(items: Sequence[Item], kind: ItemKind) -> list[Item]:
    return [item for item in items if item.kind is kind]


def _two_options(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if isinstance(item.answers, Choices) and len(item.answers.options) == 2]


def _with_ids(items: Sequence[Item], choices: Sequence[SingleChoice]) -> list[Item]:
    ids = {choice.id for choice in choices}
    return [item for item in items if item.id in ids]


def _drawn_by_test(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.form in (ItemForm.B, None)]


def _mean_stem(items: Sequence[Item]) -> float:
    return sum(len(tokens(item.stem)) for item in items) / len(items) if items else 0.0


def betraying_words(choices: Sequence[SingleChoice]) -> list[BetrayingWord]:
    """Return the words of six options or more that are in right options more or less often than by chance."""
    right: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for choice in choices:
        for position, option in enumerate(choice.tokens):
            (right if position == choice.right else other).update(set(option) - STOP)
    base, rows = mean_chance(choices), []
    for word in right.keys() | other.keys():
        distance = _distance(right[word], right[word] + other[word], base)
        if distance is not None:
            rows.append((-abs(distance), word))
    return [BetrayingWord(word, right[word], other[word]) for _distance_of_word, word in sorted(rows)]


def _distance(right: int, total: int, base: float) -> float | None:
    """Return how many standard errors a word is from chance, rounded; None if that is not much, or too rare to say."""
    if total < LEAST_SEEN:
        return None
    distance = (right - total * base) / math.sqrt(total * base * (1 - base))
    is_far = abs(distance) >= SIGNIFICANT or (right == 0 and total * base >= 2)
    return round(distance, 2) if is_far else None


def _carriers(choices: Iterable[SingleChoice], bag: frozenset[str]) -> tuple[float, float]:
    """Return the rates of right and of wrong options that have a word of the bag."""
    right: list[bool] = []
    other: list[bool] = []
    for choice in choices:
        for position, option in enumerate(choice.tokens):
            (right if position == choice.right else other).append(not bag.isdisjoint(option))
    return _mean(right), _mean(other)


def _is_three_of_five(item: Item) -> bool:
    return isinstance(item.answers, Choices) and len(item.answers.options) == 5 and len(right_options(item)) == 3


def _has_equal_groups(item: Item) -> bool:
    return isinstance(item.answers, Sort) and len({len(group.entries) for group in item.answers.groups}) == 1


def _rate(items: Sequence[Item], test: Callable[[Item], bool]) -> float | None:
    return _mean([test(item) for item in items]) if items else None


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
