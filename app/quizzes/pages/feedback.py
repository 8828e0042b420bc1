"""An answer beside what is right and why."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.catalogue.domain.items import Choices, Item, Kind
from app.i18n.languages import direction
from app.quizzes.domain import answers
from app.quizzes.domain.answers import Answer, Choice, Chosen
from app.quizzes.domain.answers import Sequence as Placed
from app.quizzes.domain.grading import grade
from app.quizzes.shapes import CurrentAnswer, Drawn
from app.web.trusted_html import stored


def answer_of(item: Item, held: CurrentAnswer | None) -> Answer | None:
    """Return the answer that counts for a question, None when it is open."""
    return answers.parse(item, held.body) if held is not None and held.body is not None else None


def places_of(answer: Answer | None) -> Sequence[int]:
    """Return the places that an answer names, in its order."""
    match answer:
        case Choice(place):
            return [place]
        case Chosen(places) | Placed(places):
            return places
    return []


def feedback(one: Drawn, answer: Answer | None) -> dict[str, Any]:
    """Return what is right of a question and why, beside the answer that counts."""
    mark = grade(one.question.item, answer)
    if answer is None:
        word, kind = _("Not answered"), "none"
    elif mark.share >= 1:
        word, kind = _("Right"), "good"
    else:
        word, kind = (_("Partly right"), "risk") if mark.share > 0 else (_("Not right"), "bad")
    return {
        "number": one.number,
        "stem": stored(one.texts.stem),
        "lang": one.language,
        "dir": direction(one.language),
        "word": word,
        "kind": kind,
        "rows": [_row(one, place, list(places_of(answer))) for place in _shown_places(one)],
        "general": stored(one.texts.general),
    }


def _shown_places(one: Drawn) -> Sequence[int]:
    """Return an order in its right order, options as the person met them."""
    return sorted(one.question.order) if one.question.item.kind is Kind.ORDER else one.question.order


def _row(one: Drawn, place: int, chosen: list[int]) -> dict[str, Any]:
    item = one.question.item
    if isinstance(item.answers, Choices):
        right = item.answers.options[place].share > 0
        word, kind = (_("Right"), "good") if right else (_("Not right"), "bad") if place in chosen else ("", "")
    elif place in chosen:
        at = chosen.index(place)
        word, kind = _("You put it at %(n)s", n=at + 1), "good" if at == place else "risk"
    else:
        word, kind = _("You did not place it"), "none"
    return {
        "text": stored(one.texts.answers[place]),
        "chosen": place in chosen and item.kind is not Kind.ORDER,
        "word": word,
        "kind": kind,
        "why": stored(one.texts.feedback[place]),
    }
