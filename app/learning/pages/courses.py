"""View model of the page of a course: /courses/<course>."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import ClassVar

from flask import url_for
from flask_babel import format_decimal, gettext as _, lazy_gettext, ngettext

from app.catalogue.domain.courses import CourseFacts, CourseTest, LessonEntry, Reviewer
from app.catalogue.domain.translations import TranslationState
from app.catalogue.queries import versions
from app.catalogue.shapes import Outline
from app.i18n.languages import Language, direction, language
from app.kernel import clock
from app.learning import domain
from app.learning.domain import Finished, LessonState, NextCase, NextLesson, Suggester, Test
from app.learning.labels import REVIEW_POINTS, Fallback, asked, landing, next_href, nodes, sensitivity, shown
from app.learning.pages.assignments import assignment_text
from app.learning.pages.guesses import GuessLine, guess_lines, is_measured_by_models_only
from app.learning.pages.prerequisites import PrerequisiteLine
from app.learning.queries.suggestions import SuggestionLine
from app.learning.shapes import CourseState, CourseStatus
from app.quizzes.domain import papers
from app.web.pages import Page

REVIEWERS = {
    Reviewer.PRACTITIONER: lazy_gettext("Practitioner"),
    Reviewer.PROSECUTOR: lazy_gettext("Prosecutor"),
    Reviewer.VICTIM_SUPPORT: lazy_gettext("Victim-support expert"),
}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A kind of reviewer, and when one reviewed the course, None if none did."""

    reviewer: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistBox:
    """The checklist before publication, with its day; a point is (label, whether it is done)."""

    on: date
    done: int
    points: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsRow:
    """A lesson, a case or the test in the contents of a course."""

    title: str
    href: str
    sub: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepButton:
    """The button that starts or continues a course. `begin`: it posts to `begin_url`."""

    label: str
    href: str
    begin: bool
    begin_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsOffer:
    """A link to the pretest or the delayed questions; `done`: they were answered."""

    questions: int
    href: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionBox:
    """A suggestion of the course by another person; `name` says who suggests it, `aside` sets it aside."""

    name: str
    due_on: date | None
    reason: str
    aside: str


@dataclass(frozen=True, slots=True)
class NewerVersion:
    """A newer version than the user's; `message`: what its authors say of it, in their language.

    `last_day`: the last one on which completions of the user's version count, if the newer version ends them.
    """

    href: str
    message: str
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePage(Page):
    """A course and the user's progress in it. A retired course may be finished, but not begun."""

    template: ClassVar[str] = "learning/course.html"

    title: str
    lang: str
    dir: str
    code: str
    hours: str
    sensitivity: str
    lead: str
    outcomes: tuple[str, ...]
    fallback: Fallback | None
    draft: bool
    languages: tuple[tuple[Language, str], ...]
    checked: date | None
    licence: str
    reviews: tuple[ReviewLine, ...]
    checklist: ChecklistBox | None
    has_test: bool
    guesses: Sequence[GuessLine]
    is_measured_by_models_only: bool
    version: int
    contents: tuple[ContentsRow, ...]
    nodes: tuple[str, ...]
    progress: domain.Progress
    pretest: QuestionsOffer | None
    again: QuestionsOffer | None
    next: NextStepButton | None
    finished: bool
    newer: NewerVersion | None
    is_retired: bool
    slug: str
    answers_to_mark: int
    prerequisites: tuple[PrerequisiteLine, ...]
    suggestion: SuggestionBox | None
    assignment: str

    @property
    def questions_href(self) -> str:
        """Return the address of the learners' questions on the course."""
        return url_for("learning.show_questions", course=self.slug)

    @property
    def answers_href(self) -> str:
        """Return the address of the open answers of others to mark."""
        return url_for("learning.show_answers", course=self.slug)

    @property
    def has_open_reviews(self) -> bool:
        """Return whether a reviewer of the course is missing."""
        return any(review.on is None for review in self.reviews)


