"""Convert answers between positions on the page and positions in the source.

The page has positions of the order shown, because source positions would reveal the key of an order, a match, a sort.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from app.catalogue.domain import items
from app.kernel.errors import InputError
from app.quizzes.domain.answers import (
    Answer,
    AnswerOfKind,
    ChosenOption,
    ChosenOptions,
    Filled,
    Matched,
    Proved,
    Sequence as Placed,
    Sorted,
)
from app.quizzes.domain.form_answers import Fields, from_form
from app.quizzes.domain.selection import DrawnQuestion

Position = Callable[[int], int]
Order = tuple[int, ...]


def to_source(question: DrawnQuestion, answer: Answer) -> Answer:
    """Return an answer with positions on the page as an answer with positions in the source.

    The answer was validated against its item before. Raises InputError for a cell of a match that is not shown.
    """
    if isinstance(answer, Proved):
        return Proved(answer.answer and _to_source(question, answer.answer), answer.proof)
    return _to_source(question, answer)


def from_page(question: DrawnQuestion, fields: Fields) -> Answer | None:
    """Read an answer in positions of the source from the form of a page; None if no field was filled in.

    Raises InputError as `form_answers.from_form`.
    """
    answer = from_form(question.item, fields)
    return None if answer is None else to_source(question, answer)


def to_page(question: DrawnQuestion, answer: Answer) -> Answer:
    """Return an answer with positions in the source as an answer with positions on the page."""
    if isinstance(answer, Proved):
        return Proved(answer.answer and _to_page(question, answer.answer), answer.proof)
    return _to_page(question, answer)


def _to_source(question: DrawnQuestion, answer: AnswerOfKind) -> AnswerOfKind:
    order = question.order
    if isinstance(answer, Sorted):
        groups = dict(zip(order, answer.groups, strict=True))
        return Sorted(tuple(groups[entry] for entry in range(len(order))))
    if isinstance(answer, Matched):
        _check_cells(answer, len(order))
    return _moved(answer, order.__getitem__, [gap_order.__getitem__ for gap_order in question.gap_orders])


def _check_cells(answer: Matched, count: int) -> None:
    if any(row is not None and row >= count for row in answer.rows):
        raise InputError("This option does not belong to the question.")


def _to_page(question: DrawnQuestion, answer: AnswerOfKind) -> AnswerOfKind:
    order = question.order
    if isinstance(answer, Sorted):
        return Sorted(tuple(answer.groups[entry] for entry in order))
    cells = question.item.answers.pairs if isinstance(question.item.answers, items.Match) else ()
    if cells:
        shown = [cells[row].right for row in order]
        return _moved(answer, lambda row: shown.index(cells[row].right), [])
    return _moved(answer, order.index, [gap_order.index for gap_order in question.gap_orders])


def _moved(answer: AnswerOfKind, move: Position, gaps: list[Position]) -> AnswerOfKind:
    """Return an answer with moved positions; kinds without such positions stay as they are."""
    if isinstance(answer, ChosenOption):
        return ChosenOption(move(answer.place))
    if isinstance(answer, ChosenOptions | Placed):
        return msgspec.structs.replace(answer, places=tuple(map(move, answer.places)))
    if isinstance(answer, Matched):
        return Matched(tuple(_moved_part(move, row) for row in answer.rows))
    if isinstance(answer, Filled):
        return Filled(tuple(_moved_part(move_gap, part) for move_gap, part in zip(gaps, answer.gaps, strict=True)))
    return answer


def _moved_part(move: Position, part: Any) -> Any:
    return move(part) if isinstance(part, int) else part
