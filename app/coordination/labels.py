"""Names in the user's language: states and steps of actions, requirements and exemptions; columns of completion."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from app.coordination.domain.actions import ActionOrigin, ActionState, ActionStep, Office, SubjectKind
from app.coordination.domain.completion import CompletionColumns, CompletionRows, CompletionSource, ExportReason
from app.coordination.domain.late import LateKind, LateOffice, LateRule
from app.coordination.domain.matrix import MatrixOrder, MatrixView, Misfit
from app.coordination.domain.reminders import AnswerKind, AnswerReason, ReminderOffice, ReminderState
from app.coordination.shapes import ReminderLine
from app.i18n import babel
from app.i18n.babel import words
from app.i18n.languages import country_name
from app.learning.domain.completion import AssignmentProblem, AssignmentSource, CompletionFlag, CompletionState
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, RequirementState
from app.learning.shapes import ExemptionLine, RequirementLine

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
PROBLEMS: Mapping[AssignmentProblem, tuple[LazyString, LazyString]] = {  # with the office that acts
    AssignmentProblem.LANGUAGE: (
        lazy_gettext("The course is not in a language that the officer reads."),
        lazy_gettext("Content: translate the course."),
    ),
    AssignmentProblem.NOT_PUBLISHED: (
        lazy_gettext("A course needed before is not published."),
        lazy_gettext("Content: publish the course."),
    ),
    AssignmentProblem.DUE_BEFORE_COURSE: (
        lazy_gettext("The date is before the course was published."),
        lazy_gettext("Coordinator: change the date."),
    ),
    AssignmentProblem.NO_ROLE: (
        lazy_gettext("The officer has no role in the agency."),
        lazy_gettext("Contact point: enter the role."),
    ),
}
EXEMPTION_KINDS: Mapping[ExemptionKind, LazyString] = {
    ExemptionKind.EXEMPT: lazy_gettext("Exempt through a day"),
    ExemptionKind.LATER: lazy_gettext("Due later, on a day"),
}
EXEMPTION_REASONS: Mapping[ExemptionReason, LazyString] = {
    ExemptionReason.TRAINED_ELSEWHERE: lazy_gettext("Trained elsewhere"),
    ExemptionReason.NOT_IN_THIS_DUTY: lazy_gettext("Not in this duty"),
    ExemptionReason.LONG_ABSENCE: lazy_gettext("Long absence"),
    ExemptionReason.LANGUAGE: lazy_gettext("Language"),
    ExemptionReason.OTHER: lazy_gettext("Other reason"),
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
MATRIX_VIEWS: Mapping[MatrixView, LazyString] = {
    MatrixView.COURSES: lazy_gettext("Courses"),
    MatrixView.COMPETENCIES: lazy_gettext("Competencies"),
}
MATRIX_ORDERS: Mapping[MatrixOrder, LazyString] = {
    MatrixOrder.ALIAS: lazy_gettext("By alias"),
    MatrixOrder.NEXT_DATE: lazy_gettext("Next date first"),
    MatrixOrder.OVERDUE: lazy_gettext("Most overdue courses first"),
}
MISFITS: Mapping[Misfit, LazyString] = {
    Misfit.SELF: lazy_gettext("You cannot suggest a course to yourself."),
    Misfit.NOT_OPEN: lazy_gettext("The course is for practitioners only."),
    Misfit.DONE: lazy_gettext("The officer has already done it."),
    Misfit.SUGGESTED: lazy_gettext("It is already suggested."),
    Misfit.LANGUAGE: lazy_gettext("It is not published in a language of the officer."),
    Misfit.OWN_ROW: lazy_gettext("This is your own account."),
    Misfit.NOT_ASSIGNED: lazy_gettext("The officer is not asked to complete it."),
    Misfit.EXEMPT: lazy_gettext("The officer is already exempt, or has a later date."),
    Misfit.NOT_LATE: lazy_gettext("The officer is not late in a course."),
    Misfit.TOO_SOON: lazy_gettext("You reminded the officer within the last 7 days."),
    Misfit.UNANSWERED: lazy_gettext("The officer has not answered three reminders."),
}
LATE_OFFICES: Mapping[LateOffice, LazyString] = {
    LateOffice.OFFICERS: lazy_gettext("Officers"),
    LateOffice.SUPERVISORS: lazy_gettext("Supervisors"),
    LateOffice.CONTACT_POINT: lazy_gettext("Contact point"),
    LateOffice.CONTENT: lazy_gettext("Content"),
    LateOffice.TRAINERS: lazy_gettext("Trainers"),
    LateOffice.SECRETARIAT: lazy_gettext("Secretariat"),
}
LATE_KINDS: Mapping[LateKind, LazyString] = {
    LateKind.INVITATIONS: lazy_gettext("Invitations"),
    LateKind.COURSE: lazy_gettext("Course"),
    LateKind.LANGUAGE: lazy_gettext("Language of a course"),
    LateKind.FIGURE: lazy_gettext("Figure"),
    LateKind.ACTION: lazy_gettext("Action"),
    LateKind.FALL: lazy_gettext("Falling figure"),
}
LATE_RULES: Mapping[LateRule, LazyString] = {
    LateRule.INVITATIONS: lazy_gettext("Invited, not in yet"),
    LateRule.LANGUAGE: lazy_gettext("Not in a language that the officer reads"),
    LateRule.OFFICER: lazy_gettext("Due soon, or overdue by up to 7 days"),
    LateRule.SUPERVISOR: lazy_gettext("Late, with a supervisor"),
    LateRule.CONTACT_POINT: lazy_gettext("Late, without a supervisor"),
    LateRule.MANY_OVERDUE: lazy_gettext("Many officers are overdue"),
    LateRule.SILENT: lazy_gettext("The contact point does not answer"),
    LateRule.FIGURE: lazy_gettext("Figure is missing"),
    LateRule.ACTION: lazy_gettext("Action is overdue"),
    LateRule.FALL: lazy_gettext("Verifications end soon"),
}
FIRST_STEPS: Mapping[LateRule, LazyString] = {
    LateRule.INVITATIONS: lazy_gettext("Renew the invitation."),
    LateRule.LANGUAGE: lazy_gettext("See the translation. The officer is not due."),
    LateRule.OFFICER: lazy_gettext("The officer completes the course."),
    LateRule.SUPERVISOR: lazy_gettext("Remind or exempt."),
    LateRule.CONTACT_POINT: lazy_gettext("Remind, or assign a supervisor."),
    LateRule.MANY_OVERDUE: lazy_gettext("Agree a plan with a date."),
    LateRule.SILENT: lazy_gettext("Call, ask the deputy, or assign an action."),
    LateRule.FIGURE: lazy_gettext("Enter the figure."),
    LateRule.ACTION: lazy_gettext("Enter a new date, or mark it as done."),
    LateRule.FALL: lazy_gettext("Plan a watched check or practice before the dates end."),
}
REMINDER_STATES: Mapping[ReminderState, tuple[LazyString, str]] = {  # with the shape of a status
    ReminderState.SENT: (lazy_gettext("Sent"), "open"),
    ReminderState.SEEN: (lazy_gettext("Seen"), "here"),
    ReminderState.ANSWERED: (lazy_gettext("Answered"), "good"),
    ReminderState.RESOLVED: (lazy_gettext("No longer late"), "good"),
    ReminderState.EXPIRED: (lazy_gettext("No answer"), "bad"),
}
REMINDER_OFFICES: Mapping[ReminderOffice, LazyString] = {
    ReminderOffice.CONTACT_POINT: lazy_gettext("Contact point"),
    ReminderOffice.SUPERVISOR: lazy_gettext("Supervisor"),
    ReminderOffice.OFFICER: lazy_gettext("Officer"),
}
ANSWERS: Mapping[AnswerKind, LazyString] = {
    AnswerKind.DONE: lazy_gettext("Done"),
    AnswerKind.DONE_BY: lazy_gettext("Done by a date"),
    AnswerKind.NOT_POSSIBLE: lazy_gettext("Not possible"),
}
ANSWER_REASONS: Mapping[AnswerReason, LazyString] = {
    AnswerReason.NO_LONGER_IN_SERVICE: lazy_gettext("No longer in service"),
    AnswerReason.NO_LINE: lazy_gettext("No internet connection"),
    AnswerReason.NO_TIME: lazy_gettext("No time was given"),
    AnswerReason.LANGUAGE: lazy_gettext("Language"),
    AnswerReason.WRONG_LIST: lazy_gettext("The list is wrong"),
    AnswerReason.OTHER: lazy_gettext("Other"),
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


def due(due_on: date | None, due_days: int | None) -> str:
    """Return when a required course is due: on a date, or days after joining."""
    if due_on is not None:
        return babel.words(due_on)
    return ngettext("%(num)s day after joining", "%(num)s days after joining", due_days or 0)


def renewal(months: int | None) -> str:
    """Return after how many months a course is completed again."""
    return ngettext("Renewed after %(num)s month", "Renewed after %(num)s months", months) if months else _("Never")


def requirement_status(line: RequirementLine, today: date) -> tuple[str, str]:
    """Return the state of a requirement on a day in words, and its shape."""
    if line.state is RequirementState.DRAFT:
        return _("Waits for a second person"), "wait"
    if line.state is RequirementState.DROPPED:
        return _("Withdrawn"), "none"
    if line.ends is not None and line.ends < today:
        return _("Ended"), "none"
    if line.starts > today:
        return _("Begins on %(day)s", day=babel.words(line.starts)), "open"
    return _("Required"), "good"


def exemption_status(line: ExemptionLine) -> tuple[str, str]:
    """Return the state of an exemption in words, and its shape."""
    return (_("Waits for a second person"), "wait") if line.since is None else (_("Valid"), "good")


def exemption(kind: ExemptionKind, until: date) -> str:
    """Return what an exemption changes, with its day."""
    if kind is ExemptionKind.LATER:
        return _("Due on %(day)s", day=babel.isolated(babel.words(until)))
    return _("Exempt until %(day)s", day=babel.isolated(babel.words(until)))


def acting(office: LateOffice, country: str, count: str) -> str:
    """Return who acts next, with the number of officers, countries or invitations concerned, "" without one."""
    name = owner(Office.CONTACT_POINT, country) if office is LateOffice.CONTACT_POINT and country else None
    name = name or (_("Contact points") if office is LateOffice.CONTACT_POINT else str(LATE_OFFICES[office]))
    return _("%(who)s: %(count)s", who=name, count=count) if count else name


def answer(line: ReminderLine) -> str:
    """Return the answer to a reminder in words, "" without one."""
    if line.answer is None:
        return ""
    if line.answer is AnswerKind.DONE_BY and line.answer_on is not None:
        return _("Done by %(day)s", day=words(line.answer_on))
    if line.answer is AnswerKind.NOT_POSSIBLE and line.answer_reason is not None:
        return _("Not possible: %(reason)s", reason=ANSWER_REASONS[line.answer_reason])
    return str(ANSWERS[line.answer])
