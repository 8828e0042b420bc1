"""View models of the pages of an open attempt: questions, list before handing in; never the answer key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.quizzes.domain import attempts, rules
from app.quizzes.domain.attempts import OF_EVENTS, Purpose
from app.quizzes.labels import title_of
from app.quizzes.pages import feedback
from app.quizzes.pages.feedback import AnswerFeedback, answer_of
from app.quizzes.queries import questions_with_texts
from app.quizzes.queries.question_items import fields_of, question_item
from app.quizzes.shapes import AttemptView, CurrentAnswer, Drawn, QuestionItem
from app.web.html.trusted_html import trusted
from app.web.pages import Page

_START = 120  # characters of a question in the list before handing in


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptHeading:
    """The title of an attempt, and its course; of practice, the page of practice."""

    title: str
    course: str
    course_lang: str
    course_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionBox:
    """A question of the page. `sequence` 0: never saved; `certainty` None: not asked, 0: open.

    `feedback`: the answer is locked. `locks`: an answer is explained once it is saved, then locked.
    """

    number: int
    is_current: bool
    sequence: int
    answer_url: str
    item: QuestionItem
    certainty: int | None
    marked: bool
    feedback: AnswerFeedback | None
    locks: bool
    before_href: str
    next_href: str
    check_href: str

    @property
    def is_last(self) -> bool:
        """Return whether no question follows."""
        return not self.next_href


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionNumber:
    """A question in the grid of numbers."""

    number: int
    href: str
    answered: bool
    marked: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """The time left of an attempt."""

    seconds: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPage(Page):
    """An open attempt, with one question in view and the others hidden. `clock` None: no limit of time.

    The page of a watched attempt has one question alone, and stores nothing on the device.
    """

    template: ClassVar[str] = "quizzes/question.html"

    test: AttemptHeading
    attempt: UUID
    of: int
    current: int
    nodes: tuple[str, ...]
    numbers: tuple[QuestionNumber, ...]
    save_state: str
    end_url: str
    clock: TimeLeft | None
    error: str
    is_practice: bool
    is_watched: bool
    questions: tuple[QuestionBox, ...]

    @property
    def explains(self) -> bool:
        """Return whether each answer is explained once it is saved."""
        return any(question.locks for question in self.questions)

    @property
    def has_documents(self) -> bool:
        """Return whether documents are beside questions."""
        return any(question.item.documents for question in self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """A question in the list before an attempt is handed in; `href` "": the time is over."""

    number: int
    href: str
    text: str
    lang: str
    dir: str
    answered: bool
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Page):
    """The list of questions before an attempt is handed in. `open` counts those without an answer."""

    template: ClassVar[str] = "quizzes/check.html"

    test: AttemptHeading
    attempt: UUID
    lines: tuple[CheckLine, ...]
    open: int
    over: bool
    is_practice: bool
    is_watched: bool
    hand_in_url: str


def page(attempt: AttemptView, current: int, now: datetime, *, error: str = "") -> AttemptPage:
    """Return the page of an open attempt, with the question number `current` in view."""
    numbers = [_number(attempt, number, current) for number in range(1, len(attempt.slips) + 1)]
    return AttemptPage(
        test=head(attempt),
        attempt=attempt.id,
        of=len(numbers),
        current=current,
        nodes=tuple(map(_node, numbers)),
        numbers=tuple(numbers) if len(numbers) > 1 else (),
        save_state="saved" if numbers[current - 1].answered else "open",
        end_url=url_for("quizzes.submit", attempt=attempt.id),
        clock=_time_left(attempt, now),
        error=error,
        is_practice=attempt.purpose is Purpose.PRACTICE,
        is_watched=_is_watched(attempt),
        questions=tuple(_question(attempt, drawn_question, current) for drawn_question in _shown(attempt, current)),
    )


def put_back(
    attempt: AttemptView, shown: AttemptPage, sent: Mapping[str, list[str]], *, certainty: int | None, marked: bool
) -> AttemptPage:
    """Return the page with the rejected form input in the current question."""
    drawn_question = questions_with_texts(attempt)[shown.current - 1]

    def with_input(question: QuestionBox) -> QuestionBox:
        asked = None if question.certainty is None else certainty or 0
        return replace(question, item=question_item(drawn_question, sent), certainty=asked, marked=marked)

    questions = (with_input(question) if question.is_current else question for question in shown.questions)
    return replace(shown, questions=tuple(questions))


def look_back(attempt: AttemptView, now: datetime) -> CheckPage:
    """Return the list of questions before the attempt is handed in."""
    over = attempts.is_over(attempt.sitting, now)
    lines = tuple(_check_line(attempt, drawn_question, over=over) for drawn_question in questions_with_texts(attempt))
    return CheckPage(
        test=head(attempt),
        attempt=attempt.id,
        lines=lines,
        open=sum(1 for line in lines if not line.answered),
        over=over,
        is_practice=attempt.purpose is Purpose.PRACTICE,
        is_watched=_is_watched(attempt),
        hand_in_url=url_for("quizzes.submit", attempt=attempt.id),
    )


def head(attempt: AttemptView) -> AttemptHeading:
    """Return the heading of each page of an attempt."""
    outline, title = catalogue.outline(attempt.version_id), title_of(attempt.purpose)
    if attempt.back_url:
        return AttemptHeading(title=title, course=title, course_lang="", course_href=attempt.back_url)
    return AttemptHeading(
        title=title,
        course=outline.title(attempt.language),
        course_lang=outline.spoken(attempt.language),
        course_href=_origin_href(attempt, outline),
    )


def _origin_href(attempt: AttemptView, outline: Outline) -> str:
    if attempt.purpose is Purpose.PRACTICE:
        return url_for("home.show_practice")
    if attempt.purpose in OF_EVENTS:
        return url_for("workshops.show_workshops")
    return url_for("learning.course", course=outline.slug)


def _is_watched(attempt: AttemptView) -> bool:
    return attempt.purpose is Purpose.WATCHED


def _shown(attempt: AttemptView, current: int) -> list[Drawn]:
    """Return the questions that the page contains."""
    drawn_questions = questions_with_texts(attempt)
    return [drawn_questions[current - 1]] if _is_watched(attempt) else drawn_questions


def asks_certainty(attempt: AttemptView) -> bool:
    """Return whether the course asks for the confidence of each answer."""
    if attempt.purpose in (Purpose.PRACTICE, Purpose.WATCHED):
        return False
    return rules.course_test(catalogue.outline(attempt.version_id).facts).certainty


def _question(attempt: AttemptView, drawn_question: Drawn, current: int) -> QuestionBox:
    number = drawn_question.number
    saved_answer = attempt.saves.get(number)
    answer = answer_of(drawn_question.question.item, saved_answer)
    is_locked = saved_answer is not None and saved_answer.locked
    return QuestionBox(
        number=number,
        is_current=number == current,
        sequence=saved_answer.sequence if saved_answer else 0,
        answer_url=url_for("quizzes.save", attempt=attempt.id, n=number),
        item=question_item(drawn_question, fields_of(drawn_question, answer)),
        certainty=_certainty(saved_answer) if asks_certainty(attempt) else None,
        marked=saved_answer is not None and saved_answer.marked,
        feedback=feedback.feedback(drawn_question, answer) if is_locked else None,
        locks=rules.locks_answers(catalogue.outline(attempt.version_id).facts, attempt.purpose),
        before_href=_question_href(attempt, number - 1),
        next_href=_question_href(attempt, number + 1),
        check_href=url_for("quizzes.check", attempt=attempt.id),
    )


def _certainty(saved_answer: CurrentAnswer | None) -> int:
    return saved_answer.certainty or 0 if saved_answer else 0


def _question_href(attempt: AttemptView, number: int) -> str:
    """Return the address of a question, "" if the attempt has no such number."""
    exists = 1 <= number <= len(attempt.slips)
    return url_for("quizzes.question", attempt=attempt.id, n=number) if exists else ""


def _time_left(attempt: AttemptView, now: datetime) -> TimeLeft | None:
    seconds = attempts.seconds_left(attempt.sitting, now)
    return None if seconds is None else TimeLeft(seconds=seconds, minutes=-(-seconds // 60))


def _number(attempt: AttemptView, number: int, current: int) -> QuestionNumber:
    saved_answer = attempt.saves.get(number)
    return QuestionNumber(
        number=number,
        href=url_for("quizzes.question", attempt=attempt.id, n=number),
        answered=_is_answered(saved_answer),
        marked=saved_answer is not None and saved_answer.marked,
        is_current=number == current,
    )


def _node(number: QuestionNumber) -> str:
    if number.is_current:
        return "here"
    return "done" if number.answered else ""


def _check_line(attempt: AttemptView, drawn_question: Drawn, *, over: bool) -> CheckLine:
    saved_answer = attempt.saves.get(drawn_question.number)
    return CheckLine(
        number=drawn_question.number,
        href="" if over else url_for("quizzes.question", attempt=attempt.id, n=drawn_question.number),
        text=_short(trusted(drawn_question.texts.stem).striptags()),
        lang=drawn_question.language,
        dir=direction(drawn_question.language),
        answered=_is_answered(saved_answer),
        marked=saved_answer is not None and saved_answer.marked,
    )


def _is_answered(saved_answer: CurrentAnswer | None) -> bool:
    return saved_answer is not None and saved_answer.body is not None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _START else text[:_START].rsplit(" ", 1)[0] + "…"
