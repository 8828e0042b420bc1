"""View models of the practice questions in a lesson, with the last answer and its feedback."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Choices, Item, ItemKind, Order
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Question
from app.i18n.languages import direction
from app.learning.shapes import CourseStatus
from app.quizzes import queries as quizzes
from app.quizzes.domain import answers
from app.quizzes.domain.answers import Answer
from app.quizzes.domain.form_answers import from_form
from app.quizzes.domain.grading import grade
from app.quizzes.shapes import AnswerLine, FeedbackBase, FeedbackRow, Practised, QuestionItem
from app.web.html.trusted_html import trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonQuestion:
    """A question in a lesson. `press` is the one-time key of its form; `is_unanswered`: no option selected."""

    item: QuestionItem
    action: str
    press: str
    is_unanswered: bool
    feedback: FeedbackBase | None


def asked(text: LessonText) -> list[str]:
    """Return the ids of the questions in a lesson."""
    return list(text.rendered.items)


def given(
    status: CourseStatus, text: LessonText, item: str, fields: Mapping[str, list[str]]
) -> tuple[Item, Answer] | None:
    """Return the item and the submitted answer, or None if nothing was selected.

    Raises NoResultFound for an item of another lesson: its feedback would reveal the item bank.
    """
    bank = catalogue.bank(status.outline.version_id, text.language)
    if item not in asked(text) or item not in bank:
        raise NoResultFound
    bank_item = bank[item].item
    answer = from_form(bank_item, fields)
    return None if answer is None else (bank_item, answer)


def shown(status: CourseStatus, text: LessonText, *, unanswered: str) -> dict[str, LessonQuestion]:
    """Return the questions of a lesson by id, with the last answer and its feedback."""
    items = asked(text)
    if not items:
        return {}
    bank = catalogue.bank(status.outline.version_id, text.language)
    latest = quizzes.latest_practice(current_user.id, status.outline.course_id, items)
    press = token_hex(8)
    return {
        name: LessonQuestion(
            item=_item(bank[name], _answer(bank[name], latest), text.language),
            action=url_for("learning.answer_check", course=status.outline.slug, lesson=text.slug, item=name),
            press=press,
            is_unanswered=name == unanswered,
            feedback=_feedback(bank[name], latest),
        )
        for name in items
        if name in bank
    }


def latest_feedback(status: CourseStatus, text: LessonText, item: str) -> FeedbackBase | None:
    """Return the feedback to a person's last answer to a question of the lesson, or None without an answer."""
    question = catalogue.bank(status.outline.version_id, text.language)[item]
    return _feedback(question, quizzes.latest_practice(current_user.id, status.outline.course_id, [item]))


def _answer(question: Question, latest: Mapping[str, Practised]) -> Answer | None:
    practised = latest.get(question.item.id)
    return answers.parse(question.item, practised.body) if practised else None


def _item(question: Question, answer: Answer | None, language: str) -> QuestionItem:
    item, chosen = question.item, answers.places_of(answer)
    lines = [
        AnswerLine(value=position, text=trusted(html), chosen=position in chosen, rank=_rank(chosen, position))
        for position, html in enumerate(question.texts.answers)
    ]
    return QuestionItem(
        id=item.id,
        kind=str(item.kind),
        stem=trusted(question.texts.stem),
        lang=language,
        dir=direction(language),
        options=tuple(lines),
        entries=tuple(lines[position] for position in _mixed(item)),
    )


def _feedback(question: Question, latest: Mapping[str, Practised]) -> FeedbackBase | None:
    item, texts = question.item, question.texts
    answer = _answer(question, latest)
    if answer is None:
        return None
    chosen = answers.places_of(answer)
    word, kind = _verdict(grade(item, answer).share)
    rows = tuple(
        FeedbackRow(
            text=trusted(html),
            chosen=position in chosen and item.kind is not ItemKind.ORDER,
            word=_("Right") if _right(item, position) else "",
            kind="good",
            why=trusted(texts.feedback[position]) if position < len(texts.feedback) else "",
        )
        for position, html in enumerate(texts.answers)
    )
    return FeedbackBase(word=word, kind=kind, rows=rows, general=trusted(texts.general))


def _verdict(score: float) -> tuple[str, str]:
    """Return the label of a score and its kind for the style."""
    if score >= 1:
        return _("Right"), "good"
    return (_("Partly right"), "risk") if score > 0 else (_("Not yet"), "bad")


def _right(item: Item, position: int) -> bool:
    return isinstance(item.answers, Choices) and item.answers.options[position].share > 0


def _rank(chosen: list[int], position: int) -> int:
    return chosen.index(position) + 1 if position in chosen else 0


def _mixed(item: Item) -> list[int]:
    """Return the positions of an order item in a fixed order that is not the right one."""
    if not isinstance(item.answers, Order):
        return []
    count = len(item.answers.entries)
    return [*range(1, count, 2), *range(0, count, 2)]
