"""`/plan/reminders`: the log of reminders; `/reminders`: those to the user, with the answer."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, allows, own_scope
from app.coordination.domain.reminders import ReminderAnswer
from app.coordination.forms import ReminderAnswerForm, ReminderFilterForm
from app.coordination.pages import reminders as pages, subjects
from app.coordination.queries import reminders
from app.coordination.service import reminders as service
from app.coordination.shapes import ReminderLine
from app.coordination.views._blueprint import bp
from app.coordination.views._plan import current_plan
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web import paging
from app.web.pages import render

PAGE = 50


@bp.get("/plan/reminders")
@requires(Action.SEE_REMINDERS, of=own_scope)
def show_reminders() -> ResponseReturnValue:
    """Show the reminders to contact points, those of the own country, or the own ones."""
    form = ReminderFilterForm(request.args)
    state = form.wanted()
    page = paging.requested_page(reminders.count(actor(), state=state), PAGE)
    lines = reminders.log(actor(), state=state, offset=page.offset, size=PAGE)
    values = {"state": state.value} if state else {}
    return render(
        pages.ReminderLogPage(
            rows=_rows(lines),
            form=form,
            late_href=_late_href(),
            clear_href=url_for("coordination.show_reminders"),
            count=page.count,
            **page.links("coordination.show_reminders", **values),
        )
    )


@bp.get("/reminders")
@requires(Action.SEE_OWN_REMINDERS)
def show_own_reminders() -> ResponseReturnValue:
    """Show the reminders to the user or the user's office, the newest first."""
    return render(pages.OwnRemindersPage(rows=_rows(reminders.received(actor(), size=PAGE))))


@bp.get("/reminders/<uuid:reminder_id>")
@requires(Action.ANSWER_REMINDER, load=reminders.visible)
def show_reminder(reminder: ReminderLine, reminder_id: UUID) -> ResponseReturnValue:
    """Show a reminder with the form for the answer, and note that it was seen."""
    with transaction():
        service.open_once(reminder_id, clock.now())
    return _page(reminders.visible(actor(), reminder_id), ReminderAnswerForm())


@bp.post("/reminders/<uuid:reminder_id>/answer")
@requires(Action.ANSWER_REMINDER, load=reminders.visible)
def answer_reminder(reminder: ReminderLine, reminder_id: UUID) -> ResponseReturnValue:
    """Answer a reminder."""
    form = ReminderAnswerForm(request.form)
    if not form.validate():
        return _page(reminder, form), 422
    answer = ReminderAnswer(kind=form.chosen(), by=form.by.data, reason=form.why(), text=form.text.data or "")
    try:
        with transaction():
            service.answer(reminder_id, answer, by=actor().id, now=clock.now())
    except DomainError as error:
        return _page(reminder, form, error.translated(_)), 422
    flash(_("Your answer is saved. The sender sees it now."))
    return redirect(url_for("coordination.show_reminder", reminder_id=reminder_id))


def _rows(lines: list[ReminderLine]) -> list[pages.ReminderTableRow]:
    people = {line.sender_id for line in lines} | {line.recipient_id for line in lines if line.recipient_id}
    return pages.rows(lines, current_plan(), subjects.courses(actor()), accounts.names(people))


def _page(reminder: ReminderLine, form: ReminderAnswerForm, error: str = "") -> str:
    [row] = _rows([reminder])
    is_open = pages.is_open(reminder)
    return render(
        pages.ReminderPage(
            row=row,
            links=pages.links(reminder, subjects.courses(actor())),
            form=form,
            answer_url=url_for("coordination.answer_reminder", reminder_id=reminder.id) if is_open else "",
            error=error,
            error_field="reason" if form.reason.name in request.form and form.kind.data == "not_possible" else "by",
            today=clock.today(),
            back=url_for("coordination.show_own_reminders"),
        )
    )


def _late_href() -> str:
    """Return the list of late work that the user may open."""
    if allows(actor(), Action.SEE_LATE):
        return url_for("coordination.show_late")
    if allows(actor(), Action.SEE_OFFICERS, own_scope(actor())):
        return url_for("coordination.show_country_late")
    return url_for("coordination.show_supervised_late")
