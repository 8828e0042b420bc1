"""Words of the matrix: an officer's state in a course or competency, with its shape and date; states to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from app.access.policy import Action, Actor, allows
from app.catalogue.shapes import Outline
from app.competence.domain.statuses import VerificationStatus, status
from app.coordination import labels
from app.i18n import babel
from app.learning.domain.completion import CompletionFlag, CompletionState
from app.learning.labels import shown
from app.learning.queries.lesson_counts import LessonCount
from app.learning.shapes import CourseState

ENDED = frozenset({CompletionState.COMPLETED_ON_TIME, CompletionState.COMPLETED_LATE})
STATES: Mapping[CompletionState | CompletionFlag, tuple[LazyString, str]] = dict(
    [*labels.COMPLETION_FLAGS.items(), *labels.COMPLETION_STATES.items()]
)
_COMPETENCIES: Mapping[VerificationStatus, tuple[LazyString, str]] = {
    VerificationStatus.NOT_STARTED: (lazy_gettext("Not verified"), "open"),
    VerificationStatus.IN_TRAINING: (lazy_gettext("Not verified"), "open"),
    VerificationStatus.VERIFIED: (lazy_gettext("Verified"), "good"),
    VerificationStatus.DUE: (lazy_gettext("Due"), "risk"),
    VerificationStatus.LAPSED: (lazy_gettext("Lapsed"), "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCell:
    """A state in words with its shape, a detail below it and its date; no word where nothing is required."""

    word: str = ""
    kind: str = ""
    detail: str = ""
    day: date | None = None


def course_title(outline: Outline, actor: Actor) -> str:
    """Return the code and title of a course, or the code alone if the actor may not read the course."""
    if not allows(actor, Action.READ_COURSE, outline):
        return outline.code
    return f"{outline.code} {outline.title(shown(outline))}"


def overdue_text(overdue: int) -> str:
    """Return how many courses of an officer are overdue."""
    if not overdue:
        return _("Nothing overdue")
    return ngettext("%(num)s course overdue", "%(num)s courses overdue", overdue)


def course_cell(state: CourseState | None, lessons: LessonCount | None, today: date) -> StatusCell:
    """Return the state of an officer in a course; `lessons` None: the course is not begun."""
    if state is None or state.state is None:
        return StatusCell()
    if state.completed_on is not None:
        day = babel.words(state.completed_on)
        detail = _("Recorded, on %(day)s", day=day) if state.recorded else _("On %(day)s", day=day)
        return _dated(_("Done"), "good", detail, state.completed_on)
    if state.state is CompletionState.EXEMPT:
        return _exempt(state.exempt_until)
    if state.late_since is not None:
        days = (today - state.late_since).days + 1
        word = ngettext("%(num)s day late", "%(num)s days late", days)
        return _dated(word, "bad", _progress(state.state, lessons), state.due_on)
    return _open(state.state, lessons, state)


def competency_cell(ends: Mapping[str, date | None], competency: str, today: date) -> StatusCell:
    """Return the status of an officer in a competency; `ends` are the officer's needs with their last valid days."""
    if competency not in ends:
        return StatusCell()
    until = ends[competency]
    word, kind = _COMPETENCIES[status(True, until, today)]
    return _dated(str(word), kind, "" if until is None else _("Until %(day)s", day=babel.words(until)), until)


def _open(course_state: CompletionState, lessons: LessonCount | None, state: CourseState) -> StatusCell:
    """Return a state without completion, exemption or delay."""
    word = _progress(course_state, lessons)
    if course_state is CompletionState.BY_CHOICE:
        return _dated(word, "here", str(STATES[CompletionState.BY_CHOICE][0]), None)
    due = "" if state.due_on is None else _("Due on %(day)s", day=babel.words(state.due_on))
    if CompletionFlag.STALLED in state.flags:
        stalled, shape = labels.COMPLETION_FLAGS[CompletionFlag.STALLED]
        return _dated(str(stalled), shape, f"{word}. {due}" if due else word, state.due_on)
    return _dated(word, labels.COMPLETION_STATES[course_state][1], due, state.due_on)


def _progress(course_state: CompletionState, lessons: LessonCount | None) -> str:
    """Return how far an officer is in a course that is not completed."""
    if course_state is CompletionState.NOT_STARTED:
        return str(labels.COMPLETION_STATES[course_state][0])
    if lessons is None or not lessons.of:
        return str(labels.COMPLETION_STATES[CompletionState.IN_PROGRESS][0])
    return _("Lesson %(n)s of %(of)s", n=min(lessons.done + 1, lessons.of), of=lessons.of)


def _exempt(until: date | None) -> StatusCell:
    detail = "" if until is None else _("Until %(day)s", day=babel.words(until))
    return _dated(str(STATES[CompletionState.EXEMPT][0]), "none", detail, until)


def _dated(word: str, kind: str, detail: str, day: date | None) -> StatusCell:
    return StatusCell(word=word, kind=kind, detail=detail, day=day)
