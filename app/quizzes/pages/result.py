"""View model of the result page of an ended attempt: scores, feedback to each answer, lessons to read again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import ClassVar, assert_never

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Actor
from app.catalogue.domain.courses import ReviewPart
from app.catalogue.domain.retention import MONTHS
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.quizzes import queries
from app.quizzes.domain import attempts, practice, rules
from app.quizzes.domain.attempts import (
    OF_EVENTS,
    AttemptAfter,
    AttemptAllowed,
    AttemptOpen,
    AttemptState,
    CompetencyScore,
    NoAttemptsLeft,
    Purpose,
    Result,
)
from app.quizzes.domain.decisions import errors_of_answer, total
from app.quizzes.domain.grading import ItemScore
from app.quizzes.domain.saves import Certainty
from app.quizzes.domain.selection import DrawnQuestions
from app.quizzes.pages import result_notes
from app.quizzes.pages.attempt import AttemptHeading, head
from app.quizzes.pages.comparison import ComparisonLine, comparison
from app.quizzes.pages.feedback import AnswerFeedback, answer_of, feedback, limited
from app.quizzes.pages.next_steps import NextSteps, ShownCompetency, next_steps, shown_competency
from app.quizzes.pages.result_notes import CorrectedScore, figure
from app.quizzes.queries import corrections, practice as sittings
from app.quizzes.shapes import AttemptView, Drawn
from app.web.pages import Page

_CLOSE = 0.1  # of the whole: "not yet, and close"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """The result in one competency, in questions, as numbers and as texts."""

    name: str
    lang: str
    right: float
    needed: float
    of: int
    right_text: str
    needed_text: str
    secure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLink:
    """A lesson to read again."""

    name: str
    href: str
    minutes: int
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class NextButton:
    """The button to go on."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class CertaintyLine:
    """Answers of one confidence: how many were right, of how many."""

    label: str
    right: int
    of: int


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One of both errors in decisions: how often it was made, of how many decisions in which it was possible."""

    label: str
    count: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentResult:
    """The result in percent of an attempt whose answers were deleted after this number of `months`."""

    months: int
    percent: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FullResult:
    """The result of an attempt with its answers. `weak` names the competencies that were not reached.

    `notes` say which competency is below its own least score, that a paper was met before, and which of the answers
    are not shown now.
    """

    right: str
    of: int
    needed: str
    outcomes: tuple[OutcomeLine, ...]
    weak: tuple[str, ...]
    read_again: tuple[LessonLink, ...]
    answers: tuple[AnswerFeedback, ...]
    errors: tuple[ErrorLine, ...]
    notes: tuple[str, ...]
    corrected: tuple[CorrectedScore, ...]
    certainty: tuple[CertaintyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeResult:
    """What a practice sitting counts for: a sentence, and links to the competencies for which it is a review."""

    effect: str
    counted: tuple[ShownCompetency, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage(Page):
    """The page of an ended attempt. `counts`: a test that decides. Either `reduced` or `full` is set.

    `practice` is set for a practice sitting. `next_attempt`, `why_not` and `test_href`: when the next attempt may
    begin, why none may, or where it begins.
    """

    template: ClassVar[str] = "quizzes/result.html"

    test: AttemptHeading
    lang: str
    handed_in: datetime | None
    by_time: bool
    heading: str
    counts: bool
    reduced: PercentResult | None
    full: FullResult | None
    practice: PracticeResult | None
    comparison: tuple[ComparisonLine, ...]
    next: NextButton
    after: NextSteps | None
    next_attempt: datetime | None
    why_not: str
    test_href: str


@dataclass(frozen=True, slots=True)
class _Graded:
    """The questions that count, with their texts and scores; `all_marks` are those of every question in order."""

    drawn: Sequence[Drawn]
    paper: DrawnQuestions
    marks: Sequence[ItemScore]
    all_marks: Sequence[ItemScore]


@dataclass(frozen=True, slots=True)
class _Again:
    next_attempt: datetime | None = None
    why_not: str = ""
    test_href: str = ""


def page(attempt: AttemptView, now: datetime, actor: Actor) -> ResultPage:
    """Return the page of an ended attempt, as far as its data is stored."""
    outline = catalogue.outline(attempt.version_id)
    graded = None if attempt.is_reduced else _graded(attempt)
    result = _result(attempt, outline, graded) if graded else None
    full = (
        _full(attempt, graded, result, result_notes.review_parts(attempt, outline, now)) if graded and result else None
    )
    again = _again(attempt, outline, now)
    return ResultPage(
        test=head(attempt),
        lang=attempt.language,
        handed_in=attempt.ended_at,
        by_time=attempt.state is AttemptState.ENDED_BY_TIME,
        heading=_heading(attempt),
        counts=attempt.purpose is Purpose.TEST,
        reduced=_percent_result(attempt) if attempt.is_reduced else None,
        full=full,
        practice=_practice(attempt, full),
        comparison=comparison(attempt),
        next=_next(attempt, full.read_again if full else ()),
        after=next_steps(attempt, outline, result.outcomes, actor) if result and _is_passed(attempt) else None,
        next_attempt=again.next_attempt,
        why_not=again.why_not,
        test_href=again.test_href,
    )


def _percent_result(attempt: AttemptView) -> PercentResult:
    return PercentResult(
        months=MONTHS,
        # cut, as the marks are: 79.9 is not 80
        percent=floor((attempt.score or 0) * 100 + 1e-6),
        needed=round(attempt.pass_mark * 100),
    )


def _graded(attempt: AttemptView) -> _Graded:
    """Grade the answers with the keys of today; of practice, only answered questions count."""
    drawn = corrections.questions_with_texts(attempt)
    bodies = {number: saved_answer.body for number, saved_answer in attempt.saves.items()}
    paper = DrawnQuestions(tuple(drawn_question.question for drawn_question in drawn))
    marks = attempts.grades_of(paper, bodies)
    if attempt.purpose is not Purpose.PRACTICE:
        return _Graded(drawn, paper, marks, marks)
    answered = {number for number, body in bodies.items() if body is not None}
    counted = [drawn_question for drawn_question in drawn if drawn_question.number in answered]
    return _Graded(counted, *attempts.answered_part(paper, marks, answered), marks)


def _result(attempt: AttemptView, outline: Outline, graded: _Graded) -> Result:
    least = rules.floor(outline.facts, attempt.purpose)
    lessons = rules.lessons_of(outline.facts)
    return attempts.result(graded.paper, graded.marks, attempt.pass_mark, lessons, least)


def _full(attempt: AttemptView, graded: _Graded, result: Result, parts: frozenset[ReviewPart]) -> FullResult:
    count = len(graded.marks)
    titles = catalogue.competency_titles(attempt.language)
    outcomes = tuple(_outcome(attempt, outcome, titles) for outcome in result.outcomes)
    return FullResult(
        right=figure(result.score * count),
        of=count,
        needed=figure(attempt.pass_mark * count),
        outcomes=outcomes,
        weak=tuple(outcome.name for outcome in outcomes if not outcome.secure),
        read_again=tuple(_lesson_link(attempt, slug) for slug in result.read_again),
        answers=_answers(attempt, graded, parts),
        errors=_errors(attempt, graded, parts),
        notes=tuple(result_notes.notes(attempt, result, parts, titles)),
        corrected=result_notes.corrected_scores(attempt),
        certainty=_certainty(attempt, graded.all_marks),
    )


def _answers(attempt: AttemptView, graded: _Graded, parts: frozenset[ReviewPart]) -> tuple[AnswerFeedback, ...]:
    """Return the answers as far as they may be reviewed now."""
    if ReviewPart.POINTS not in parts and ReviewPart.ANSWERS not in parts:
        return ()
    explained = (_feedback(attempt, drawn_question) for drawn_question in graded.drawn)
    return tuple(limited(feedback, parts) for feedback in explained)


def _errors(attempt: AttemptView, graded: _Graded, parts: frozenset[ReviewPart]) -> tuple[ErrorLine, ...]:
    """Return both errors in the decisions of the paper, as far as the points may be reviewed now."""
    if ReviewPart.POINTS not in parts and ReviewPart.ANSWERS not in parts:
        return ()
    errors = total(
        errors_of_answer(drawn.question.item, answer_of(drawn.question.item, attempt.saves.get(drawn.number)))
        for drawn in graded.drawn
    )
    lines = (
        ErrorLine(_("A person in need missed"), errors.misses, errors.could_miss),
        ErrorLine(_("False alarm"), errors.alarms, errors.could_alarm),
    )
    return tuple(line for line in lines if line.of)


def _practice(attempt: AttemptView, full: FullResult | None) -> PracticeResult | None:
    if attempt.purpose is not Purpose.PRACTICE or full is None:
        return None
    counted = sittings.sitting(attempt.id).counted
    if full.of < practice.FEWEST:
        effect = ngettext(
            "You answered %(num)s question. Practice counts from %(least)s answers on.",
            "You answered %(num)s questions. Practice counts from %(least)s answers on.",
            full.of,
            least=practice.FEWEST,
        )
        return PracticeResult(effect=effect, counted=())
    if not counted:
        return PracticeResult(effect=_("This practice does not change a date."), counted=())
    effect = _("This practice counts. See what it changed:")
    return PracticeResult(effect=effect, counted=tuple(shown_competency(attempt, name) for name in counted))


def _feedback(attempt: AttemptView, drawn_question: Drawn) -> AnswerFeedback:
    answer = answer_of(drawn_question.question.item, attempt.saves.get(drawn_question.number))
    return feedback(drawn_question, answer)


def _is_passed(attempt: AttemptView) -> bool:
    return attempt.purpose is Purpose.TEST and bool(attempt.passed)


def _heading(attempt: AttemptView) -> str:
    if attempt.purpose is Purpose.PRACTICE:
        return _("Practice finished")
    if attempt.purpose is not Purpose.TEST:
        return _("Your result")
    if attempt.passed:
        return _("Passed")
    near = (attempt.score or 0) >= attempt.pass_mark - _CLOSE
    return _("Not yet, and close") if near else _("Not yet")


def _outcome(attempt: AttemptView, outcome: CompetencyScore, titles: Mapping[str, str]) -> OutcomeLine:
    right, needed = outcome.score * outcome.questions, attempt.pass_mark * outcome.questions
    return OutcomeLine(
        name=titles.get(outcome.competency, outcome.competency),
        lang=attempt.language,
        right=right,
        needed=needed,
        of=outcome.questions,
        right_text=figure(right),
        needed_text=figure(needed),
        secure=outcome.reached,
    )


def _lesson_link(attempt: AttemptView, slug: str) -> LessonLink:
    outline = catalogue.outline(attempt.version_id)
    is_translated = attempt.language in outline.lessons[slug]
    code = attempt.language if is_translated else outline.facts.source_language
    return LessonLink(
        name=outline.lesson_title(slug, code),
        href=url_for("learning.lesson", course=outline.slug, lesson=slug),
        minutes=next(entry.minutes for entry in outline.facts.lessons if entry.slug == slug),
        lang=code,
        dir=direction(code),
    )


def _next(attempt: AttemptView, lessons: Sequence[LessonLink]) -> NextButton:
    if attempt.purpose is Purpose.PRACTICE:
        return NextButton(_("My learning"), url_for("home.show_start"))
    if attempt.purpose in OF_EVENTS:
        return NextButton(_("Workshops"), head(attempt).course_href)
    unsure = attempt.purpose is Purpose.RETENTION or (attempt.purpose is Purpose.TEST and not attempt.passed)
    if unsure and lessons:
        return NextButton(_("Read again: %(title)s", title=lessons[0].name), lessons[0].href)
    return NextButton(_("Go on with the course"), head(attempt).course_href)


def _again(attempt: AttemptView, outline: Outline, now: datetime) -> _Again:
    """Return when the next attempt may begin; a passed test needs none."""
    if attempt.purpose is not Purpose.TEST or attempt.passed:
        return _Again()
    may_start = queries.may_start(attempt.person_id, outline, attempt.purpose, now)
    match may_start:
        case AttemptAfter(until):
            return _Again(next_attempt=until)
        case NoAttemptsLeft():
            return _Again(why_not=_("You have used all attempts."))
        case AttemptAllowed() | AttemptOpen():
            return _Again(test_href=url_for("learning.test", course=outline.slug))
        case _:
            assert_never(may_start)


def _certainty(attempt: AttemptView, marks: Sequence[ItemScore]) -> tuple[CertaintyLine, ...]:
    labels = {Certainty.SURE: _("Sure"), Certainty.UNSURE: _("Fairly sure"), Certainty.GUESS: _("A guess")}
    rights: dict[int, list[bool]] = {}
    for number, saved_answer in attempt.saves.items():
        if saved_answer.certainty and saved_answer.body is not None:
            rights.setdefault(saved_answer.certainty, []).append(marks[number - 1].share >= 1)
    return tuple(
        CertaintyLine(label, sum(rights[certainty]), len(rights[certainty]))
        for certainty, label in labels.items()
        if certainty in rights
    )
