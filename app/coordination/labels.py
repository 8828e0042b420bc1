"""Names of actions, late work and reminders in the user's language: states, steps, offices, origins, rules, answers."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.coordination.domain.actions import ActionOrigin, ActionState, ActionStep, Office, SubjectKind
from app.coordination.domain.late import LateKind, LateOffice, LateRule
from app.coordination.domain.reminders import AnswerKind, AnswerReason, ReminderOffice, ReminderState
from app.coordination.shapes import ReminderLine
from app.i18n.babel import words
from app.i18n.languages import country_name

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


def acting(office: LateOffice, country: str, count: int) -> str:
    """Return who acts next, with the number of officers, countries or invitations concerned."""
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
