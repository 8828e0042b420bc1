"""Text about the assignment of a course to the user: the date with its source, an exemption, a problem."""

from flask_babel import gettext as _

from app.i18n.babel import words
from app.learning.domain.completion import OPEN_STATES, AssignmentSource, CompletionState
from app.learning.shapes import CourseState


def assignment_text(state: CourseState | None, *, with_suggestion: bool) -> str:
    """Return until when the user is asked to complete a course, or exempt, "" for neither.

    `with_suggestion`: the page shows the date of a suggestion itself.
    """
    if state is None:
        return ""
    if state.state is CompletionState.EXEMPT and state.exempt_until is not None:
        return _("You are exempt until %(day)s.", day=words(state.exempt_until))
    return _asked_until(state, with_suggestion=with_suggestion)


def _asked_until(state: CourseState, *, with_suggestion: bool) -> str:
    """Return until when the user is asked to complete a course, "" if no completion is asked for now."""
    if state.problem is not None and state.source is AssignmentSource.REQUIREMENT:
        return _("This course is required, but not due yet.")
    if state.state not in OPEN_STATES or state.due_on is None:
        return ""
    return _due(state.source, words(state.due_on), with_suggestion=with_suggestion)


def _due(source: AssignmentSource, day: str, *, with_suggestion: bool) -> str:
    if source is AssignmentSource.REQUIREMENT:
        return _("Required by %(day)s", day=day)
    if source is AssignmentSource.EVENT:
        return _("Needed for your workshop by %(day)s", day=day)
    return "" if with_suggestion else _("Suggested to you by %(day)s", day=day)
