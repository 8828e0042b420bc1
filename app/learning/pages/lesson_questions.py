"""View models of the questions in a lesson's text, with the last answer and its feedback."""

from collections.abc import Mapping
from typing import Any, assert_never
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Choices, Item, ItemKind, Order
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Question
from app.i18n.languages import direction
from app.learning.shapes import CourseStanding
from app.quizzes import queries as quizzes
from app.quizzes.domain import answers
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
    Sequence,
    Sorted,
    TypedText,
)
from app.quizzes.domain.form_answers import from_form
from app.quizzes.domain.grading import grade
from app.quizzes.shapes import Practised
from app.web.trusted_html import stored


def asked(text: LessonText) -> list[str]:
    """Return the ids of the questions in a lesson."""
    return [part.ref for part in text.rendered.parts if part.kind == "check"]


def given(
    status: CourseStanding, text: LessonText, item: str, fields: Mapping[str, list[str]]
) -> tuple[Item, Answer] | None:
    """Return the item and the answer in the form's fields, or None if nothing was chosen.

    Raises NoResultFound for an item of another lesson: its feedback would reveal the bank.
    """
    bank = catalogue.bank(status.outline.version_id, text.language)
    if item not in asked(text) or item not in bank:
        raise NoResultFound
    bank_item = bank[item].item
    answer = from_form(bank_item, fields)
    return None if answer is None else (bank_item, answer)


def shown(status: CourseStanding, text: LessonText, *, unanswered: str, press: str) -> dict[str, dict[str, Any]]:
    """Return the questions of a lesson by id, with what was answered last and its feedback."""
    items = asked(text)
    if not items:
        return {}
    bank = catalogue.bank(status.outline.version_id, text.language)
    latest = quizzes.latest_practice(_me(), status.outline.course_id, items)
    return {
        name: _check(status, text, bank[name], latest) | {"press": press, "error": name == unanswered}
        for name in items
        if name in bank
    }


def latest_feedback(status: CourseStanding, text: LessonText, item: str) -> dict[str, Any] | None:
    """Return the feedback to a person's last answer to a question of the lesson, None when there is none."""
    question = catalogue.bank(status.outline.version_id, text.language)[item]
    latest = quizzes.latest_practice(_me(), status.outline.course_id, [item])
    return _check(status, text, question, latest)["result"] if item in latest else None


def _me() -> UUID:
    person_id: UUID = current_user.id
    return person_id


def _check(
    status: CourseStanding, text: LessonText, question: Question, latest: Mapping[str, Practised]
) -> dict[str, Any]:
    item = question.item
    practised = latest.get(item.id)
    answer = answers.parse(item, practised.body) if practised else None
    chosen = _places(answer)
    return {
        "item": {
            "id": item.id,
            "kind": str(item.kind),
            "stem": stored(question.texts.stem),
            "lang": text.language,
            "dir": direction(text.language),
            "options": [
                {"value": position, "text": stored(html), "chosen": position in chosen}
                for position, html in enumerate(question.texts.answers)
            ],
            "entries": [
                {"value": position, "text": stored(question.texts.answers[position]), "rank": _rank(chosen, position)}
                for position in _mixed(item)
            ],
        },
        "action": url_for("learning.answer_check", course=status.outline.slug, lesson=text.slug, item=item.id),
        "result": _result(question, answer, chosen) if practised else None,
    }


def _result(question: Question, answer: Answer | None, chosen: list[int]) -> dict[str, Any]:
    item, texts = question.item, question.texts
    score = grade(item, answer).share
    word, kind = _verdict(score)
    rows = [
        {
            "text": stored(html),
            "chosen": position in chosen and item.kind is not ItemKind.ORDER,
            "word": _("Right") if _right(item, position) else "",
            "kind": "good",
            "why": stored(texts.feedback[position]) if position < len(texts.feedback) else "",
        }
        for position, html in enumerate(texts.answers)
    ]
    return {"word": word, "kind": kind, "rows": rows, "general": stored(texts.general)}


def _verdict(score: float) -> tuple[str, str]:
    """Return the label of a score and its kind for the style."""
    if score >= 1:
        return _("Right"), "good"
    return (_("Partly right"), "risk") if score > 0 else (_("Not yet"), "bad")


def _right(item: Item, position: int) -> bool:
    return isinstance(item.answers, Choices) and item.answers.options[position].share > 0


def _places(answer: Answer | None) -> list[int]:
    match answer:
        case ChosenOption(position):
            return [position]
        case ChosenOptions(places) | Sequence(places):
            return list(places)
        case Matched() | Sorted() | Numeric() | TypedText() | Filled() | Picked() | Essay() | Rated() | None:
            return []
        case _:
            assert_never(answer)


def _rank(chosen: list[int], position: int) -> int:
    return chosen.index(position) + 1 if position in chosen else 0


def _mixed(item: Item) -> list[int]:
    """Return the places of an order item in a fixed order that is not the right one."""
    if not isinstance(item.answers, Order):
        return []
    count = len(item.answers.entries)
    return [*range(1, count, 2), *range(0, count, 2)]
