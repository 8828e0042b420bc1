"""`/plan/reminders`, `/reminders` and the form of a reminder: view models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, assert_never
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan
from app.coordination import labels
from app.coordination.domain import reminders as rules
from app.coordination.domain.actions import Office
from app.coordination.domain.late import LateKind
from app.coordination.domain.reminders import ReminderOffice, ReminderRecipient, ReminderSubject
from app.coordination.forms import ReminderAnswerForm, ReminderFilterForm, RemindForm
from app.coordination.pages import subjects
from app.coordination.pages.subjects import Courses
from app.coordination.shapes import ReminderLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderTableRow:
    """A reminder as a row: to whom, about what, its state with the shape, and the answer in words."""

    line: ReminderLine
    to: str
    sender: str
    about: Sequence[str]
    status: tuple[str, str]
    answer: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLogPage(Page):
    """The reminders that were sent, the newest first."""

    template: ClassVar[str] = "coordination/reminders.html"
    rows: Sequence[ReminderTableRow]
    form: ReminderFilterForm
    late_href: str
    clear_href: str
    count: int
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRemindersPage(Page):
    """The reminders to the user or the user's office, the newest first."""

    template: ClassVar[str] = "coordination/own_reminders.html"
    rows: Sequence[ReminderTableRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPage(Page):
    """A reminder with the form for the answer; `links` are the pages where the work is done."""

    template: ClassVar[str] = "coordination/reminder.html"
    row: ReminderTableRow
    links: Sequence[tuple[str, str]]
    form: ReminderAnswerForm
    answer_url: str
    error: str
    error_field: str
    today: date
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRows:
    """A recipient with the rows of the message; `left_out` of them were reminded of within 7 days."""

    to: str
    about: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindPage(Page):
    """The form of a reminder: to whom and about what is fixed."""

    template: ClassVar[str] = "coordination/remind.html"
    title: str
    button: str
    recipients: Sequence[RecipientRows]
    keys: Sequence[str]
    to: str
    form: RemindForm
    wanted_by: date
    url: str
    error: str
    submission: str
    today: date
    back: str


def rows(
    lines: Sequence[ReminderLine], plan: Plan, named: Courses, aliases: Mapping[UUID, str]
) -> list[ReminderTableRow]:
    """Return reminders as rows of a table."""
    texts = subjects.action_texts([subject for line in lines for subject in line.subjects])
    return [
        ReminderTableRow(
            line=line,
            to=recipient(line.recipient, aliases),
            sender=aliases.get(line.sender_id, ""),
            about=[subjects.about(subject, plan, named, texts) for subject in line.subjects],
            status=_status(line),
            answer=labels.answer(line),
            href=url_for("coordination.show_reminder", reminder_id=line.id),
        )
        for line in lines
    ]


def recipient(to: ReminderRecipient, aliases: Mapping[UUID, str]) -> str:
    """Return the recipient: an office with its country, or a person by alias."""
    if to.person_id is None:
        return labels.owner(Office.CONTACT_POINT, to.country)
    return aliases.get(to.person_id, "")


def links(line: ReminderLine, named: Courses) -> list[tuple[str, str]]:
    """Return the pages where the recipient does what is asked, each once."""
    hrefs = dict(_link(subject, line.office, named) for subject in line.subjects)
    return [(label, href) for label, href in hrefs.items() if href]


def is_open(line: ReminderLine) -> bool:
    """Return whether a reminder waits for an answer."""
    return line.state in rules.OPEN


def _status(line: ReminderLine) -> tuple[str, str]:
    text, shape = labels.REMINDER_STATES[line.state]
    return str(text), shape


def _link(subject: ReminderSubject, office: ReminderOffice, named: Courses) -> tuple[str, str]:
    match subject.kind:
        case LateKind.INVITATIONS:
            return _("Open invitations"), url_for("invitations.show_open_invitations")
        case LateKind.FIGURE:
            return _("Figures entered by hand"), url_for("plan.show_manual_figures")
        case LateKind.ACTION:
            return _("Open the action"), url_for("coordination.show_action", action_id=UUID(subject.cell))
        case LateKind.FALL:
            return _("Officers and their dates"), url_for("coordination.show_country_matrix", show="competencies")
        case LateKind.COURSE | LateKind.LANGUAGE:
            return _course_link(subject, office, named)
        case _:
            assert_never(subject.kind)


def _course_link(subject: ReminderSubject, office: ReminderOffice, named: Courses) -> tuple[str, str]:
    if office is ReminderOffice.CONTACT_POINT:
        return _("Late officers"), url_for("coordination.show_country_late")
    if office is ReminderOffice.SUPERVISOR:
        return _("Late officers"), url_for("coordination.show_supervised_late")
    name = named.get(subject.cell)
    if name is None or not name.title:
        return "", ""
    return _("Open the course %(course)s", course=name.text), url_for("learning.course", course=name.slug)
