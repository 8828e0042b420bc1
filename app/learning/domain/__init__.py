"""Rules of learning: states of enrolments, lessons and suggestions, completion, next step, language, time spent.

States of enrolments and suggestions, and `Suggester`, are stored. The state of a lesson is derived from its row, but
reader.js compares its value. `shapes` prepares the input; `demo/rows/activity.py` applies the same rules to rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.translations import TranslationState
from app.kernel.errors import IllegalMoveError

LAST_RESORT = "en"
LOOKED_THROUGH_BELOW = 5  # a lesson read for less than a fifth of its stated minutes is looked through
VISIT_KEPT = timedelta(days=60)  # visits and step keys; an older reading token counts no minutes


class EnrolmentState(StrEnum):
    BEGUN = "begun"
    COMPLETED = "completed"
    ENDED = "ended"  # a breaking version ended the completion


class EnrolmentStep(StrEnum):
    COMPLETE = "complete"
    END = "end"


class Suggester(StrEnum):
    """The role in which a person suggests a course to an officer."""

    CONTACT_POINT = "contact_point"
    SUPERVISOR = "supervisor"


class SuggestionState(StrEnum):
    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"
    SET_ASIDE = "set_aside"
    TAKEN_BACK = "taken_back"


class SuggestionStep(StrEnum):
    BEGIN = "begin"
    COMPLETE = "complete"
    SET_ASIDE = "set_aside"
    TAKE_BACK = "take_back"


class LessonState(StrEnum):
    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    DONE = "done"
    SKIPPED = "skipped"
    LOOKED_THROUGH = "looked_through"


class LessonStep(StrEnum):
    READ = "read"
    FINISH = "finish"
    LOOK_THROUGH = "look_through"
    SKIP = "skip"


ENROLMENT_MOVES = {
    (EnrolmentState.BEGUN, EnrolmentStep.COMPLETE): EnrolmentState.COMPLETED,
    (EnrolmentState.COMPLETED, EnrolmentStep.END): EnrolmentState.ENDED,
}

LIVE = (
    SuggestionState.OPEN,
    SuggestionState.BEGUN,
)  # at most one for a person and a course: an index of `models` repeats these states
SUGGESTION_MOVES = {
    (SuggestionState.OPEN, SuggestionStep.BEGIN): SuggestionState.BEGUN,
    (SuggestionState.OPEN, SuggestionStep.COMPLETE): SuggestionState.DONE,
    (SuggestionState.OPEN, SuggestionStep.SET_ASIDE): SuggestionState.SET_ASIDE,
    (SuggestionState.OPEN, SuggestionStep.TAKE_BACK): SuggestionState.TAKEN_BACK,
    (SuggestionState.BEGUN, SuggestionStep.COMPLETE): SuggestionState.DONE,
    (SuggestionState.BEGUN, SuggestionStep.TAKE_BACK): SuggestionState.TAKEN_BACK,
}

# Reading again takes nothing away. A lesson that was skipped or looked through may be read and done after all.
LESSON_MOVES = {
    (LessonState.NOT_BEGUN, LessonStep.READ): LessonState.BEGUN,
    (LessonState.NOT_BEGUN, LessonStep.FINISH): LessonState.DONE,
    (LessonState.NOT_BEGUN, LessonStep.SKIP): LessonState.SKIPPED,
    (LessonState.BEGUN, LessonStep.READ): LessonState.BEGUN,
    (LessonState.BEGUN, LessonStep.FINISH): LessonState.DONE,
    (LessonState.BEGUN, LessonStep.SKIP): LessonState.SKIPPED,
    (LessonState.SKIPPED, LessonStep.READ): LessonState.SKIPPED,
    (LessonState.SKIPPED, LessonStep.FINISH): LessonState.DONE,
    (LessonState.SKIPPED, LessonStep.SKIP): LessonState.SKIPPED,
    (LessonState.DONE, LessonStep.READ): LessonState.DONE,
    (LessonState.DONE, LessonStep.FINISH): LessonState.DONE,
    (LessonState.DONE, LessonStep.LOOK_THROUGH): LessonState.DONE,
    (LessonState.NOT_BEGUN, LessonStep.LOOK_THROUGH): LessonState.LOOKED_THROUGH,
    (LessonState.BEGUN, LessonStep.LOOK_THROUGH): LessonState.LOOKED_THROUGH,
    (LessonState.SKIPPED, LessonStep.LOOK_THROUGH): LessonState.LOOKED_THROUGH,
    (LessonState.LOOKED_THROUGH, LessonStep.READ): LessonState.LOOKED_THROUGH,
    (LessonState.LOOKED_THROUGH, LessonStep.FINISH): LessonState.DONE,
    (LessonState.LOOKED_THROUGH, LessonStep.LOOK_THROUGH): LessonState.LOOKED_THROUGH,
    (LessonState.LOOKED_THROUGH, LessonStep.SKIP): LessonState.LOOKED_THROUGH,
}
OVER = frozenset({LessonState.DONE, LessonState.LOOKED_THROUGH})  # what a press on "Done" leads to


@dataclass(frozen=True, slots=True)
class Place:
    """The reading position in a lesson: the part on the screen, of how many (0: not known), and the top element."""

    part: int
    parts: int
    element: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One opening of a lesson's page, and the seconds counted from it."""

    opened_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class CourseRequirements:
    """The requirements of a course: its lessons in order, its cases by name in order, and whether it has a test."""

    lessons: tuple[LessonEntry, ...]
    cases: tuple[str, ...] = ()
    has_test: bool = False


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A person's progress in a course. `last_lesson` is the lesson read last, empty before the first.

    `seconds` are those spent by lesson; a lesson that was done before time was measured has none.
    """

    lessons: Mapping[str, LessonState] = field(default_factory=dict)
    last_lesson: str = ""
    finished_cases: frozenset[str] = frozenset()
    test_passed: bool = False
    seconds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` lessons, and the minutes of those still open."""

    done: int
    total: int
    minutes_left: int


