"""View models of peer marking: a writer's answer with the markings of colleagues, and an answer to mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, assert_never

from flask import url_for
from flask_babel import format_decimal, gettext as _
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Item, Open
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.learning import labels
from app.learning.forms import PeerMarkingForm
from app.learning.pages.lesson_questions import drawn_question
from app.quizzes.domain import peer_marking
from app.quizzes.domain.answers import Essay
from app.quizzes.domain.peer_marking import REQUEST_LASTS, PeerRequestState
from app.quizzes.queries import question_feedback
from app.quizzes.queries.peer_marking import MarkingLine, OwnRequest, ReadAnswer
from app.quizzes.queries.question_items import question_item
from app.quizzes.shapes import ModelAnswers, QuestionItem
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseHeading:
    """The course in the crumbs of a page."""

    title: str
    href: str
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionMarks:
    """A criterion with its points; `marks`: whether the writer and each colleague ticked it."""

    name: str
    points: str
    marks: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerComment:
    """A comment of a colleague by number; `report_url` is "" if there is no comment to report."""

    number: int
    text: str
    on: date
    is_reported: bool
    report_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAnswer:
    """An answer that colleagues mark or have marked; `until`: it is open until this day."""

    status: str
    kind: str
    until: date | None
    paragraphs: Sequence[str]
    readers: Sequence[int]
    criteria: Sequence[CriterionMarks]
    comments: Sequence[PeerComment]
    may_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeersPage(Page):
    """What colleagues marked, and the newest answer if the user may send it. `is_refused`: too many within 24 hours."""

    template: ClassVar[str] = "learning/peers.html"

    course: CourseHeading
    lesson: CourseHeading
    item: QuestionItem
    sent: SentAnswer | None
    newest: Sequence[str]
    is_offered: bool
    is_refused: bool
    ask_url: str
    withdraw_url: str
    answers_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage(Page):
    """How many answers of colleagues wait; `has_open`: the user reads one. `is_refused`: too many within 24 hours."""

    template: ClassVar[str] = "learning/answers.html"

    course: CourseHeading
    waiting: int
    has_open: bool
    is_refused: bool
    draw_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkAnswerPage(Page):
    """An answer of a colleague, the criteria, the model answers, and the form."""

    template: ClassVar[str] = "learning/mark_answer.html"

    course: CourseHeading
    answers_href: str
    item: QuestionItem
    paragraphs: Sequence[str]
    model: ModelAnswers
    form: PeerMarkingForm
    action: str


def course_heading(outline: Outline) -> CourseHeading:
    """Return the course for the crumbs, in the language in which it is shown to the user."""
    code = outline.spoken(labels.shown(outline))
    href = url_for("learning.course", course=outline.slug)
    return CourseHeading(title=outline.title(code), href=href, lang=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswer:
    """The writer's newest answer to a question of a lesson, and the last request for it; `may_ask`: as of now."""

    item: str
    text: str
    request: OwnRequest | None
    may_ask: bool
    is_offered: bool


def peers_page(
    outline: Outline, text: LessonText, answer: OwnAnswer, now: datetime, *, is_refused: bool = False
) -> PeersPage:
    """Return the page of a writer."""
    base = url_for("learning.show_peers", course=outline.slug, lesson=text.slug, item=answer.item)
    lesson_href = url_for("learning.lesson", course=outline.slug, lesson=text.slug, _anchor=f"check-{answer.item}")
    question = catalogue.bank(outline.version_id, text.language)[answer.item]
    drawn = drawn_question(outline.version_id, text.language, question)
    return PeersPage(
        course=course_heading(outline),
        lesson=CourseHeading(title=text.rendered.title, href=lesson_href, lang=text.language),
        item=question_item(drawn, {}, answer.item),
        sent=_sent(answer, text.language, base, now),
        newest=_paragraphs(answer.text) if answer.may_ask else (),
        is_offered=answer.is_offered,
        is_refused=is_refused,
        ask_url=base,
        withdraw_url=f"{base}/withdrawal",
        answers_href=url_for("learning.show_answers", course=outline.slug),
    )


def answers_page(outline: Outline, *, waiting: int, has_open: bool, is_refused: bool = False) -> AnswersPage:
    """Return the page from which a colleague draws an answer."""
    return AnswersPage(
        course=course_heading(outline),
        waiting=waiting,
        has_open=has_open,
        is_refused=is_refused,
        draw_url=url_for("learning.draw_answer", course=outline.slug),
    )


def mark_answer_page(outline: Outline, answer: ReadAnswer, form: PeerMarkingForm) -> MarkAnswerPage:
    """Return the page of an answer to mark, with the criteria of the version that its writer read."""
    read = catalogue.outline(answer.version_id)
    language = read.spoken(labels.shown(read))
    question = catalogue.bank(answer.version_id, language)[answer.item]
    drawn = drawn_question(answer.version_id, language, question)
    model = question_feedback.feedback(drawn, Essay(answer.body, form.positions), answer.item).model
    if model is None:
        raise NoResultFound
    return MarkAnswerPage(
        course=course_heading(outline),
        answers_href=url_for("learning.show_answers", course=outline.slug),
        item=question_item(drawn, {}, answer.item),
        paragraphs=_paragraphs(answer.body),
        model=model,
        form=form,
        action=url_for("learning.mark_answer", course=outline.slug, marking_id=answer.marking_id),
    )


def _sent(answer: OwnAnswer, language: str, base: str, now: datetime) -> SentAnswer | None:
    request = answer.request
    if request is None:
        return None
    state = peer_marking.request_state(request.facts, now)
    if state is PeerRequestState.WITHDRAWN:
        return None
    status, kind = _status(state, request.facts.markings)
    item = catalogue.bank(request.version_id, language)[answer.item].item
    return SentAnswer(
        status=status,
        kind=kind,
        until=(request.facts.asked_at + REQUEST_LASTS).date() if state is PeerRequestState.OPEN else None,
        paragraphs=_paragraphs(request.body),
        readers=range(1, len(request.markings) + 1),
        criteria=_criteria(item, [request.earned, *(line.earned for line in request.markings)]),
        comments=[_comment(number, line, base) for number, line in enumerate(request.markings, 1)],
        may_withdraw=peer_marking.may_withdraw(request.facts, now),
    )


def _status(state: PeerRequestState, markings: int) -> tuple[str, str]:
    match state:
        case PeerRequestState.MARKED:
            return _("Marked by two colleagues"), "good"
        case PeerRequestState.OPEN:
            return _("Waits for one more colleague") if markings else _("Waits for two colleagues"), "wait"
        case PeerRequestState.LAPSED:
            return _("The 30 days are over."), "none"
        case PeerRequestState.WITHDRAWN:
            return _("Withdrawn"), "none"
        case _:
            assert_never(state)


def _criteria(item: Item, markers: Sequence[Sequence[int]]) -> list[CriterionMarks]:
    criteria = item.answers.criteria if isinstance(item.answers, Open) else ()
    return [
        CriterionMarks(
            name=row.name,
            points=str(format_decimal(row.points)),
            marks=tuple(position in earned for earned in markers),
        )
        for position, row in enumerate(criteria)
    ]


def _comment(number: int, line: MarkingLine, base: str) -> PeerComment:
    report_url = f"{base}/{line.id}/report" if line.comment else ""
    return PeerComment(
        number=number, text=line.comment, on=line.marked_on, is_reported=line.is_reported, report_url=report_url
    )


def _paragraphs(text: str) -> list[str]:
    """Return the lines of a plain text, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
