from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.kernel.errors import InputError
from app.quizzes.domain.answers import (
    Answer,
    ChosenOption,
    ChosenOptions,
    Essay,
    Filled,
    FilledFields,
    MarkedLines,
    Matched,
    Numeric,
    PairedLines,
    Picked,
    Proved,
    Rated,
    Sequence,
    Sorted,
    TypedText,
    parse,
)
from app.quizzes.domain.grading import ItemScore, grade
from app.quizzes.domain.keys import key
from app.quizzes.domain.matching import matches, readable
from tests.quizzes import banks
from tests.quizzes.banks import choices, item
from tests.support.answer_values import values
from tests.support.cpu_time import counting

every_item = pytest.mark.parametrize("item", [*banks.ALL, banks.PROVED], ids=lambda item: item.kind)


@every_item
def test_unanswered_is_nothing(item: Item) -> None:
    assert grade(item, None) == ItemScore(0.0)


@every_item
def test_key_earns_the_whole_item(item: Item) -> None:
    answer = key(item)
    assert (answer is None) == (item.kind is ItemKind.OPEN)
    if answer is not None:
        assert grade(item, answer).share == 1.0


CASES: list[tuple[Item, Answer, float, tuple[float, ...]]] = [
    (banks.SINGLE, ChosenOption(0), 0.0, (0.0,)),
    (banks.SINGLE, ChosenOption(2), 0.5, (0.5,)),
    (banks.SINGLE, ChosenOption(3), 0.0, (0.0,)),
    (banks.TRUEFALSE, ChosenOption(1), 0.0, (0.0,)),
    (banks.SEVERAL, ChosenOptions((0,)), 0.5, (1, 0, 1, 1)),
    (banks.SEVERAL, ChosenOptions((0, 2)), 0.0, (1, 0, 0, 1)),
    (banks.SEVERAL, ChosenOptions((0, 1, 2)), 0.5, (1, 1, 0, 1)),
    (banks.SEVERAL, ChosenOptions((0, 1, 2, 3)), 0.0, (1, 1, 0, 0)),
    (banks.SEVERAL, ChosenOptions(()), 0.0, (0, 0, 1, 1)),
    (banks.ORDER, Sequence((0, 1, 3, 2)), 0.5, (1, 1, 0, 0)),
    (banks.ORDER, Sequence((1, 2, 3, 0)), 0.5, (0, 0, 1, 1)),
    (banks.ORDER, Sequence((3, 2, 1, 0)), 0.0, (0, 0, 0, 0)),
    (banks.ORDER, Sequence((0, 1)), 0.5, (1, 1, 0, 0)),
    (banks.MATCH, Matched((0, None, 3, 2)), 1.0, (1, 1, 1)),
    (banks.MATCH, Matched((1, None, 2, None)), 1 / 3, (0, 1, 0)),
    (banks.SORT, Sorted((0, 1, 1)), 2 / 3, (1, 0, 1)),
    (banks.NUMBER, Numeric("13"), 1.0, (1.0,)),
    (banks.NUMBER, Numeric("14 km"), 0.5, (0.5,)),
    (banks.NUMBER, Numeric("14,51"), 0.0, (0.0,)),
    (banks.SHORT, TypedText("THE  MÉANS"), 1.0, (1.0,)),
    (banks.SHORT, TypedText("what it means"), 0.5, (0.5,)),
    (banks.SHORT, TypedText("force"), 0.0, (0.0,)),
    (banks.GAPS, Filled(("Deed ", 1)), 1.0, (1, 1)),
    (banks.GAPS, Filled(("", 1)), 0.5, (0, 1)),
    (banks.GAPS, Filled((None, 0)), 0.0, (0, 0)),
    (banks.PASSAGES, Picked((0,)), 0.5, (1, 1, 0)),
    (banks.PASSAGES, Picked((0, 1, 2)), 0.0, (1, 0, 1)),
    (banks.RATING, Rated((3, 2)), 0.5, (0, 1)),
    (banks.RATING, Rated((None, None)), 0.0, (0, 0)),
    (banks.MARK, MarkedLines(((0, 2), (0, 5), (0, 4))), 2 / 3, (1, 1, 1, 1, 0)),
    (banks.MARK, MarkedLines(((0, 2), (0, 5), (0, 3))), 1 / 3, (1, 1, 0, 1, 0)),
    (banks.MARK, MarkedLines(((0, 1), (0, 2), (0, 3))), 0.0, (1, 0, 0, 1, 0)),
    (banks.PAIR, PairedLines((((1, 4), (0, 2)),)), 0.5, (1, 0)),
    (banks.PAIR, PairedLines((((0, 2), (1, 4)), ((0, 3), (0, 1)))), 0.625, (1, 0.25)),
    (banks.PAIR, PairedLines((((0, 2), (1, 4)), ((0, 8), (0, 1)))), 0.25, (1, 0)),
    (banks.PAIR, PairedLines((((0, 2), (0, 8)), ((0, 2), (0, 7)))), 0.0, (0.25, 0)),
    (banks.FIELDS, FilledFields({3: "160,4", 1: "A Belik"}), 0.5, (1, 0, 1)),
    (banks.FIELDS, FilledFields({3: "about 160 hours", 1: "a. belik"}), 1.0, (1, 1, 1)),
    (banks.FIELDS, FilledFields({3: "160", 4: "Police"}), 0.0, (1, 0, 0)),
]


