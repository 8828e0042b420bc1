"""`/sittings/<code>`: an officer enters the code, shows the own name, works, and finishes."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Actor
from app.checks.domain.sittings import SeatState, read_code
from app.checks.forms.sittings import SittingCodeForm
from app.checks.pages import seat as pages
from app.checks.queries import code_limit, sittings as queries
from app.checks.service import seats
from app.checks.service.seats import ArrivalResult, SeatDevice
from app.checks.shapes import AttemptReader, OfficerSeatLine, SittingDetails
from app.checks.views._blueprint import bp
from app.checks.views.sittings import list_page
from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError, RateLimitedError
from app.learning import labels as learning
from app.sign_in.views.current_session import desk_digest, session_digest
from app.web.pages import render


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """The seat of the user in the sitting of a code."""

    person_id: UUID
    details: SittingDetails
    seat: OfficerSeatLine


def own_seat(actor: Actor, sitting_code: str) -> OwnSeat:
    """Return the seat of the actor in the sitting of a code, or raise NoResultFound."""
    own = queries.own_seat(sitting_code, actor.id)
    if own is None:
        raise NoResultFound
    return OwnSeat(actor.id, *own)


@bp.post("/sittings")
@requires(Action.TAKE_SEAT)
def enter_code() -> ResponseReturnValue:
    """Take a seat with the code of a sitting; wrong codes are counted."""
    form = SittingCodeForm(request.form)
    if not form.validate():
        return list_page(form, str(form.code.errors[0])), 422
    seconds = code_limit.seconds_to_wait(actor().id, clock.now())
    if seconds:
        raise RateLimitedError(seconds)
    code = read_code(form.code.data or "")
    try:
        with transaction():
            arrival = seats.arrive(code, actor().id, _device(), now=clock.now())
    except DomainError as error:
        return list_page(form, error.translated(_)), 422
    if arrival is ArrivalResult.SEATED:
        return redirect(url_for("checks.show_seat", sitting_code=code))
    return list_page(form, pages.refusal(arrival)), 422


@bp.get("/sittings/<sitting:sitting_code>")
@requires(Action.TAKE_SEAT)
def show_seat(sitting_code: str) -> ResponseReturnValue:
    """Show the seat of the user; without one, the field of the code, whether a sitting has it or not."""
    own = queries.own_seat(sitting_code, actor().id)
    if own is None or own[1].arrived_at is None or own[1].state is SeatState.EXPECTED:
        return render(pages.code_page(SittingCodeForm(data={"code": sitting_code}), read_code(sitting_code)))
    details, seat = own
    return render(
        pages.seat_page(
            details,
            seat,
            name=people.own_name(actor().id),
            extra_time=current_user.signed.extra_time,
            session_digest=session_digest(),
        )
    )


@bp.post("/sittings/<sitting:sitting_code>/parts/<small:position>")
@requires(Action.WORK_IN_SITTING, load=own_seat)
def begin_work(own: OwnSeat, sitting_code: str, position: int) -> ResponseReturnValue:
    """Begin a part of the sitting, or continue it."""
    reader = AttemptReader(own.person_id, learning.wanted(), current_user.signed.extra_time)
    try:
        with transaction():
            attempt = seats.begin_work(sitting_code, reader, position, _device(), now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "warning")
        return redirect(url_for("checks.show_seat", sitting_code=sitting_code))
    return redirect(url_for("quizzes.question", attempt=attempt, n=1))


@bp.post("/sittings/<sitting:sitting_code>/finish")
@requires(Action.WORK_IN_SITTING, load=own_seat)
def finish_seat(own: OwnSeat, sitting_code: str) -> ResponseReturnValue:
    """Finish the seat."""
    try:
        with transaction():
            seats.finish(sitting_code, own.person_id, _device(), now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "warning")
    return redirect(url_for("checks.show_seat", sitting_code=sitting_code))


def _device() -> SeatDevice:
    return SeatDevice(session_digest(), desk_digest())
