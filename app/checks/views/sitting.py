"""`/sittings/<id>`: an invigilator opens a sitting, confirms officers, interrupts, resumes and closes it."""

from collections.abc import Callable, Collection
from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.checks.forms.sittings import InvigilatorForm, MinutesForm, MoreOfficersForm, SittingNoteForm
from app.checks.pages import sitting as pages
from app.checks.pages.sitting import Forms
from app.checks.queries import sittings as queries, surprise
from app.checks.service import closing, seats, sittings as service
from app.checks.shapes import SittingDetails
from app.checks.views._blueprint import bp
from app.checks.views._officers import UnknownOfficersError, officers_of
from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render


@bp.get("/sittings/<uuid:sitting_id>")
@requires(Action.SEE_SITTINGS, load=queries.visible)
def show_sitting(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Show a sitting with its code and its officers by alias."""
    return _page(details)


@bp.post("/sittings/<uuid:sitting_id>/open")
@requires(Action.RUN_SITTING, load=queries.visible)
def open_sitting(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Open a planned sitting."""
    return _run(
        details,
        lambda: service.open_sitting(sitting_id, by=actor().id, now=clock.now()),
        _("The sitting is open. Show the code to the officers."),
    )


@bp.post("/sittings/<uuid:sitting_id>/interrupt")
@requires(Action.RUN_SITTING, load=queries.visible)
def interrupt_sitting(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Interrupt a sitting, with the reason."""
    form = SittingNoteForm(request.form)
    forms = replace(pages.empty_forms(), interrupt=form)
    if not form.validate():
        return _page(details, forms), 422
    return _run(
        details,
        lambda: service.interrupt(sitting_id, by=actor().id, reason=form.note.data or "", now=clock.now()),
        _("The sitting is interrupted. The time of all officers stops."),
        forms,
        "interrupt-note",
    )


@bp.post("/sittings/<uuid:sitting_id>/resume")
@requires(Action.RUN_SITTING, load=queries.visible)
def resume_sitting(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Go on with an interrupted sitting."""
    return _run(
        details,
        lambda: service.resume(sitting_id, by=actor().id, now=clock.now()),
        _("The sitting goes on. Each officer has the minutes from before."),
    )


@bp.post("/sittings/<uuid:sitting_id>/close")
@requires(Action.RUN_SITTING, load=queries.visible)
def close_sitting(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Close a sitting with a note, and record its results."""
    form = SittingNoteForm(request.form)
    forms = replace(pages.empty_forms(), close=form)
    if not form.validate():
        return _page(details, forms), 422
    return _run(
        details,
        lambda: closing.close(sitting_id, by=actor().id, note=form.note.data or "", now=clock.now()),
        _("The sitting is closed. Answers to questions have a result now. Assessors mark the desk tasks."),
        forms,
        "close-note",
    )


@bp.post("/sittings/<uuid:sitting_id>/cancel")
@requires(Action.CHANGE_SITTING, load=queries.visible)
def cancel_sitting(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Cancel a planned sitting."""
    return _run(
        details,
        lambda: service.cancel(sitting_id, note="", now=clock.now()),
        _("The sitting is cancelled. Its officers have a notice."),
    )


@bp.post("/sittings/<uuid:sitting_id>/invigilators")
@requires(Action.CHANGE_SITTING, load=queries.visible)
def add_invigilator(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Let a second person watch the sitting."""
    form = InvigilatorForm(request.form)
    forms = replace(pages.empty_forms(), invigilator=form)
    if not form.validate():
        return _page(details, forms), 422
    person_id = people.person_by_alias(" ".join((form.alias.data or "").split()))
    if person_id is None:
        return _page(details, forms, ("alias", _("Only an invigilator can watch. Check the alias."))), 422
    return _run(
        details,
        lambda: service.add_invigilator(sitting_id, person_id, by=actor().id, now=clock.now()),
        _("The second invigilator can confirm officers now."),
        forms,
        "alias",
    )


@bp.post("/sittings/<uuid:sitting_id>/officers")
@requires(Action.CHANGE_SITTING, load=queries.visible)
def add_officers(details: SittingDetails, sitting_id: UUID) -> ResponseReturnValue:
    """Give further officers a seat."""
    form = MoreOfficersForm(request.form)
    forms = replace(pages.empty_forms(), officers=form)
    if not form.validate():
        return _page(details, forms), 422
    try:
        officers = officers_of(form.aliases(), details.country)
    except UnknownOfficersError as error:
        return _page(details, forms, ("officers", error.text)), 422
    return _run(
        details,
        lambda: seats.expect(sitting_id, officers, surprise=_drawn(sitting_id, officers), now=clock.now()),
        _("The officers have a seat and a notice."),
        forms,
        "officers",
    )


@bp.get("/sittings/<uuid:sitting_id>/seats/<uuid:seat_id>")
@requires(Action.RUN_SITTING, load=queries.visible)
def show_seat_detail(details: SittingDetails, sitting_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """Show a seat with what an invigilator can do for its officer."""
    return _seat_page(details, seat_id)


@bp.post("/sittings/<uuid:sitting_id>/seats/<uuid:seat_id>/confirm")
@requires(Action.RUN_SITTING, load=queries.visible)
def confirm_identity(details: SittingDetails, sitting_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """Confirm the identity of an officer by the service card."""
    seat = queries.seat(sitting_id, seat_id)
    with transaction():
        seats.confirm(seat_id, by=actor().id, now=clock.now())
    flash(_("Identity confirmed: %(alias)s", alias=seat.alias))
    return redirect(url_for("checks.show_sitting", sitting_id=sitting_id))


@bp.post("/sittings/<uuid:sitting_id>/seats/<uuid:seat_id>/device")
@requires(Action.RUN_SITTING, load=queries.visible)
def move_device(details: SittingDetails, sitting_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """Let an officer continue on another device."""
    seat = queries.seat(sitting_id, seat_id)
    with transaction():
        seats.move_device(seat_id, by=actor().id, now=clock.now())
    flash(_("%(alias)s can enter the code on another device now.", alias=seat.alias))
    return redirect(url_for("checks.show_sitting", sitting_id=sitting_id))


@bp.post("/sittings/<uuid:sitting_id>/seats/<uuid:seat_id>/minutes")
@requires(Action.RUN_SITTING, load=queries.visible)
def add_minutes(details: SittingDetails, sitting_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """Give an officer further minutes."""
    form, seat = MinutesForm(request.form), queries.seat(sitting_id, seat_id)
    if not form.validate():
        return _seat_page(details, seat_id, (SittingNoteForm(), form)), 422
    minutes, reason = form.minutes.data or 0, form.reason.data or ""
    try:
        with transaction():
            seats.add_minutes(seat_id, minutes, by=actor().id, reason=reason, now=clock.now())
    except DomainError as error:
        return _seat_page(details, seat_id, (SittingNoteForm(), form), ("minutes", error.translated(_))), 422
    flash(_("%(alias)s has %(minutes)s more minutes.", alias=seat.alias, minutes=minutes))
    return redirect(url_for("checks.show_sitting", sitting_id=sitting_id))


@bp.post("/sittings/<uuid:sitting_id>/seats/<uuid:seat_id>/refuse")
@requires(Action.RUN_SITTING, load=queries.visible)
def refuse_seat(details: SittingDetails, sitting_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """End a seat without a result, with the reason."""
    form, seat = SittingNoteForm(request.form), queries.seat(sitting_id, seat_id)
    if not form.validate():
        return _seat_page(details, seat_id, (form, MinutesForm())), 422
    try:
        with transaction():
            seats.refuse(seat_id, by=actor().id, note=form.note.data or "", now=clock.now())
    except DomainError as error:
        return _seat_page(details, seat_id, (form, MinutesForm()), ("note", error.translated(_))), 422
    flash(_("The seat of %(alias)s is ended.", alias=seat.alias))
    return redirect(url_for("checks.show_sitting", sitting_id=sitting_id))


def _drawn(sitting_id: UUID, officers: Collection[UUID]) -> Collection[UUID]:
    """Return the officers who take a surprise check, if the sitting is one of surprise checks."""
    is_surprise = surprise.is_surprise_sitting(sitting_id)
    return surprise.drawn_of(sitting_id, officers, clock.now()) if is_surprise else ()


def _run(
    details: SittingDetails, work: Callable[[], object], message: str, forms: Forms | None = None, field: str = ""
) -> ResponseReturnValue:
    """Run a use case on a sitting; a refusal is shown at a field, or above the page."""
    try:
        with transaction():
            work()
    except DomainError as error:
        return _page(queries.get(details.id), forms, (field, error.translated(_))), 422
    flash(message)
    return redirect(url_for("checks.show_sitting", sitting_id=details.id))


def _page(details: SittingDetails, forms: Forms | None = None, error: tuple[str, str] = ("", "")) -> str:
    shown = forms or pages.empty_forms()
    return render(pages.sitting_page(details, actor(), forms=shown, error=error, now=clock.now()))


def _seat_page(
    details: SittingDetails,
    seat_id: UUID,
    forms: tuple[SittingNoteForm, MinutesForm] | None = None,
    error: tuple[str, str] = ("", ""),
) -> str:
    seat = queries.seat(details.id, seat_id)
    shown = forms or (SittingNoteForm(), MinutesForm())
    return render(pages.seat_page(details, seat, actor(), forms=shown, error=error, now=clock.now()))
