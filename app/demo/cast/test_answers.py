"""Saved answers of simulated attempts, with a chosen ratio of right ones; for `history` and `rows`."""

from collections.abc import Iterator, Sequence
from random import Random

from app.catalogue.domain import items
from app.catalogue.domain.items import Item
from app.quizzes.domain import answers, saves
from app.quizzes.domain.answers import Answer, ChosenOption, ChosenOptions, to_json
from app.quizzes.domain.grading import grade
from app.quizzes.domain.keys import key
from app.quizzes.domain.saves import Certainty, Save
from app.quizzes.domain.selection import DrawnQuestions

DEVICE = 7
ROUNDING = 1e-9  # 0.7 of 10 is 7
MISLED = 0.8  # ratio of officers who fall for a misleading question


def answers_for(paper: DrawnQuestions, right: float, random: Random, misleading: str = "") -> Sequence[Save]:
    """Return saves from one device for all questions, the first one answered twice.

    `right` is the ratio of questions with the full score; the others score nothing, as mostly the item `misleading`.
    """
    count = len(paper.items)
    most = [index for index, item in enumerate(paper.items) if item.id != misleading or random.random() >= MISLED]
    scored = min(len(most), int(max(0.0, min(1.0, right)) * count + ROUNDING))
    good = set(random.sample(most, scored))
    bodies = [_body(item, wanted=index in good) for index, item in enumerate(paper.items)]
    order = [0, *range(count)] if count else []  # the first question is answered, and answered again
    return [
        Save(
            index + 1,
            saves.sequence(number, DEVICE),
            bodies[index],
            Certainty(random.choice((1, 2, 3, 3))),
            marked=number == 1,
        )
        for number, index in enumerate(order, 1)
    ]


def first_half(saved: Sequence[Save]) -> Sequence[Save]:
    """Return the first half of the saves, and one more."""
    return saved[: len(saved) // 2 + 1]


def _body(item: Item, *, wanted: bool) -> object:
    answer = (
        key(item) if wanted else next((other for other in _other_answers(item) if grade(item, other).share == 0), None)
    )
    return None if answer is None else to_json(answer)


def _other_answers(item: Item) -> Iterator[Answer]:
    """Return answers of which some are wrong, for choices and orders only."""
    if isinstance(item.answers, items.Choices):
        for index in range(len(item.answers.options)):
            yield ChosenOptions((index,)) if item.kind is items.ItemKind.SEVERAL else ChosenOption(index)
    elif isinstance(item.answers, items.Order):
        yield answers.Sequence(tuple(reversed(range(len(item.answers.entries)))))
