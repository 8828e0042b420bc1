"""The words beside the options of a question, after it was answered."""

import pytest
from flask import Flask

from app.catalogue.domain.items import ItemKind
from app.catalogue.shapes import ItemTexts
from app.quizzes.domain.answers import AnswerOfKind, ChosenOption, ChosenOptions
from app.quizzes.domain.grading import grade
from app.quizzes.domain.keys import key
from app.quizzes.domain.selection import DrawnQuestion
from app.quizzes.queries import question_feedback
from app.quizzes.shapes import Drawn
from tests.quizzes import banks

SINGLE = banks.item(ItemKind.SINGLE, banks.choices(0.5, 1.0, 0.0))
SEVERAL = banks.item(ItemKind.SEVERAL, banks.choices(0.5, 0.5, 0.0))


def _words(app: Flask, item: banks.Item, answer: AnswerOfKind) -> list[str]:
    """Return the word beside each option, in the order of the file."""
    texts = ItemTexts(stem="", answers=("a", "b", "c"), feedback=("", "", ""))
    drawn = Drawn(1, DrawnQuestion(item, (0, 1, 2)), texts, "en")
    with app.test_request_context():
        return [row.word for row in question_feedback.feedback(drawn, answer).rows]


@pytest.mark.parametrize("place", [0, 1])
def test_option_with_a_part_of_the_share_is_partly_right(lite_app: Flask, place: int) -> None:
    assert _words(lite_app, SINGLE, ChosenOption(place)) == ["Partly right", "Right", ""]


def test_options_that_are_right_together_are_right(lite_app: Flask) -> None:
    assert _words(lite_app, SEVERAL, ChosenOptions((0, 2))) == ["Right", "Right", "Not right"]


@pytest.mark.parametrize("item", [SINGLE, SEVERAL])
def test_key_of_options_with_parts_earns_the_full_share(item: banks.Item) -> None:
    assert grade(item, key(item)).share == 1