def course(
    status: CourseStatus,
    current: Outline,
    *,
    prerequisites: Iterable[PrerequisiteLine],
    suggestion: SuggestionLine | None,
    assignment: CourseState | None,
    answers_to_mark: int = 0,
) -> CoursePage:
    """Return the page of a course; `current` is its newest version."""
    outline, facts = status.outline, status.outline.facts
    code = shown(outline)
    translation = outline.words[code]
    step = domain.next_step(status.asks, status.standing)
    is_retired = versions.is_retired(current.version_id)
    return CoursePage(
        title=translation.text.title,
        lang=code,
        dir=direction(code),
        code=outline.code,
        hours=hours(outline),
        sensitivity=sensitivity(outline.sensitivity),
        lead=translation.text.paragraph,
        outcomes=tuple(translation.text.outcomes),
        fallback=asked(code),
        draft=translation.translation == TranslationState.DRAFT,
        languages=tuple(_badge(name, offered.translation) for name, offered in outline.words.items()),
        checked=facts.checked_on,
        licence=facts.licence,
        reviews=reviews(facts),
        checklist=_checklist(facts),
        has_test=facts.test is not None,
        guesses=guess_lines(outline),
        is_measured_by_models_only=is_measured_by_models_only(outline),
        version=outline.number,
        contents=tuple(_contents(status, step)),
        nodes=tuple(nodes(status, step.slug if isinstance(step, NextLesson) else "")),
        progress=domain.progress(status.asks, status.standing),
        pretest=_pretest(status, is_retired=is_retired),
        again=again(status),
        next=_next(status, step),
        finished=domain.is_finished(status.asks, status.standing),
        slug=current.slug,
        answers_to_mark=answers_to_mark,
        newer=_newer(outline, current),
        is_retired=is_retired,
        prerequisites=tuple(prerequisites),
        suggestion=_suggestion(suggestion),
        assignment=assignment_text(assignment, with_suggestion=suggestion is not None),
    )


def _newer(outline: Outline, current: Outline) -> NewerVersion | None:
    if outline.number >= current.number:
        return None
    return NewerVersion(
        href=url_for("learning.take_version", course=current.slug),
        message=versions.message_of(current.version_id),
        last_day=versions.last_day(outline.version_id),
    )


def reviews(facts: CourseFacts) -> tuple[ReviewLine, ...]:
    """Return the reviewers that a course needs before it counts as training, each with the date of the review."""
    reviewed_on = {review.by: review.on for review in facts.reviews}
    return tuple(ReviewLine(str(label), reviewed_on.get(reviewer)) for reviewer, label in REVIEWERS.items())


def again(status: CourseStatus) -> QuestionsOffer | None:
    """Return the offer of delayed questions some months after the test: while they are due, and later with results."""
    rules, later = status.outline.facts.retention, status.later
    if rules is None or later is None:
        return None
    waits = status.asked_since(clock.today()) is not None
    if not waits and not later.done:
        return None
    href = url_for("learning.later", course=status.outline.slug)
    return QuestionsOffer(questions=rules.items, href=href, done=not waits)


def _suggestion(line: SuggestionLine | None) -> SuggestionBox | None:
    if line is None:
        return None
    text = _("Your contact point suggests this course.")
    if line.suggested_as is Suggester.SUPERVISOR:
        text = _("Your supervisor suggests this course.")
    return SuggestionBox(
        name=text,
        due_on=line.due_on,
        reason=line.reason,
        aside=url_for("learning.set_aside", suggestion_id=line.id),
    )


def _checklist(facts: CourseFacts) -> ChecklistBox | None:
    if facts.checklist is None:
        return None
    done = facts.checklist.done
    points = tuple((str(label), point in done) for point, label in REVIEW_POINTS.items())
    return ChecklistBox(on=facts.checklist.on, done=len(done), points=points)


def _contents(status: CourseStatus, step: domain.NextStep) -> Iterator[ContentsRow]:
    """Yield the lessons, the cases and the test."""
    for number, entry in enumerate(status.outline.facts.lessons, 1):
        yield _lesson_row(status, entry, number, step)
    for name in status.outline.cases:
        yield _case_row(status, name, step)
    rules = status.outline.facts.test
    if rules is not None:
        yield _test_row(status, rules, step)


