"""Views of an officer at /workshops/<id>/interest: questions, withdrawal, offer, and how the seats were shared."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.web.pages import render
from app.workshops.domain.phases import NominationRules
from app.workshops.forms.interest import InterestForm, WithdrawalForm
from app.workshops.pages import interest, own_request, seat_sharing
from app.workshops.queries import own_nominations
from app.workshops.service import nominations, offers
from app.workshops.service.nominations import InterestRefused
from app.workshops.shapes import OwnNomination, WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/workshops/<uuid:workshop_id>/interest")
@requires(Action.EXPRESS_INTEREST, load=own_nominations.nominated_event)
def show_interest(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the questions, the answers that were sent and the withdrawal."""
    return _interest(workshop)


@bp.post("/workshops/<uuid:workshop_id>/interest")
@requires(Action.EXPRESS_INTEREST, load=own_nominations.nominated_event)
def express_interest(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Express interest, or change the answers; a repeated request is the same request."""
    form = InterestForm(request.form)
    if not form.validate():
        return _interest(workshop, form=form), 422
    with transaction():
        nomination = nominations.express_interest(workshop_id, actor().id, form.interest(), clock.now())
    if isinstance(nomination, InterestRefused):
        flash(_("You cannot ask for a seat in this event. The page says why."), "warning")
    else:
        flash(_("Sent. You get a notice about each step."))
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/interest/confirmation")
@requires(Action.ANSWER_OFFER, load=own_nominations.own)
def confirm_offer(nomination: OwnNomination, workshop_id: UUID) -> ResponseReturnValue:
    """Confirm an offered seat; a repeated request changes nothing."""
    with transaction():
        offers.confirm_offer(nomination.id, actor().id, clock.now())
    flash(_("Confirmed. You have a seat. Put the dates into your calendar."))
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/interest/withdrawal")
@requires(Action.ANSWER_OFFER, load=own_nominations.own)
def withdraw_nomination(nomination: OwnNomination, workshop_id: UUID) -> ResponseReturnValue:
    """Withdraw the request, decline the offer or give the seat back; a repeated request changes nothing."""
    form = WithdrawalForm(request.form)
    workshop = own_nominations.nominated_event(actor(), workshop_id)
    own = own_request.own_request(actor(), workshop, _rules(workshop), clock.now())
    if not form.fits(needs_reason=own.needs_reason):
        return _interest(workshop, withdrawal=form), 422
    with transaction():
        offers.withdraw(nomination.id, actor().id, reason=form.reason.data or "", now=clock.now())
    flash(_("You have withdrawn from this event."))
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/interest/decision")
@requires(Action.ANSWER_OFFER, load=own_nominations.own)
def show_own_decision(nomination: OwnNomination, workshop_id: UUID) -> ResponseReturnValue:
    """Show how the seats were shared, with the compared numbers of the user's country."""
    workshop = own_nominations.nominated_event(actor(), workshop_id)
    event_url = url_for("workshops.show_workshop", workshop_id=workshop_id)
    return render(seat_sharing.page(workshop, nomination, event_url))


def _interest(workshop: WorkshopFacts, **forms: Any) -> str:
    return render(interest.page(actor(), workshop, _rules(workshop), clock.now(), **forms))


def _rules(workshop: WorkshopFacts) -> NominationRules:
    """Return the rules of an event with nominations."""
    if workshop.nomination is None:
        raise NoResultFound
    return workshop.nomination
