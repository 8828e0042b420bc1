"""Views of /check-in for participants, of the screen of the room, and of check-ins and lists that were sent later."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError, RateLimitedError
from app.web.http.request_limits import read_json
from app.web.pages import render
from app.workshops.domain.check_in import CheckInState, read_code
from app.workshops.forms.on_the_day import CheckInDecisionForm, CheckInForm, LateCheckIn, SentList
from app.workshops.pages import check_in as pages
from app.workshops.queries import bookings, check_ins as queries, workshops
from app.workshops.service import attendance_lists, check_ins
from app.workshops.service.attendance_lists import SentAttendance
from app.workshops.service.check_ins import CheckInResult
from app.workshops.shapes import SessionFacts, WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/check-in")
@requires(Action.CHECK_IN)
def show_check_in() -> ResponseReturnValue:
    """Show the field for the code on the screen of the room."""
    return render(pages.check_in_page(actor().id, CheckInForm(), clock.now()))


@bp.get("/check-in/<string:code>")
@requires(Action.CHECK_IN)
def show_check_in_code(code: str) -> ResponseReturnValue:
    """Show the code of the QR code with the button to check in; opening the page records nothing."""
    figures = read_code(code)
    if not figures:
        return redirect(url_for("workshops.show_check_in"))
    return render(pages.check_in_page(actor().id, CheckInForm(data={"code": figures}), clock.now(), figures))


@bp.post("/check-in")
@requires(Action.CHECK_IN)
def check_in() -> ResponseReturnValue:
    """Check in with a code; a repeated request changes nothing, wrong codes are counted."""
    form = CheckInForm(request.form)
    if not form.validate():
        return render(pages.check_in_page(actor().id, form, clock.now())), 422
    _check_rate()
    with transaction():
        result = check_ins.check_in(actor().id, read_code(form.code.data or ""), clock.now())
    if result.state is None:
        form.code.errors = [_("This code is not valid now. Enter the code that the screen shows.")]
        return render(pages.check_in_page(actor().id, form, clock.now())), 422
    flash(_message(result))
    return redirect(url_for("workshops.show_check_in"))


@bp.post("/check-in/later")
@requires(Action.CHECK_IN)
def check_in_later() -> ResponseReturnValue:
    """Save a check-in that a device took without a connection."""
    sent = read_json(LateCheckIn)
    _check_rate()
    with transaction():
        result = check_ins.check_in_later(actor().id, read_code(sent.code), taken_at=sent.taken_at, now=clock.now())
    text = _("This code was never shown in a session of yours.") if result.state is None else _message(result)
    return {"status": result.state or "refused", "text": text}


@bp.get("/teaching/workshops/<uuid:workshop_id>/sessions/<int:number>/room")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_room(workshop: WorkshopFacts, workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Show the code of a session on the screen of the room; the page loads itself again."""
    return render(pages.room_page(workshop, session_of(workshop, number), clock.now()))


@bp.post("/teaching/workshops/<uuid:workshop_id>/sessions/<int:number>/room")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def open_room(workshop: WorkshopFacts, workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Open the check-in of a session."""
    session = session_of(workshop, number)
    try:
        with transaction():
            check_ins.open_codes(workshop_id, session.id, by=actor().id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "warning")
    return redirect(url_for("workshops.show_room", workshop_id=workshop_id, number=number))


@bp.post("/teaching/workshops/<uuid:workshop_id>/check-ins/<uuid:check_in_id>")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def decide_check_in(workshop: WorkshopFacts, workshop_id: UUID, check_in_id: UUID) -> ResponseReturnValue:
    """Confirm or decline a check-in that was sent later."""
    form = CheckInDecisionForm(request.form)
    line = next((line for line in queries.of_event(workshop_id) if line.id == check_in_id), None)
    if line is None:
        raise NoResultFound
    number = next(session.number for session in workshop.sessions if session.id == line.session_id)
    back = redirect(url_for("workshops.attendance", workshop_id=workshop_id, number=number))
    if not form.validate():
        flash(str(form.answer.errors[0]), "warning")
        return back
    is_confirmed = form.answer.data == "confirm"
    try:
        with transaction():
            check_ins.decide(workshop_id, check_in_id, is_confirmed=is_confirmed, by=actor().id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "warning")
        return back
    flash(_("Confirmed. The attendance is recorded.") if is_confirmed else _("Declined. No attendance is recorded."))
    return back


@bp.post("/teaching/workshops/<uuid:workshop_id>/sessions/<int:number>/lists")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def receive_list(workshop: WorkshopFacts, workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Save an attendance list that a device sends; a repeated list is counted once."""
    session, sent = session_of(workshop, number), read_json(SentList)
    others = {booking.id for booking in bookings.seated(workshop_id) if booking.person_id != actor().id}
    attendance = SentAttendance(
        key=sent.key,
        marks={booking_id: mark for booking_id, mark in sent.marks.items() if booking_id in others},
        last_shown=sent.last_shown,
        reason=sent.reason,
        taken_at=sent.taken_at,
    )
    try:
        with transaction():
            result = attendance_lists.save_list(workshop_id, session.id, attendance, by=actor().id, now=clock.now())
    except DomainError as error:
        return {"status": "refused", "text": error.translated(_)}, 409
    return {"status": "saved", "text": _list_text(result.saved, result.conflicts), "conflicts": result.conflicts}


def session_of(workshop: WorkshopFacts, number: int) -> SessionFacts:
    """Return a session of an event by its number, or raise NoResultFound."""
    session = next((session for session in workshop.sessions if session.number == number), None)
    if session is None:
        raise NoResultFound
    return session


def _check_rate() -> None:
    seconds = queries.seconds_to_wait(actor().id, clock.now())
    if seconds:
        raise RateLimitedError(seconds)


def _message(result: CheckInResult) -> str:
    if result.state is CheckInState.WAITING:
        return _("Sent later. Your trainer confirms it.")
    if result.state is CheckInState.DECLINED:
        return _("Your trainer did not confirm this check-in. Speak to your trainer.")
    return _("You are checked in.")


def _list_text(saved: int, conflicts: int) -> str:
    text = ngettext("Saved. %(num)s mark is new.", "Saved. %(num)s marks are new.", saved)
    if not conflicts:
        return text
    differ = ngettext(
        "%(num)s mark differs from another list. Decide about it.",
        "%(num)s marks differ from another list. Decide about them.",
        conflicts,
    )
    return f"{text} {differ}"
