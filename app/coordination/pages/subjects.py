"""What late rows and reminders are about, in words: courses, figures and actions by their codes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import CourseRecord
from app.coordination import labels
from app.coordination.domain.late import LateKind
from app.coordination.domain.reminders import ReminderSubject
from app.coordination.queries import actions
from app.i18n.languages import current
from app.plan import labels as plan_labels


@dataclass(frozen=True, slots=True)
class CourseName:
    """The code of a course, its address part, and its title, "" if the user may not read the course."""

    code: str
    slug: str
    title: str

    @property
    def text(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}" if self.title else self.code


Courses = Mapping[str, CourseName]  # by the id as text


def courses(actor: Actor) -> Courses:
    """Return the names of all courses, titles only of those that the user may read."""
    return {
        str(record.id): CourseName(record.code, record.slug, _title(actor, record))
        for record in versions.course_records()
    }


def _title(actor: Actor, record: CourseRecord) -> str:
    if record.version_id is None or not allows(actor, Action.READ_COURSE, record):
        return ""
    return catalogue.outline(record.version_id).title(current())


def figure(plan: Plan, cell: str) -> tuple[str, str]:
    """Return code and title of the indicator of a cell, and the quarter of its period."""
    code, _separator, end = cell.partition(":")
    return indicator(plan, code), plan_labels.quarter(date.fromisoformat(end))


def indicator(plan: Plan, code: str) -> str:
    """Return code and title of an indicator."""
    return f"{code} {plan_labels.plan_title(plan, code).text}"


def about(subject: ReminderSubject, plan: Plan, named: Courses, action_texts: Mapping[str, str]) -> str:
    """Return what a row of a reminder is about, with the rule by which it was late."""
    rule = str(labels.LATE_RULES[subject.rule])
    match subject.kind:
        case LateKind.INVITATIONS:
            return rule
        case LateKind.FIGURE:
            title, quarter = figure(plan, subject.cell)
            return _("%(title)s, %(quarter)s", title=title, quarter=quarter)
        case LateKind.ACTION:
            return _("Action: %(text)s", text=action_texts.get(subject.cell, ""))
        case LateKind.FALL:
            return _("%(title)s: %(rule)s", title=indicator(plan, subject.cell), rule=rule)
        case LateKind.COURSE | LateKind.LANGUAGE:
            return _("%(title)s: %(rule)s", title=course_title(named, subject.cell), rule=rule)
        case _:
            assert_never(subject.kind)


def course_title(named: Courses, cell: str) -> str:
    """Return the text of a course, "" for one that is not named."""
    return named[cell].text if cell in named else ""


def action_texts(subjects: Collection[ReminderSubject]) -> dict[str, str]:
    """Return the texts of the actions among these rows, by cell."""
    ids = {UUID(subject.cell) for subject in subjects if subject.kind is LateKind.ACTION}
    return {str(key): text for key, text in actions.texts(ids).items()} if ids else {}
