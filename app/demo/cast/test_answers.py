"""Answers to a paper, a chosen share of them right."""

from collections.abc import Iterator
from random import Random

from app.catalogue.domain import items
from app.catalogue.domain.items import Item
from app.quizzes.domain import saves
from app.quizzes.domain.answers import Answer, Choice, Chosen, Sequence, to_json
from app.quizzes.domain.grading import grade
from app.quizzes.domain.keys import key
from app.quizzes.domain.saves import Certainty, Save
from app.quizzes.domain.selection import Paper

DEVICE = 7
ROUNDING = 1e-9  # 0.7 of 10 is 7


def sheet(paper: Paper, right: float, random: Random) -> list[Save]:
    """Return a save for each question: `right` of them (a share) earn all, the others nothing; one answer is changed.

    Sequence numbers are those of one device.
    """
    count = len(paper.items)
    good = set(random.sample(range(count), int(max(0.0, min(1.0, right)) * count + ROUNDING)))
    bodies = [_body(item, wanted=place in good) for place, item in enumerate(paper.items)]
    order = [0, *range(count)] if count else []  # the first question is answered, and answered again
    return [
        Save(
            place + 1,
            saves.sequence(number, DEVICE),
            bodies[place],
            Certainty(random.choice((1, 2, 3, 3))),
            marked=number == 1,
        )
        for number, place in enumerate(order, 1)
    ]


def half(given: list[Save]) -> list[Save]:
    """Return the saves of somebody who stopped in the middle."""
    return given[: len(given) // 2 + 1]


def _body(item: Item, *, wanted: bool) -> object:
    answer = key(item) if wanted else next((one for one in _wrong(item) if grade(item, one).share == 0), None)
    return None if answer is None else to_json(answer)


def _wrong(item: Item) -> Iterator[Answer]:
    match item.answers:
        case items.Choices(options=options):
            for place in range(len(options)):
                yield Chosen((place,)) if item.kind is items.Kind.SEVERAL else Choice(place)
        case items.Order(entries=entries):
            yield Sequence(tuple(reversed(range(len(entries)))))
