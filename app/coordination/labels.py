"""Names of states, steps, offices and origins of actions in the user's language."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.coordination.domain.actions import ActionOrigin, ActionState, ActionStep, Office, SubjectKind
from app.coordination.domain.matrix import MatrixView, Misfit
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

MATRIX_VIEWS: Mapping[MatrixView, LazyString] = {
    MatrixView.COURSES: lazy_gettext("Courses"),
    MatrixView.COMPETENCIES: lazy_gettext("Competencies"),
}
MISFITS: Mapping[Misfit, LazyString] = {
    Misfit.SELF: lazy_gettext("You cannot suggest a course to yourself."),
    Misfit.NOT_OPEN: lazy_gettext("The course is for practitioners only."),
    Misfit.DONE: lazy_gettext("The officer has already done it."),
    Misfit.SUGGESTED: lazy_gettext("It is already suggested."),
    Misfit.LANGUAGE: lazy_gettext("It is not published in a language of the officer."),
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
