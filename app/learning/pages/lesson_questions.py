"""View models of the practice questions in a lesson, with the last answer and its feedback."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from uuid import UUID

from flask import url_for
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Item
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Question
from app.learning.pages import lesson_documents
from app.learning.pages.lesson_documents import DrawnOnce
from app.learning.shapes import CourseStatus
from app.quizzes import queries as quizzes
from app.quizzes.domain import answers
from app.quizzes.domain.answers import Answer
from app.quizzes.domain.display_order import from_page
from app.quizzes.domain.selection import practice_question
from app.quizzes.queries import question_feedback
from app.quizzes.queries.question_items import fields_of, question_item
from app.quizzes.shapes import Drawn, FeedbackBase, Practised, QuestionItem


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
    if item not in asked(text) or item not in bank or not lesson_documents.may_show(status.outline, bank[item].item):
        raise NoResultFound
    bank_item = bank[item].item
    answer = from_page(practice_question(bank_item), fields)
    return None if answer is None else (bank_item, answer)


def shown(status: CourseStatus, text: LessonText, *, drawn: DrawnOnce, unanswered: str) -> dict[str, LessonQuestion]:
    """Return the questions of a lesson by id, with the last answer and its feedback.

    They leave out the documents that are `drawn` already.
    """
    items = asked(text)
    if not items:
        return {}
    bank = catalogue.bank(status.outline.version_id, text.language)
    latest = quizzes.latest_practice(current_user.id, status.outline.course_id, items)
    on_desk = lesson_documents.on_desk(text)
    questions = {
        name: _lesson_question(status, text, bank[name], _answer(bank[name], latest), unanswered)
        for name in items
        if name in bank and bank[name].has_texts and lesson_documents.may_show(status.outline, bank[name].item)
    }
    return {
        name: replace(question, item=drawn.question(question.item, on_desk.get(name, ())))
        for name, question in questions.items()
    }


def _lesson_question(
    status: CourseStatus, text: LessonText, question: Question, answer: Answer | None, unanswered: str
) -> LessonQuestion:
    name, drawn = question.item.id, drawn_question(status.outline.version_id, text.language, question)
    return LessonQuestion(
        item=question_item(drawn, fields_of(drawn, answer), name),
        action=url_for("learning.answer_check", course=status.outline.slug, lesson=text.slug, item=name),
        press=token_hex(8),
        is_unanswered=name == unanswered,
        feedback=_feedback(status, text, drawn, answer),
    )


def latest_feedback(status: CourseStatus, text: LessonText, item: str) -> FeedbackBase | None:
    """Return the feedback to a person's last answer to a question of the lesson, or None without an answer."""
    question = catalogue.bank(status.outline.version_id, text.language)[item]
    latest = quizzes.latest_practice(current_user.id, status.outline.course_id, [item])
    drawn = drawn_question(status.outline.version_id, text.language, question)
    return _feedback(status, text, drawn, _answer(question, latest))


def drawn_question(version_id: UUID, language: str, question: Question) -> Drawn:
    """Return a practice question of a version with its texts and documents in a language.

    Texts that are not translated are in the source language.
    """
    documents = quizzes.documents_of(question.item, version_id, language)
    source = catalogue.outline(version_id).facts.source_language
    same = question.texts == catalogue.bank(version_id, source)[question.item.id].texts
    return Drawn(1, practice_question(question.item), question.texts, source if same else language, documents)


def _answer(question: Question, latest: Mapping[str, Practised]) -> Answer | None:
    practised = latest.get(question.item.id)
    return answers.parse(question.item, practised.body) if practised else None


def _feedback(status: CourseStatus, text: LessonText, drawn: Drawn, answer: Answer | None) -> FeedbackBase | None:
    if answer is None:
        return None
    name = drawn.question.item.id
    feedback = question_feedback.feedback(drawn, answer, name)
    if feedback.model is None or status.enrolment is None or not status.outline.facts.peer_marking:
        return feedback
    href = url_for("learning.show_peers", course=status.outline.slug, lesson=text.slug, item=name)
    return replace(feedback, model=replace(feedback.model, peers_href=href))