@pytest.mark.parametrize(("item", "answer", "share", "parts"), CASES)
def test_grade_returns_share_and_parts(item: Item, answer: Answer, share: float, parts: tuple[float, ...]) -> None:
    mark = grade(item, answer)
    assert mark.share == pytest.approx(share)
    assert mark.parts == parts


@pytest.mark.parametrize(
    ("place", "line", "share", "alone", "is_proved"),
    [
        (1, 7, 1.0, 1.0, True),
        (1, 5, 0.2, 1.0, False),
        (0, 6, 0.2, 0.0, True),
        (0, 5, 0.0, 0.0, False),
        (2, 6, 0.5, 0.5, True),
        (2, 5, 0.0, 0.5, False),
        (None, 6, 0.2, 0.0, True),
    ],
)
def test_answer_and_line_count_together_and_are_scored_apart(
    place: int | None, line: int, share: float, alone: float, *, is_proved: bool
) -> None:
    answer = Proved(None if place is None else ChosenOption(place), (0, line))
    score = grade(banks.PROVED, answer)
    assert (score.share, score.answer, score.is_proved) == (share, alone, is_proved)
    assert grade(banks.PROVED, ChosenOption(1)).share == 0.2


@st.composite
def marks(draw: st.DrawFn) -> tuple[Item, MarkedLines]:
    units = draw(st.integers(2, 12))
    signs = draw(st.lists(st.sampled_from("+-~ "), min_size=units, max_size=units))
    signs[:2] = "+-"
    lines = tuple(items.MarkedLine(items.LineTarget(line=n), sign) for n, sign in enumerate(signs, 1) if sign != " ")
    chosen = draw(st.sets(st.integers(1, units)))
    question = item(ItemKind.MARK, items.Mark(lines), document=("M01-D01",), units=(units,))
    return question, MarkedLines(tuple((0, line) for line in sorted(chosen)))


@given(marks())
def test_marking_everything_earns_nothing_and_the_key_everything(drawn: tuple[Item, MarkedLines]) -> None:
    question, answer = drawn
    share = grade(question, answer).share
    assert 0.0 <= share <= 1.0
    assert grade(question, MarkedLines(tuple(reversed(answer.lines)))).share == share
    everything = MarkedLines(tuple((0, line) for line in range(1, question.units[0] + 1)))
    assert grade(question, everything).share == pytest.approx(0.0)
    assert grade(question, key(question)).share == 1.0
    assert grade(question, MarkedLines(())).share == 0.0


line = st.tuples(st.integers(0, 1), st.integers(1, 6))
pair = st.tuples(line, line).filter(lambda both: both[0] != both[1])


@given(st.lists(pair, max_size=8, unique_by=frozenset), st.randoms(use_true_random=False))
def test_order_of_pairs_does_not_matter(pairs: list[tuple[tuple[int, int], tuple[int, int]]], random: Random) -> None:
    share = grade(banks.PAIR, PairedLines(tuple(pairs))).share
    turned = [pair[::-1] for pair in pairs]
    random.shuffle(turned)
    assert grade(banks.PAIR, PairedLines(tuple(turned))).share == share
    assert 0.0 <= share <= 1.0


def test_part_marks_and_minus_of_several_count() -> None:
    question = item(ItemKind.SEVERAL, choices(0.5, 0.5, -0.25, 0.0))
    assert grade(question, ChosenOptions((0,))).share == 0.5
    assert grade(question, ChosenOptions((0, 1, 2))).share == 0.75
    assert grade(question, ChosenOptions((0, 1, 3))).share == 0.5


def test_an_open_answer_waits_for_a_person() -> None:
    assert grade(banks.OPEN, Essay("I would ask.")) == ItemScore(0.0, needs_person=True)
    assert grade(banks.OPEN, Essay("  ")) == ItemScore(0.0)


def test_an_answer_of_another_kind_is_a_fault_of_the_caller() -> None:
    with pytest.raises(TypeError):
        grade(banks.SINGLE, TypedText("x"))


@given(st.sampled_from(banks.ALL), values)
def test_a_share_lies_within_0_and_1(item: Item, body: object) -> None:
    try:
        mark = grade(item, parse(item, body))
    except InputError:
        return
    assert 0.0 <= mark.share <= 1.0
    assert all(0.0 <= part <= 1.0 for part in mark.parts)


