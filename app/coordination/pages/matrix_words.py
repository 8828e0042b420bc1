"""Words of the matrix: an officer's state in a course or competency, with its shape and date; states to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from app.access.policy import Action, Actor, allows
from app.catalogue.shapes import Outline
from app.competence.domain.statuses import VerificationStatus, status
from app.i18n import babel
from app.learning.domain.completion import CompletionFlag, CompletionState
from app.learning.labels import shown
from app.learning.shapes import CourseState

ENDED = frozenset({CompletionState.COMPLETED_ON_TIME, CompletionState.COMPLETED_LATE})
STATES: Mapping[CompletionState | CompletionFlag, LazyString] = {
    CompletionFlag.OVERDUE: lazy_gettext("Overdue"),
    CompletionFlag.DUE_SOON: lazy_gettext("Due in 14 days"),
    CompletionFlag.STALLED: lazy_gettext("Stalled"),
    CompletionFlag.WAITING: lazy_gettext("Waiting to start"),
    CompletionState.NOT_STARTED: lazy_gettext("Not started"),
    CompletionState.IN_PROGRESS: lazy_gettext("In progress"),
    CompletionState.COMPLETED_ON_TIME: lazy_gettext("Completed on time"),
    CompletionState.COMPLETED_LATE: lazy_gettext("Completed late"),
    CompletionState.EXEMPT: lazy_gettext("Exempt"),
    CompletionState.BY_CHOICE: lazy_gettext("By choice"),
}
_OPEN: Mapping[CompletionState, tuple[LazyString, str]] = {
    CompletionState.NOT_STARTED: (lazy_gettext("Not started"), "open"),
    CompletionState.IN_PROGRESS: (lazy_gettext("In progress"), "here"),
    CompletionState.BY_CHOICE: (lazy_gettext("In progress"), "here"),
}
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


def course_cell(state: CourseState | None, today: date) -> StatusCell:
    """Return the state of an officer in a course."""
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
        return _dated(word, "bad", str(_OPEN[state.state][0]), state.due_on)
    return _open(state.state, state)


def competency_cell(ends: Mapping[str, date | None], competency: str, today: date) -> StatusCell:
    """Return the status of an officer in a competency; `ends` are the officer's needs with their last valid days."""
    if competency not in ends:
        return StatusCell()
    until = ends[competency]
    word, kind = _COMPETENCIES[status(True, until, today)]
    return _dated(str(word), kind, "" if until is None else _("Until %(day)s", day=babel.words(until)), until)


def _open(course_state: CompletionState, state: CourseState) -> StatusCell:
    """Return a state without completion, exemption or delay."""
    word, kind = _OPEN[course_state]
    if course_state is CompletionState.BY_CHOICE:
        return _dated(str(word), kind, str(STATES[CompletionState.BY_CHOICE]), None)
    if CompletionFlag.STALLED in state.flags:
        word, kind = STATES[CompletionFlag.STALLED], "risk"
    due = "" if state.due_on is None else _("Due on %(day)s", day=babel.words(state.due_on))
    return _dated(str(word), kind, due, state.due_on)


def _exempt(until: date | None) -> StatusCell:
    detail = "" if until is None else _("Until %(day)s", day=babel.words(until))
    return _dated(str(STATES[CompletionState.EXEMPT]), "none", detail, until)


def _dated(word: str, kind: str, detail: str, day: date | None) -> StatusCell:
    return StatusCell(word=word, kind=kind, detail=detail, day=day)
