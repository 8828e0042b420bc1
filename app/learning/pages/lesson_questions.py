"""Questions that stand in a lesson's text: what is asked, what was answered last, and why it is right or tempting."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Choices, Item, Kind, Order
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Question
from app.i18n.languages import direction
from app.learning.shapes import CourseStanding
from app.quizzes import queries as quizzes
from app.quizzes.domain import answers
from app.quizzes.domain.answers import Answer, Choice, Chosen, Sequence
from app.quizzes.domain.form_answers import from_form
from app.quizzes.domain.grading import grade
from app.quizzes.shapes import Practised
from app.web.trusted_html import stored


def asked(text: LessonText) -> list[str]:
    """Return the ids of the questions that stand in a lesson."""
    return [part.ref for part in text.rendered.parts if part.kind == "check"]


def given(
    stands: CourseStanding, text: LessonText, item: str, fields: Mapping[str, list[str]]
) -> tuple[Item, Answer] | None:
    """Return the item and the answer that the form's fields hold, or None when nothing was chosen.

    Raises NoResultFound for an item that does not stand in this lesson: its feedback would tell the bank.
    """
    bank = catalogue.bank(stands.outline.version_id, text.language)
    if item not in asked(text) or item not in bank:
        raise NoResultFound
    found = bank[item].item
    answer = from_form(found, fields)
    return None if answer is None else (found, answer)


def shown(stands: CourseStanding, text: LessonText, *, unanswered: str, press: str) -> dict[str, dict[str, Any]]:
    """Return the questions of a lesson by id, with what was answered last and its feedback."""
    items = asked(text)
    if not items:
        return {}
    bank = catalogue.bank(stands.outline.version_id, text.language)
    latest = quizzes.latest_practice(_me(), stands.outline.course_id, items)
    return {
        name: _check(stands, text, bank[name], latest) | {"press": press, "error": name == unanswered}
        for name in items
        if name in bank
    }


def latest_feedback(stands: CourseStanding, text: LessonText, item: str) -> dict[str, Any] | None:
    """Return the feedback to a person's last answer to a question of the lesson, None when there is none."""
    question = catalogue.bank(stands.outline.version_id, text.language)[item]
    latest = quizzes.latest_practice(_me(), stands.outline.course_id, [item])
    return _check(stands, text, question, latest)["result"] if item in latest else None


def _me() -> UUID:
    found: UUID = current_user.id
    return found


def _check(
    stands: CourseStanding, text: LessonText, question: Question, latest: Mapping[str, Practised]
) -> dict[str, Any]:
    item = question.item
    held = latest.get(item.id)
    answer = answers.parse(item, held.body) if held else None
    chosen = _places(answer)
    return {
        "item": {
            "id": item.id,
            "kind": str(item.kind),
            "stem": stored(question.texts.stem),
            "lang": text.language,
            "dir": direction(text.language),
            "options": [
                {"value": place, "text": stored(html), "chosen": place in chosen}
                for place, html in enumerate(question.texts.answers)
            ],
            "entries": [
                {"value": place, "text": stored(question.texts.answers[place]), "place": _rank(chosen, place)}
                for place in _mixed(item)
            ],
        },
        "action": url_for("learning.answer_check", course=stands.outline.slug, lesson=text.slug, item=item.id),
        "result": _result(question, answer, chosen) if held else None,
    }


def _result(question: Question, answer: Answer | None, chosen: list[int]) -> dict[str, Any]:
    item, texts = question.item, question.texts
    share = grade(item, answer).share
    word, kind = (
        (_("Right"), "good") if share >= 1 else (_("Partly right"), "risk") if share > 0 else (_("Not yet"), "bad")
    )
    rows = [
        {
            "text": stored(html),
            "chosen": place in chosen and item.kind is not Kind.ORDER,
            "word": _("Right") if _right(item, place) else "",
            "kind": "good",
            "why": stored(texts.feedback[place]) if place < len(texts.feedback) else "",
        }
        for place, html in enumerate(texts.answers)
    ]
    return {"word": word, "kind": kind, "rows": rows, "general": stored(texts.general)}


def _right(item: Item, place: int) -> bool:
    return isinstance(item.answers, Choices) and item.answers.options[place].share > 0


def _places(answer: Answer | None) -> list[int]:
    match answer:
        case Choice(place):
            return [place]
        case Chosen(places) | Sequence(places):
            return list(places)
    return []


def _rank(chosen: list[int], place: int) -> int:
    return chosen.index(place) + 1 if place in chosen else 0


def _mixed(item: Item) -> list[int]:
    """Return the places of an order item in a fixed order that is not the right one."""
    if not isinstance(item.answers, Order):
        return []
    count = len(item.answers.entries)
    return [*range(1, count, 2), *range(0, count, 2)]
