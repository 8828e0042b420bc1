"""A reminder to several officers of the matrix: who is late in what, by when an answer is wanted, who is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

from flask_babel import ngettext

from app.coordination.domain.matrix import Misfit
from app.coordination.forms import MatrixForm, RemindForm
from app.coordination.pages.matrix import MatrixSite
from app.coordination.pages.matrix_bulk import back_to, left_out
from app.coordination.pages.subjects import Courses
from app.coordination.shapes import LateOfficer
from app.i18n import babel
from app.identity.queries.people import OfficerLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkReminderPage(Page):
    """The form of a reminder with the officers who get it, the courses it is about, and who is left out."""

    template: ClassVar[str] = "coordination/matrix_reminder.html"
    recipients: Sequence[tuple[str, str]]
    ids: Sequence[str]
    left_out: Sequence[tuple[str, str]]
    form: RemindForm
    wanted_by: date
    error: str
    button: str
    submission: str
    hidden: Mapping[str, str]
    url: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderChoice:
    """The selected officers, their late courses of which they can be reminded now, and why others are left out."""

    officers: Sequence[OfficerLine]
    late: Mapping[UUID, Sequence[LateOfficer]]
    misfits: Mapping[UUID, Misfit]


def page(
    chosen: ReminderChoice,
    form: RemindForm,
    filters: MatrixForm,
    site: MatrixSite,
    *,
    named: Courses,
    wanted_by: date,
    error: str = "",
) -> BulkReminderPage:
    """Return the page of a reminder."""
    fitting = [line for line in chosen.officers if line.person_id not in chosen.misfits]
    return BulkReminderPage(
        recipients=[(line.alias, _about(chosen.late[line.person_id], named)) for line in fitting],
        ids=[str(line.person_id) for line in fitting],
        left_out=left_out(chosen.officers, chosen.misfits),
        form=form,
        wanted_by=wanted_by,
        error=error,
        button=ngettext("Remind %(num)s officer", "Remind %(num)s officers", len(fitting)),
        submission=form.submission.data or uuid4().hex,
        hidden=filters.chosen_values(),
        url=site.url("create", "reminder"),
        back=back_to(filters, site),
    )


def _about(lines: Sequence[LateOfficer], named: Courses) -> str:
    return babel.joined([named[str(line.course_id)].text for line in lines if str(line.course_id) in named])
