import msgspec
import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.items import (
    Choices,
    Fields,
    Gap,
    Gaps,
    Item,
    ItemKind,
    LineTarget,
    Mark,
    Number,
    NumberAnswer,
    Option,
    Pairs,
)
from app.competence.domain.scoring import NOT_JUDGED, guess, scored_question

FOUR = Choices((Option("a", 1.0), Option("b", 0.0), Option("c", 0.0), Option("d", 0.0)))
SINGLE = Item("T10-Q01", ItemKind.SINGLE, "PRT-01", "Which berth?", FOUR)


def _item(kind: ItemKind, answers: object) -> Item:
    return msgspec.structs.replace(SINGLE, kind=kind, answers=answers)


# the values of section 3 of the capacity measure
@pytest.mark.parametrize(
    ("item", "rate"),
    [
        (SINGLE, 0.25),
        (_item(ItemKind.TRUEFALSE, Choices((Option("a", 1.0), Option("b", 0.0)))), 0.5),
        (_item(ItemKind.NUMBER, Number((NumberAnswer("4"),))), 0.05),
        (_item(ItemKind.MARK, Mark(())), 0.05),
        (_item(ItemKind.PAIR, Pairs(())), 0.05),
        (_item(ItemKind.FIELDS, Fields(())), 0.05),
        (_item(ItemKind.GAPS, Gaps(("", "", ""), (Gap("typed", ("a",)), Gap("chosen", ("a",), ("a", "b"))))), 0.275),
        (msgspec.structs.replace(SINGLE, prove=(LineTarget(line=3),)), 0.125),
    ],
)
def test_guess_rate_depends_on_kind_and_options(item: Item, rate: float) -> None:
    assert guess(item) == pytest.approx(rate)


@given(st.floats(0, 1))
def test_guess_rate_is_that_before_the_course_if_that_is_more(rate: float) -> None:
    assert guess(SINGLE, rate) == max(0.25, rate)


def test_scored_question_has_the_pass_value_and_the_guess_rate_of_its_item() -> None:
    judged = scored_question(msgspec.structs.replace(SINGLE, pass_value=0.55), 1.0, 0.4)
    assert (judged.pass_value, judged.guess) == (0.55, 0.4)
    assert scored_question(SINGLE, 1.0).pass_value == NOT_JUDGED