def _lesson_row(status: CourseStatus, entry: LessonEntry, number: int, step: domain.NextStep) -> ContentsRow:
    outline = status.outline
    length = _("%(n)s min", n=entry.minutes)
    warning = ["", _("Sensitive, mild"), _("Sensitive, strong")][entry.warning]
    return ContentsRow(
        title=f"{number} {outline.lesson_title(entry.slug, shown(outline))}",
        href=url_for("learning.lesson", course=outline.slug, lesson=entry.slug),
        sub=f"{length}. {warning}" if warning else length,
        state=_lesson_state(status, entry, step),
    )


def _lesson_state(status: CourseStatus, entry: LessonEntry, step: domain.NextStep) -> str:
    lesson_state = status.standing.lessons.get(entry.slug, LessonState.NOT_BEGUN)
    if domain.is_complete(entry, status.standing):
        return str(lesson_state)
    if status.enrolment is not None and step == NextLesson(entry.slug):
        return "here"
    return "started" if lesson_state is LessonState.BEGUN else "open"


def _case_row(status: CourseStatus, name: str, step: domain.NextStep) -> ContentsRow:
    outline = status.outline
    titles = outline.cases[name]
    case = status.cases.get(name)
    finished = case is not None and case.finished_at is not None
    begun = case is not None and case.open_id is not None
    return ContentsRow(
        title=_("Case: %(title)s", title=titles.get(shown(outline)) or titles[outline.facts.source_language]),
        href=url_for("learning.case", course=outline.slug, case=name),
        sub=_("Decide, then see what your decisions led to"),
        state=_part_state(finished, begun, status.enrolment is not None and step == NextCase(name)),
    )


def _test_row(status: CourseStatus, rules: CourseTest, step: domain.NextStep) -> ContentsRow:
    count = papers.most_in_test(status.outline.facts)
    sub = _("%(num)s questions, no limit of time", num=count)
    if rules.minutes:
        sub = _("%(num)s questions, %(minutes)s minutes", num=count, minutes=rules.minutes)
    passed = status.test is not None and status.test.passed
    begun = status.test is not None and status.test.open_id is not None
    return ContentsRow(
        title=_("Test"),
        href=url_for("learning.test", course=status.outline.slug),
        sub=sub,
        state=_part_state(passed, begun, step == Test()),
    )


def _part_state(done: bool, begun: bool, is_next: bool) -> str:
    """Return the state of a case or test; only one part of a course is "here"."""
    if done:
        return "done"
    if is_next:
        return "here"
    return "started" if begun else "open"


def _pretest(status: CourseStatus, *, is_retired: bool) -> QuestionsOffer | None:
    """Offer the questions before the course until a lesson is begun; a retired course cannot be begun."""
    rules = status.outline.facts.pretest
    if rules is None or status.standing.lessons or is_retired:
        return None
    return QuestionsOffer(questions=rules.items, href=url_for("learning.pretest", course=status.outline.slug))


def _next(status: CourseStatus, step: domain.NextStep) -> NextStepButton | None:
    if isinstance(step, Finished):
        return None
    label = {NextCase: _("Play the case"), Test: _("Go to the test")}.get(type(step), "")
    if isinstance(step, NextLesson):
        label = _("Continue: %(place)s", place=landing(status, step)) if status.enrolment else _("Start")
    return NextStepButton(
        label=label,
        href=next_href(status),
        begin=status.enrolment is None,
        begin_url=url_for("learning.begin", course=status.outline.slug),
    )


def _badge(code: str, translation: str) -> tuple[Language, str]:
    """Return a language of a course, and the state of its translation, "" if it is current."""
    labels = {str(TranslationState.DRAFT): _("Draft, not checked"), str(TranslationState.STALE): _("Older version")}
    return language(code), labels.get(translation, "")


def hours(outline: Outline) -> str:
    """Return the hours of a course in words; part of an hour has the plural of the next whole number."""
    number = outline.facts.hours
    if number == int(number):
        return ngettext("%(num)s hour", "%(num)s hours", int(number))
    return ngettext("%(n)s hour", "%(n)s hours", ceil(number), n=format_decimal(number))
