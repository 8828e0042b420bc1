"""Places on a page are those of the order shown: places of the source would tell, as an order's own is its key."""

from typing import assert_never

from app.quizzes.domain.answers import (
    Answer,
    ChosenOption,
    ChosenOptions,
    Essay,
    Filled,
    Matched,
    Numeric,
    Picked,
    Rated,
    Sorted,
    TypedText,
)
from app.quizzes.domain.answers import Sequence as Placed
from app.quizzes.domain.selection import DrawnQuestion


def to_source(question: DrawnQuestion, answer: Answer) -> Answer:
    """Return an answer that names places of the page as one that names those of the source.

    The answer was checked against its item before, so its places are there.
    """
    order = question.order
    match answer:
        case ChosenOption(position):
            return ChosenOption(order[position])
        case ChosenOptions(places):
            return ChosenOptions(_at(order, places))
        case Placed(places):
            return Placed(_at(order, places))
        case Matched() | Sorted() | Numeric() | TypedText() | Filled() | Picked() | Essay() | Rated():
            return answer
        case _:
            assert_never(answer)


def _at(order: tuple[int, ...], positions: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(order[position] for position in positions)
