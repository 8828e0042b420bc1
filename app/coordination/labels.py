"""Names in the user's language: states, steps, offices and origins of actions; states and columns of completion."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.coordination.domain.actions import ActionOrigin, ActionState, ActionStep, Office, SubjectKind
from app.coordination.domain.completion import CompletionColumns, CompletionRows, CompletionSource, ExportReason
from app.i18n.languages import country_name
from app.learning.domain.completion import AssignmentSource, CompletionFlag, CompletionState

STATES: Mapping[ActionState, tuple[LazyString, str]] = {  # with the shape of a status
    ActionState.OPEN: (lazy_gettext("Open"), "open"),
    ActionState.IN_HAND: (lazy_gettext("In progress"), "here"),
    ActionState.DONE: (lazy_gettext("Done"), "good"),
    ActionState.DROPPED: (lazy_gettext("Dropped"), "none"),
}
STEPS: Mapping[ActionStep, LazyString] = {
    ActionStep.START: lazy_gettext("Start the action"),
    ActionStep.FINISH: lazy_gettext("Mark as done"),
    ActionStep.DROP: lazy_gettext("Drop the action"),
    ActionStep.REOPEN: lazy_gettext("Reopen the action"),
}
ORIGINS: Mapping[ActionOrigin, LazyString] = {
    ActionOrigin.PLAN: lazy_gettext("Plan"),
    ActionOrigin.ATTENTION: lazy_gettext("Needs attention"),
    ActionOrigin.LATE_LIST: lazy_gettext("List of late work"),
    ActionOrigin.MEETING: lazy_gettext("Meeting"),
    ActionOrigin.REPORT: lazy_gettext("Report"),
}
OFFICES: Mapping[Office, LazyString] = {
    Office.CONTACT_POINT: lazy_gettext("Contact point"),
    Office.SECRETARIAT: lazy_gettext("Joint secretariat"),
    Office.TRAINERS: lazy_gettext("Trainers"),
}

SUBJECTS: Mapping[SubjectKind, LazyString] = {
    SubjectKind.NONE: lazy_gettext("Nothing in particular"),
    SubjectKind.INDICATOR: lazy_gettext("Indicator"),
    SubjectKind.COURSE: lazy_gettext("Course"),
    SubjectKind.EVENT: lazy_gettext("Event"),
}

ROWS: Mapping[CompletionRows, LazyString] = {
    CompletionRows.COUNTRY: lazy_gettext("Country"),
    CompletionRows.COURSE: lazy_gettext("Course"),
    CompletionRows.ROLE: lazy_gettext("Role"),
    CompletionRows.BOTH: lazy_gettext("Course and country"),
}
ALL_ROWS: Mapping[CompletionRows, LazyString] = {
    CompletionRows.COUNTRY: lazy_gettext("All countries"),
    CompletionRows.COURSE: lazy_gettext("All courses"),
    CompletionRows.ROLE: lazy_gettext("All roles"),
    CompletionRows.BOTH: lazy_gettext("All courses"),
}
COLUMNS: Mapping[CompletionColumns, LazyString] = {
    CompletionColumns.COUNTS: lazy_gettext("Numbers"),
    CompletionColumns.SHARE: lazy_gettext("Percentages"),
    CompletionColumns.LATE: lazy_gettext("Late work"),
}
TABLE_SOURCES: Mapping[CompletionSource, LazyString] = {
    CompletionSource.REQUIRED: lazy_gettext("Required"),
    CompletionSource.ASKED: lazy_gettext("Suggested with a date, or for an event"),
    CompletionSource.ALL: lazy_gettext("All"),
}
LEADS: Mapping[CompletionSource, LazyString] = {
    CompletionSource.REQUIRED: lazy_gettext("Required courses:"),
    CompletionSource.ASKED: lazy_gettext("Suggested courses and courses for events:"),
    CompletionSource.ALL: lazy_gettext("All assigned courses:"),
}
EXPORT_REASONS: Mapping[ExportReason, LazyString] = {
    ExportReason.MEETING: lazy_gettext("Prepare a meeting"),
    ExportReason.PLANNING: lazy_gettext("Plan events and seats"),
    ExportReason.FOLLOW_UP: lazy_gettext("Follow up late work"),
    ExportReason.CHECK: lazy_gettext("Check the numbers"),
}
COMPLETION_STATES: Mapping[CompletionState, tuple[LazyString, str]] = {  # with the shape of a status
    CompletionState.NOT_STARTED: (lazy_gettext("Not started"), "open"),
    CompletionState.IN_PROGRESS: (lazy_gettext("In progress"), "here"),
    CompletionState.COMPLETED_ON_TIME: (lazy_gettext("Completed on time"), "good"),
    CompletionState.COMPLETED_LATE: (lazy_gettext("Completed late"), "good"),
    CompletionState.EXEMPT: (lazy_gettext("Exempt"), "none"),
    CompletionState.BY_CHOICE: (lazy_gettext("By choice"), "none"),
}
COMPLETION_FLAGS: Mapping[CompletionFlag, tuple[LazyString, str]] = {
    CompletionFlag.OVERDUE: (lazy_gettext("Overdue"), "bad"),
    CompletionFlag.STALLED: (lazy_gettext("Stalled"), "risk"),
    CompletionFlag.WAITING: (lazy_gettext("Waiting to start"), "wait"),
    CompletionFlag.DUE_SOON: (lazy_gettext("Due in 14 days"), "wait"),
}
ASSIGNMENT_SOURCES: Mapping[AssignmentSource, LazyString] = {
    AssignmentSource.REQUIREMENT: lazy_gettext("Required"),
    AssignmentSource.SUGGESTION: lazy_gettext("Suggested"),
    AssignmentSource.EVENT: lazy_gettext("For an event"),
    AssignmentSource.NONE: lazy_gettext("By choice"),
}


def owner(office: Office, country: str) -> str:
    """Return the name of the office that owns an action."""
    if office is Office.CONTACT_POINT:
        return _("Contact point of %(country)s", country=country_name(country))
    return str(OFFICES[office])


def status(state: ActionState, *, overdue: bool) -> tuple[str, str]:
    """Return a state in words, and its shape."""
    if overdue:
        return _("Overdue"), "bad"
    text, shape = STATES[state]
    return str(text), shape
