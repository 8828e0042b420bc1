"""An answer beside what is right and why."""

from collections.abc import Sequence
from typing import Any, assert_never

from flask_babel import gettext as _

from app.catalogue.domain.items import Choices, Item, Kind
from app.i18n.languages import direction
from app.quizzes.domain import answers
from app.quizzes.domain.answers import (
    Answer,
    Choice,
    Chosen,
    Essay,
    Filled,
    Matched,
    Numeric,
    Picked,
    Rated,
    Sorted,
    Words,
)
from app.quizzes.domain.answers import Sequence as Placed
from app.quizzes.domain.grading import grade
from app.quizzes.shapes import CurrentAnswer, Drawn
from app.web.trusted_html import stored


def answer_of(item: Item, saved_answer: CurrentAnswer | None) -> Answer | None:
    """Return the answer that counts for a question, None when it is open."""
    return (
        answers.parse(item, saved_answer.body) if saved_answer is not None and saved_answer.body is not None else None
    )


def places_of(answer: Answer | None) -> Sequence[int]:
    """Return the places that an answer names, in its order."""
    match answer:
        case Choice(position):
            return [position]
        case Chosen(places) | Placed(places):
            return places
        case Matched() | Sorted() | Numeric() | Words() | Filled() | Picked() | Essay() | Rated() | None:
            return []
        case _:
            assert_never(answer)


def feedback(drawn_question: Drawn, answer: Answer | None) -> dict[str, Any]:
    """Return what is right of a question and why, beside the answer that counts."""
    result = grade(drawn_question.question.item, answer)
    if answer is None:
        word, kind = _("Not answered"), "none"
    elif result.share >= 1:
        word, kind = _("Right"), "good"
    else:
        word, kind = (_("Partly right"), "risk") if result.share > 0 else (_("Not right"), "bad")
    return {
        "number": drawn_question.number,
        "stem": stored(drawn_question.texts.stem),
        "lang": drawn_question.language,
        "dir": direction(drawn_question.language),
        "word": word,
        "kind": kind,
        "rows": [_row(drawn_question, position, list(places_of(answer))) for position in _shown_places(drawn_question)],
        "general": stored(drawn_question.texts.general),
    }


def _shown_places(drawn_question: Drawn) -> Sequence[int]:
    """Return an order in its right order, options as the person met them."""
    return (
        sorted(drawn_question.question.order)
        if drawn_question.question.item.kind is Kind.ORDER
        else drawn_question.question.order
    )


def _row(drawn_question: Drawn, position: int, chosen: list[int]) -> dict[str, Any]:
    item = drawn_question.question.item
    if isinstance(item.answers, Choices):
        right = item.answers.options[position].share > 0
        word, kind = (_("Right"), "good") if right else (_("Not right"), "bad") if position in chosen else ("", "")
    elif position in chosen:
        at = chosen.index(position)
        word, kind = _("You put it at %(n)s", n=at + 1), "good" if at == position else "risk"
    else:
        word, kind = _("You did not place it"), "none"
    return {
        "text": stored(drawn_question.texts.answers[position]),
        "chosen": position in chosen and item.kind is not Kind.ORDER,
        "word": word,
        "kind": kind,
        "why": stored(drawn_question.texts.feedback[position]),
    }
