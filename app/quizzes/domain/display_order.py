"""Convert selected options and ordered entries from positions on the page to positions in the source.

The page has positions of the order shown, because source positions would reveal the right order of an `order` item.
"""

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
    Sequence as Placed,
    Sorted,
    TypedText,
)
from app.quizzes.domain.selection import DrawnQuestion


def to_source(question: DrawnQuestion, answer: Answer) -> Answer:
    """Return an answer with positions on the page as an answer with positions in the source.

    The answer was validated against its item before, so its positions exist.
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
