"""Tasks of `/` about courses that the user must complete by a day."""

from collections.abc import Collection, Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.shapes import Outline
from app.home.domain import Task
from app.home.pages import titles
from app.home.pages.start import SOON, end_of
from app.i18n.babel import words
from app.learning.domain.completion import OPEN_STATES, AssignmentSource
from app.learning.shapes import CourseState, CourseStatus


def tasks(states: Collection[CourseState], visible: Sequence[CourseStatus], today: date) -> list[Task]:
    """Return the courses that the person must complete by a day, for a requirement or a workshop."""
    open_to = {course.outline.course_id: course.outline for course in visible}
    return [
        _required(state.due_on, open_to[state.course_id], today)
        for state in states
        if state.due_on is not None
        and state.state in OPEN_STATES
        and state.course_id in open_to
        and _is_required(state)
    ]


def _is_required(state: CourseState) -> bool:
    return state.source in {AssignmentSource.REQUIREMENT, AssignmentSource.EVENT}


def _required(due_on: date, outline: Outline, today: date) -> Task:
    name = _("Complete the course: %(course)s", course=titles.course_title(outline).text)
    sub = _("Required by %(day)s", day=words(due_on))
    href = url_for("learning.course", course=outline.slug)
    if due_on < today:
        return Task(name, href, sub, _("Overdue"), "bad", end_of(due_on))
    word, kind = (_("Due"), "risk") if due_on <= today + SOON else (_("Not due"), "open")
    return Task(name, href, sub, word, kind, end_of(due_on))
