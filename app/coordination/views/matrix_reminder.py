"""A reminder to several officers of the matrix: one page says who, what and by when; one transaction."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.coordination.domain import matrix as rules
from app.coordination.domain.matrix import Misfit
from app.coordination.domain.reminders import ReminderOffice, ReminderRecipient, limit_of
from app.coordination.domain.working_days import ANSWER_DAYS, working_days_later
from app.coordination.forms import RemindForm
from app.coordination.pages import matrix_reminder as pages, subjects
from app.coordination.pages.matrix_reminder import ReminderChoice
from app.coordination.queries import late, reminders
from app.coordination.service import reminders as service
from app.coordination.service.reminders import NewReminder
from app.coordination.views._blueprint import bp
from app.coordination.views.late import sent_message
from app.coordination.views.matrix import MatrixReader, country_reader, filter_form, team_reader
from app.coordination.views.matrix_selection import fits, selected
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render


@bp.post("/country/matrix/reminder")
@requires(Action.SEE_COUNTRY_MATRIX, of=own_scope)
def prepare_country_reminder() -> ResponseReturnValue:
    """Show who of the selected officers of the own country is reminded of what, before it is sent."""
    return _prepare(country_reader())


@bp.post("/supervision/matrix/reminder")
@requires(Action.SEE_TEAM_MATRIX, of=own_scope)
def prepare_team_reminder() -> ResponseReturnValue:
    """Show who of the selected supervised officers is reminded of what, before it is sent."""
    return _prepare(team_reader())


@bp.post("/country/matrix/reminders")
@requires(Action.SEE_COUNTRY_MATRIX, of=own_scope)
def create_country_reminder() -> ResponseReturnValue:
    """Remind officers of the own country, one message each."""
    return _create(country_reader())


@bp.post("/supervision/matrix/reminders")
@requires(Action.SEE_TEAM_MATRIX, of=own_scope)
def create_team_reminder() -> ResponseReturnValue:
    """Remind supervised officers, one message each."""
    return _create(team_reader())


def _prepare(reader: MatrixReader) -> ResponseReturnValue:
    chosen = _chosen(reader)
    if not fits(chosen.officers):
        return redirect(url_for(reader.site.show, **filter_form(request.form).chosen_values()))
    return _page(reader, chosen, RemindForm())


def _create(reader: MatrixReader) -> ResponseReturnValue:
    chosen, form = _chosen(reader), RemindForm(request.form)
    if not form.validate() or not fits(chosen.officers):
        return _page(reader, chosen, form), 422
    reminders_to_send = _new_reminders(chosen, form)
    try:
        with transaction():
            sent = service.send_each(
                reminders_to_send, by=actor().id, now=clock.now(), submission=form.submission.data or ""
            )
    except DomainError as error:
        return _page(reader, chosen, form, error.translated(_)), 422
    flash(sent_message(len(sent.ids), len(chosen.officers) - len(sent.ids)))
    return redirect(url_for(reader.site.show, **filter_form(request.form).chosen_values()))


def _new_reminders(chosen: ReminderChoice, form: RemindForm) -> list[NewReminder]:
    """Return a reminder for each selected officer with late courses, except the user."""
    return [
        NewReminder(
            recipient=_officer(line.person_id),
            subjects=[row.subject for row in chosen.late.get(line.person_id, ())],
            wanted_by=form.wanted_by.data,
            message=form.message.data or "",
        )
        for line in chosen.officers
        if line.person_id in chosen.late and line.person_id != actor().id
    ]


def _chosen(reader: MatrixReader) -> ReminderChoice:
    """Return the selected officers with their late courses, those of whom no reminder is possible with the reason."""
    officers, user, now = selected(reader), actor(), clock.now()
    people = [line.person_id for line in officers]
    late_rows = late.officers_among(reader.scope.country, people, now.date()) if people else {}
    earlier = reminders.earlier(people=late_rows.keys()) if late_rows else {}
    misfits = dict[UUID, Misfit]()
    for person_id in people:
        rows = late_rows.get(person_id, ())
        limits = [limit_of(earlier.get((person_id, *row.subject.key), ()), user.id, now) for row in rows]
        reason = rules.reminder_misfit(limits, is_self=person_id == user.id)
        if reason is not None:
            misfits[person_id] = reason
    return ReminderChoice(officers=officers, late=late_rows, misfits=misfits)


def _page(reader: MatrixReader, chosen: ReminderChoice, form: RemindForm, error: str = "") -> str:
    reader.record_view([line.person_id for line in chosen.officers])
    return render(
        pages.page(
            chosen,
            form,
            filter_form(request.form),
            reader.site,
            named=subjects.courses(actor()),
            wanted_by=working_days_later(clock.today(), ANSWER_DAYS, reader.scope.country),
            error=error,
        )
    )


def _officer(person_id: UUID) -> ReminderRecipient:
    return ReminderRecipient(office=ReminderOffice.OFFICER, country=actor().country, person_id=person_id)