@given(banks.several_items(), st.data())
def test_better_choice_never_lowers_the_score(question: Item, data: st.DataObject) -> None:
    assert isinstance(question.answers, items.Choices)
    options = question.answers.options
    taken = data.draw(st.frozensets(st.integers(0, len(options) - 1)))
    right = frozenset(place for place, option in enumerate(options) if option.share > 0)
    before = grade(question, ChosenOptions(tuple(sorted(taken)))).share
    for better in [taken | {place} for place in right] + [taken - {place} for place in taken - right]:
        assert grade(question, ChosenOptions(tuple(sorted(better)))).share >= before - 1e-12


@given(banks.several_items())
def test_choosing_all_options_scores_zero_without_own_minus(question: Item) -> None:
    assert isinstance(question.answers, items.Choices)
    shares = [option.share for option in question.answers.options]
    if min(shares) == 0.0:
        assert grade(question, ChosenOptions(tuple(range(len(shares))))).share == pytest.approx(0.0)


@given(banks.several_items())
def test_the_key_of_several_earns_the_whole_item(question: Item) -> None:
    answer = key(question)
    assert answer is not None
    assert grade(question, answer).share == 1.0


@given(st.permutations(range(6)))
def test_only_the_right_order_earns_the_whole_item(places: list[int]) -> None:
    share = grade(item(ItemKind.ORDER, items.Order(banks.entries(6))), Sequence(tuple(places))).share
    assert (share == 1.0) == (places == sorted(places))


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=8))
def test_another_right_part_never_lowers_the_score(pairs: list[tuple[int, int]]) -> None:
    groups = (
        items.Group("One", banks.entries(sum(right == 0 for right, _ in pairs))),
        items.Group("Two", banks.entries(sum(right == 1 for right, _ in pairs))),
    )
    question = item(ItemKind.SORT, items.Sort(groups))
    ordered = sorted(pairs)
    given_groups = [given for _, given in ordered]
    before = grade(question, Sorted(tuple(given_groups))).share
    for place, (right, _) in enumerate(ordered):
        better = [*given_groups[:place], right, *given_groups[place + 1 :]]
        assert grade(question, Sorted(tuple(better))).share >= before


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1'234.5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("١٢٣٤٫٥", "1234.5"),
        ("١٬٢٣٤٫٥", "1234.5"),
        ("۱۲۳۴٫۵", "1234.5"),
        ("۱۲۳۴,۵", "1234.5"),
        ("১২৩৪.৫", "1234.5"),
        ("1,234", "1234"),
        ("1,234", "1.234"),
        ("1.234.567", "1234567"),
        ("0,234", "0.234"),
        (",5", "0.5"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("+3", "3"),
        (" 7 ", "7"),
        ("\u200f7", "7"),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, value: str) -> None:
    assert grade(item(ItemKind.NUMBER, items.Number((items.NumberAnswer(value),))), Numeric(text)).share == 1.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,234", "234"),
        ("12,34.5", "1234.5"),
        ("1,23,456", "123456"),
        ("1 2", "12"),
        ("nan", "0"),
        ("inf", "0"),
        ("1e3", "1000"),
        ("", "0"),
        ("--3", "-3"),
        ("3km", "3"),
        ("1" * 90, "1" * 90),
        ("12.5.5", "12.55"),
    ],
)
def test_other_numbers_score_zero(text: str, value: str) -> None:
    assert grade(item(ItemKind.NUMBER, items.Number((items.NumberAnswer(value),))), Numeric(text)).share == 0.0


@given(st.decimals(-1000, 1000, places=2), st.decimals(0, 10, places=2), st.decimals(-20, 20, places=2))
def test_a_tolerance_includes_its_ends(value: Decimal, reach: Decimal, off: Decimal) -> None:
    question = item(ItemKind.NUMBER, items.Number((items.NumberAnswer(f"{value}", f"{reach}"),)))
    assert grade(question, Numeric(f"{value + off:f}")).share == float(abs(off) <= reach)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("a*c", "abc", True),
        ("a*c", "ac", True),
        ("a*c", "acd", False),
        ("ab*ba", "aba", False),
        ("human * being", "human being", False),
        ("human * being", "human  poor  being", True),
        ("*a*b*", "xxaxxbxx", True),
        ("*b*a*", "xxaxxbxx", False),
        (r"5\*", "5*", True),
        (r"5\*", "55", False),
        ("*", "anything", True),
        ("كتاب*", "کِتابها", True),
        ("مدرسة", "مدرسه", True),
        ("a", "a\ue000", True),
    ],
)
def test_patterns(pattern: str, text: str, *, fits: bool) -> None:
    assert matches(pattern, text) is fits


def test_pattern_is_readable_without_stars() -> None:
    assert [readable(pattern) for pattern in ("*gate log*", "a*b", r"5\*")] == ["gate log", "a … b", "5*"]


def test_no_pattern_takes_long() -> None:
    with counting() as took:
        assert not matches("*a" * 500 + "*b", "a" * 60_000)
    assert took.seconds < 5


def test_blank_words_never_fit_a_star() -> None:
    question = item(ItemKind.SHORT, items.Short((items.ShortAnswer("*"),)))
    assert grade(question, TypedText("  ")).share == 0.0