@dataclass(frozen=True, slots=True)
class NextLesson:
    slug: str


@dataclass(frozen=True, slots=True)
class NextCase:
    name: str


@dataclass(frozen=True, slots=True)
class Test:
    __test__ = False  # its name makes pytest look for test functions in it


@dataclass(frozen=True, slots=True)
class Finished:
    pass


NextStep = NextLesson | NextCase | Test | Finished


def after(state: EnrolmentState, step: EnrolmentStep) -> EnrolmentState:
    """Return the next state of the enrolment; raise IllegalMoveError for a step that is not in the table."""
    try:
        return ENROLMENT_MOVES[state, step]
    except KeyError:
        raise IllegalMoveError("This course is completed already.") from None


def after_suggestion(state: SuggestionState, step: SuggestionStep) -> SuggestionState:
    """Return the next state of the suggestion; raise IllegalMoveError for a step that is not in the table."""
    try:
        return SUGGESTION_MOVES[state, step]
    except KeyError:
        raise IllegalMoveError("This suggestion is answered already.") from None


def after_lesson(lesson: LessonEntry, state: LessonState, step: LessonStep) -> LessonState:
    """Return the next state of the lesson.

    Raises IllegalMoveError for skipping a lesson without a content warning or one that is done.
    """
    allowed = step is not LessonStep.SKIP or may_skip(lesson)
    if not allowed or (state, step) not in LESSON_MOVES:
        raise IllegalMoveError("This lesson cannot be skipped.")
    return LESSON_MOVES[state, step]


def may_skip(lesson: LessonEntry) -> bool:
    """Return whether the lesson may be skipped: only lessons with a content warning may."""
    return lesson.warning > 0


def is_complete(lesson: LessonEntry, standing: CourseProgress) -> bool:
    """Return whether the lesson is done, looked through, or skipped because of its content warning."""
    state = _state(lesson.slug, standing)
    return state in OVER or (state is LessonState.SKIPPED and may_skip(lesson))


def is_finished(outline: CourseRequirements, standing: CourseProgress) -> bool:
    """Return whether the course is completed: its test is passed or, where it has none, each lesson is complete."""
    if outline.has_test:
        return standing.test_passed
    return all(is_complete(lesson, standing) for lesson in outline.lessons)


def visit(opened_at: datetime, now: datetime, minutes: int, device_seconds: int | None = None) -> Visit:
    """Return the visit with the seconds since its opening, at most the device's count and the stated minutes.

    A visit that was opened more than 60 days ago has 0 seconds.
    """
    seconds = int((now - opened_at).total_seconds())
    if now - opened_at > VISIT_KEPT:
        seconds = 0
    if device_seconds is not None:
        seconds = min(seconds, device_seconds)
    return Visit(opened_at, max(0, min(seconds, minutes * 60)))


