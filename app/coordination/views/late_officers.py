"""`/country/late` and `/supervision/late`: own officers who are late, and reminders to them and their supervisors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.competence.events import OfficersSeen, SupervisedSeen
from app.coordination.domain import working_days
from app.coordination.domain.reminders import ReminderOffice, ReminderRecipient
from app.coordination.forms import RemindForm
from app.coordination.pages import late as pages, reminders as reminder_pages, subjects
from app.coordination.queries import late, reminders
from app.coordination.queries.late import LateOfficers
from app.coordination.service import reminders as service
from app.coordination.service.reminders import NewReminder
from app.coordination.shapes import LateOfficer
from app.coordination.views._blueprint import bp
from app.coordination.views.late import sent_message
from app.db.session import record, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render

MOST = 2000  # officers of whom a form looks for its rows


@dataclass(frozen=True, slots=True)
class _Area:
    """The pages of one reader: list, form, the page above; only contact points remind supervisors."""

    show: str
    form: str
    send: str
    above: str
    is_supervision: bool


COUNTRY = _Area(
    "coordination.show_country_late",
    "coordination.new_country_reminders",
    "coordination.send_country_reminders",
    "home.show_country",
    False,
)
SUPERVISION = _Area(
    "coordination.show_supervised_late",
    "coordination.new_supervised_reminders",
    "coordination.send_supervised_reminders",
    "competence.show_supervised_officers",
    True,
)


@bp.get("/country/late")
@requires(Action.SEE_OFFICERS, of=own_scope)
def show_country_late() -> ResponseReturnValue:
    """Show the officers of the own country who are late, by alias."""
    return _show(COUNTRY)


@bp.get("/country/late/remind")
@requires(Action.SEE_OFFICERS, of=own_scope)
def new_country_reminders() -> ResponseReturnValue:
    """Show the form of a reminder to own officers or their supervisors."""
    return _form(COUNTRY, RemindForm())


@bp.post("/country/late/remind")
@requires(Action.REMIND_OFFICER, of=own_scope)
def send_country_reminders() -> ResponseReturnValue:
    """Remind own officers or their supervisors, one message each."""
    return _send(COUNTRY)


@bp.get("/supervision/late")
@requires(Action.SEE_SUPERVISED, of=own_scope)
def show_supervised_late() -> ResponseReturnValue:
    """Show the supervised officers who are late, by alias."""
    return _show(SUPERVISION)


@bp.get("/supervision/late/remind")
@requires(Action.SEE_SUPERVISED, of=own_scope)
def new_supervised_reminders() -> ResponseReturnValue:
    """Show the form of a reminder to supervised officers."""
    return _form(SUPERVISION, RemindForm())


@bp.post("/supervision/late/remind")
@requires(Action.SEE_SUPERVISED, of=own_scope)
def send_supervised_reminders() -> ResponseReturnValue:
    """Remind supervised officers, one message each."""
    return _send(SUPERVISION)


def _show(area: _Area) -> str:
    officers = _officers(area, after=request.args.get("after", ""))
    _record_view(area, officers.rows)
    people = {line.person_id for line in officers.rows}
    earlier = reminders.earlier(people=people) if people else {}
    remind = (area.form, actor().id)
    named, now = subjects.courses(actor()), clock.now()
    return render(
        pages.LateOfficersPage(
            title=_("Late officers"),
            back=(_("My officers") if area.is_supervision else _("My country"), url_for(area.above)),
            rows=pages.officer_rows(officers.rows, named, earlier, remind=remind, now=now),
            total=officers.total,
            onward=url_for(area.show, after=officers.after) if officers.after else "",
            remind_url=url_for(area.form),
            reminds_supervisors=not area.is_supervision,
            log_href=url_for("coordination.show_reminders"),
        )
    )


def _send(area: _Area) -> ResponseReturnValue:
    form = RemindForm(request.form)
    if not form.validate():
        return _form(area, form), 422
    about = _recipients(area, _chosen(area))
    new = [
        NewReminder(
            recipient=recipient,
            subjects=[line.subject for line in lines],
            wanted_by=form.wanted_by.data,
            message=form.message.data or "",
        )
        for recipient, lines in about.items()
    ]
    try:
        with transaction():
            sent = service.send_each(new, by=actor().id, now=clock.now(), submission=form.submission.data or "")
    except DomainError as error:
        return _form(area, form, error.translated(_)), 422
    flash(sent_message(len(sent.ids), sent.left_out))
    return redirect(url_for(area.show))


def _form(area: _Area, form: RemindForm, error: str = "") -> str:
    chosen, today = _chosen(area), clock.today()
    about = _recipients(area, chosen)
    to_supervisors = _to_supervisors(area)
    return render(
        reminder_pages.RemindPage(
            title=_("Remind supervisors") if to_supervisors else _("Remind officers"),
            button=_button(len(about), to_supervisors=to_supervisors),
            recipients=_recipient_rows(about),
            keys=[line.key for line in chosen],
            to="supervisor" if to_supervisors else "officer",
            form=form,
            wanted_by=working_days.working_days_later(today, working_days.ANSWER_DAYS, actor().country),
            url=url_for(area.send),
            error=error,
            submission=form.submission.data or uuid4().hex,
            today=today,
            back=url_for(area.show),
        )
    )


def _button(count: int, *, to_supervisors: bool) -> str:
    if to_supervisors:
        return ngettext("Remind %(num)s supervisor", "Remind %(num)s supervisors", count)
    return ngettext("Remind %(num)s officer", "Remind %(num)s officers", count)


def _recipient_rows(
    about: Mapping[ReminderRecipient, Sequence[LateOfficer]],
) -> list[reminder_pages.RecipientRows]:
    """Return each recipient with the titles of the courses that the reminder is about."""
    named = subjects.courses(actor())
    aliases = accounts.names({key.person_id for key in about if key.person_id is not None})
    return [
        reminder_pages.RecipientRows(
            to=reminder_pages.recipient(recipient, aliases),
            about=sorted({named[str(line.course_id)].text for line in lines}),
        )
        for recipient, lines in about.items()
    ]


def _officers(area: _Area, *, after: str = "", size: int = 100) -> LateOfficers:
    supervisor_id = actor().id if area.is_supervision else None
    return late.officers(actor().country, clock.today(), supervisor_id=supervisor_id, after=after, size=size)


def _chosen(area: _Area) -> list[LateOfficer]:
    keys = set(request.values.getlist("row"))
    return [line for line in _officers(area, size=MOST).rows if line.key in keys]


def _to_supervisors(area: _Area) -> bool:
    return not area.is_supervision and request.values.get("to") == "supervisor"


def _recipients(area: _Area, lines: Sequence[LateOfficer]) -> Mapping[ReminderRecipient, list[LateOfficer]]:
    """Return the rows by recipient: each officer, or each of their supervisors."""
    office = ReminderOffice.SUPERVISOR if _to_supervisors(area) else ReminderOffice.OFFICER
    about: dict[ReminderRecipient, list[LateOfficer]] = {}
    for line in lines:
        for person_id in line.supervisors if office is ReminderOffice.SUPERVISOR else [line.person_id]:
            recipient = ReminderRecipient(office=office, country=actor().country, person_id=person_id)
            about.setdefault(recipient, []).append(line)
    return about


def _record_view(area: _Area, lines: Sequence[LateOfficer]) -> None:
    """Record that the actor views officers, before they are shown."""
    people: set[UUID] = {line.person_id for line in lines}
    with transaction():
        if not area.is_supervision:
            record(OfficersSeen(country=actor().country, officer=None))
        for person_id in sorted(people) if area.is_supervision else ():
            record(SupervisedSeen(person_id=person_id, country=actor().country))
