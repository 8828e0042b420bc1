from collections.abc import Mapping

import pytest

from app.catalogue.domain.items import Choices, ItemKind, Option
from app.quizzes.domain.answers import Answer, ChosenOption, Proved
from app.quizzes.domain.decisions import BothErrors, errors_of_answer, errors_of_answers, total
from tests.quizzes import banks

REFER = Choices((Option("Refer", 1.0), Option("Ask first", 0.5), Option("Close with a note", 0.0, error="miss")))
CLOSE = Choices((Option("Refer", 0.0, error="false_alarm"), Option("Close with a note", 1.0)))


@pytest.mark.parametrize(
    ("options", "chosen", "errors"),
    [
        (REFER, {0: 6, 1: 3, 2: 1}, BothErrors(misses=1, could_miss=10)),
        (CLOSE, {0: 2, 1: 5}, BothErrors(alarms=2, could_alarm=7)),
        (REFER, {}, BothErrors()),
        (banks.choices(1.0, 0.0), {0: 3, 1: 4}, BothErrors()),
    ],
)
def test_errors_of_answers_count_where_they_were_possible(
    options: Choices, chosen: Mapping[int, int], errors: BothErrors
) -> None:
    assert errors_of_answers(banks.item(ItemKind.SINGLE, options), chosen) == errors


@pytest.mark.parametrize(
    ("answer", "errors"),
    [
        (ChosenOption(2), BothErrors(misses=1, could_miss=1)),
        (Proved(ChosenOption(2), (0, 3)), BothErrors(misses=1, could_miss=1)),
        (ChosenOption(0), BothErrors(could_miss=1)),
        (None, BothErrors()),
        (Proved(None, (0, 3)), BothErrors()),
    ],
)
def test_error_of_an_answer_needs_a_chosen_option(answer: Answer | None, errors: BothErrors) -> None:
    assert errors_of_answer(banks.item(ItemKind.SINGLE, REFER), answer) == errors


def test_total_keeps_both_errors_apart() -> None:
    assert total([BothErrors(1, 4, 0, 0), BothErrors(0, 0, 2, 3)]) == BothErrors(1, 4, 2, 3)