def seconds_spent(visits: Iterable[Visit]) -> int:
    """Return the total seconds of the visits; overlapping time, as in two browser tabs, counts once."""
    total, reached = timedelta(), None
    for visit in sorted(visits, key=lambda visit: visit.opened_at):
        ends = visit.opened_at + timedelta(seconds=visit.seconds)
        begins = visit.opened_at if reached is None else max(visit.opened_at, reached)
        total += max(timedelta(), ends - begins)
        reached = ends if reached is None else max(reached, ends)
    return round(total.total_seconds())


def finishing_step(lesson: LessonEntry, seconds: int | None) -> LessonStep:
    """Return the step of "Done": LOOK_THROUGH below a fifth of the stated minutes, else FINISH.

    `seconds` are those spent in the lesson; None: it was read before time was measured.
    """
    short = seconds is not None and seconds * LOOKED_THROUGH_BELOW < lesson.minutes * 60
    return LessonStep.LOOK_THROUGH if short else LessonStep.FINISH


def minutes_spent(outline: CourseRequirements, standing: CourseProgress) -> int:
    """Return the whole minutes spent in the lessons of a course; each lesson counts at most its stated minutes."""
    return sum(_counted_seconds(lesson, standing) for lesson in outline.lessons) // 60


def minutes_stated(outline: CourseRequirements) -> int:
    """Return the sum of the stated minutes of a course's lessons."""
    return sum(lesson.minutes for lesson in outline.lessons)


def progress(outline: CourseRequirements, standing: CourseProgress) -> Progress:
    """Return how many lessons are complete, and the minutes left in the others."""
    open_ones = [lesson for lesson in outline.lessons if not is_complete(lesson, standing)]
    total = len(outline.lessons)
    return Progress(total - len(open_ones), total, sum(lesson.minutes for lesson in open_ones))


def next_step(outline: CourseRequirements, standing: CourseProgress) -> NextStep:
    """Return the target of "Continue": the first open lesson, starting from the lesson read last.

    After the lessons come the cases, then the test. After a passed test nothing is left.
    """
    if outline.has_test and standing.test_passed:
        return Finished()
    lesson = _next_lesson(outline, standing)
    if lesson is not None:
        return NextLesson(lesson)
    case = next((name for name in outline.cases if name not in standing.finished_cases), None)
    if case is not None:
        return NextCase(case)
    return Test() if outline.has_test else Finished()


def content_language(
    own: str, offered: Mapping[str, TranslationState], course_language: str, *, drafts: bool = False
) -> str:
    """Return the language in which to show a text: the person's own, else the course's, else English.

    `offered` has the state of each translation; drafts are shown only if `drafts` is true. The course's own language
    needs no entry. An outdated text is shown with a notice. If no language fits, the course's language is returned.
    """
    readable = {TranslationState.CURRENT, TranslationState.STALE} | ({TranslationState.DRAFT} if drafts else set())
    shown = {language for language, state in offered.items() if state in readable}
    if offered.get(course_language) is not TranslationState.MISSING:
        shown.add(course_language)
    order = (own, course_language, LAST_RESORT)
    return next((language for language in order if language in shown), course_language)


def _state(slug: str, standing: CourseProgress) -> LessonState:
    return standing.lessons.get(slug, LessonState.NOT_BEGUN)


def _next_lesson(outline: CourseRequirements, standing: CourseProgress) -> str | None:
    slugs = [lesson.slug for lesson in outline.lessons]
    start = slugs.index(standing.last_lesson) if standing.last_lesson in slugs else 0
    turned = (*outline.lessons[start:], *outline.lessons[:start])
    return next((lesson.slug for lesson in turned if not is_complete(lesson, standing)), None)


def _counted_seconds(lesson: LessonEntry, standing: CourseProgress) -> int:
    """Return the seconds that count; a lesson done before time was measured counts its stated minutes."""
    most = lesson.minutes * 60
    seconds = standing.seconds.get(lesson.slug)
    if seconds is None:
        return most if _state(lesson.slug, standing) is LessonState.DONE else 0
    return min(seconds, most)
