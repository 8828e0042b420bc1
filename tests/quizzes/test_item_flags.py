from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.item_flags import (
    LEAST_FLAGGED,
    ItemAnswers,
    ItemFlag,
    ItemKey,
    flags,
    most_chosen_wrong,
    never_chosen,
)
from app.quizzes.domain.statistics import AnswerSums, ProofSums

KEY = ItemKey(4, frozenset({0}), 0.25)
Strata = Mapping[str, Sequence[tuple[float, int]]]


def sums(n: int, right: float, *, separates: bool = True) -> AnswerSums:
    """Return answers of which a rate is right; the rest is 0.8 for right ones and 0.3 for others, or the reverse."""
    count = round(n * right)
    high, low = (0.8, 0.3) if separates else (0.3, 0.8)
    rest = count * high + (n - count) * low
    return AnswerSums(n, count, rest, count, count * high**2 + (n - count) * low**2, count * high)


def answers(n: int = 60, right: float = 0.6, *, separates: bool = True) -> ItemAnswers:
    chosen = {0: round(n * right), 1: n - round(n * right) - 4, 2: 2, 3: 2}
    return ItemAnswers(
        "T10-Q01", 1, Purpose.TEST, latest=sums(n, right, separates=separates), chosen=chosen, best={0: 12, 1: 8}
    )


def test_good_item_has_no_flag() -> None:
    assert flags(answers(), KEY) == ()


@pytest.mark.parametrize(
    ("item", "flag"),
    [
        (replace(answers(), best={0: 8, 1: 12}), ItemFlag.BROKEN_KEY),
        (answers(separates=False), ItemFlag.NO_SEPARATION),
        (answers(200, 0.99), ItemFlag.TOO_EASY),
        (answers(200, 0.1), ItemFlag.TOO_HARD),
        (replace(answers(200), chosen={0: 120, 1: 77, 2: 3}), ItemFlag.DEAD_OPTION),
    ],
)
def test_item_is_flagged(item: ItemAnswers, flag: ItemFlag) -> None:
    assert flag in flags(item, KEY)


@pytest.mark.parametrize(("without_line", "is_flagged"), [(60, True), (25, False), (9, False)])
def test_item_that_most_answer_without_its_line_is_flagged(without_line: int, is_flagged: bool) -> None:
    key = replace(KEY, lines=frozenset({"0-3"}))
    by_line = {"0-3": ProofSums(20, 20, 20), "": ProofSums(without_line, 0, without_line)}
    assert (ItemFlag.WITHOUT_LINE in flags(replace(answers(), proofs=by_line), key)) is is_flagged


def test_item_that_asks_for_no_line_is_not_flagged_for_it() -> None:
    assert flags(replace(answers(), proofs={"": ProofSums(60, 0, 60)}), KEY) == ()


@given(st.integers(0, LEAST_FLAGGED - 1), st.floats(0, 1), st.booleans())
def test_no_item_is_flagged_below_thirty_answers(n: int, right: float, separates: bool) -> None:
    item = replace(answers(n, right, separates=separates), best={1: 9})
    assert flags(item, KEY) == ()
    assert flags(replace(item, purpose=Purpose.PRETEST), KEY) == ()


def test_dead_option_needs_a_hundred_answers() -> None:
    assert ItemFlag.DEAD_OPTION not in flags(replace(answers(99), chosen={0: 60, 1: 39}), KEY)


@pytest.mark.parametrize(("latest", "seconds", "is_leaked"), [(0.95, 10, True), (0.95, 35, False), (0.55, 10, False)])
def test_leak_needs_better_and_faster_answers(latest: float, seconds: int, is_leaked: bool) -> None:
    item = replace(
        answers(),
        earlier=sums(60, 0.5),
        latest=sums(30, latest),
        earlier_seconds={40: 60},
        latest_seconds={seconds: 30},
    )
    assert (ItemFlag.POSSIBLY_LEAKED in flags(item, KEY)) is is_leaked


@pytest.mark.parametrize(("right", "is_flagged"), [(0.8, True), (0.4, False)])
def test_answers_before_the_course_flag_only_that_it_is_not_needed(right: float, is_flagged: bool) -> None:
    item = replace(answers(40, right, separates=False), purpose=Purpose.PRETEST)
    assert flags(item, KEY) == ((ItemFlag.WITHOUT_COURSE,) if is_flagged else ())


def _strata(n: int, right: float) -> list[tuple[float, int]]:
    return [(n * right, n)] * 5


@pytest.mark.parametrize(
    ("strata", "raised"),
    [
        ({"en": _strata(50, 0.8), "ar": _strata(45, 0.3)}, ItemFlag.LANGUAGE),
        ({"en": _strata(50, 0.8), "ar": _strata(25, 0.3)}, ItemFlag.LANGUAGE_WEAK),
        ({"en": _strata(50, 0.8), "ar": _strata(19, 0.3)}, None),
        ({"en": _strata(50, 0.8), "ar": _strata(45, 0.8)}, None),
    ],
)
def test_difference_by_language_is_flagged_from_a_hundred_answers(strata: Strata, raised: ItemFlag | None) -> None:
    language_flags = {ItemFlag.LANGUAGE, ItemFlag.LANGUAGE_WEAK} & set(flags(replace(answers(), strata=strata), KEY))
    assert language_flags == ({raised} if raised else set())


def test_wrong_options_are_listed_with_the_one_chosen_most() -> None:
    item = replace(answers(20), chosen={0: 12, 2: 8})
    assert never_chosen(item, KEY) == [1, 3]
    assert most_chosen_wrong(item, KEY) == (2, 0.4)
    assert never_chosen(answers(19), KEY) == []
    assert most_chosen_wrong(replace(item, chosen={0: 20}), KEY) is None
    assert most_chosen_wrong(item, ItemKey(0, frozenset(), 0.05)) is None


@pytest.mark.parametrize(
    ("n", "right", "pass_value", "is_flagged"),
    [(40, 0.9, 0.5, True), (40, 0.2, 0.5, True), (40, 0.5, 0.55, False), (29, 0.9, 0.5, False), (40, 0.9, None, False)],
)
def test_expected_rate_is_compared_with_borderline_officers(
    n: int, right: float, pass_value: float | None, is_flagged: bool
) -> None:
    item, key = replace(answers(), borderline=sums(n, right)), replace(KEY, pass_value=pass_value)
    assert (ItemFlag.EXPECTED_RATE in flags(item, key)) is is_flagged
