"""Views of visa, travel and needs: the own ones of a participant, and the list for the staff of an event."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.forms.travel import NeedsForm, TravelForm
from app.workshops.pages import own_travel, participants_travel
from app.workshops.queries import travel as queries, workshops
from app.workshops.queries.travel import OwnPlace
from app.workshops.service import results, travel as service
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/workshops/<uuid:workshop_id>/travel")
@requires(Action.SET_OWN_TRAVEL, load=queries.own_place)
def show_own_travel(own: OwnPlace, workshop_id: UUID) -> ResponseReturnValue:
    """Show the user's visa and travel dates and needs."""
    return _own(own)


@bp.post("/workshops/<uuid:workshop_id>/travel")
@requires(Action.SET_OWN_TRAVEL, load=queries.own_place)
def save_own_travel(own: OwnPlace, workshop_id: UUID) -> ResponseReturnValue:
    """Save the user's visa and travel dates."""
    form = TravelForm(request.form)
    if not form.validate():
        return _own(own, form), 422
    try:
        with transaction():
            service.save_travel(workshop_id, actor().id, form.travel(), by=actor().id, now=clock.now())
    except DomainError as error:
        form.visa.errors = [error.translated(_)]
        return _own(own, form), 422
    flash(_("Saved."))
    return redirect(url_for("workshops.show_own_travel", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/needs")
@requires(Action.SET_OWN_TRAVEL, load=queries.own_place)
def save_own_needs(own: OwnPlace, workshop_id: UUID) -> ResponseReturnValue:
    """Save the user's needs, or delete them if none is chosen."""
    form = own_travel.needs_form(own, request.form)
    if not form.validate():
        return _own(own, needs=form), 422
    with transaction():
        service.save_needs(workshop_id, actor().id, form.needs(), clock.now())
    flash(_("Saved."))
    return redirect(url_for("workshops.show_own_travel", workshop_id=workshop_id))


@bp.get("/teaching/workshops/<uuid:workshop_id>/travel")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_travel(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show visa and travel of the participants, the fewest days left first, and how many have which need."""
    with transaction():
        results.record_view(workshop_id, clock.now())
    return render(participants_travel.page(actor(), workshop, clock.now()))


@bp.get("/teaching/workshops/<uuid:workshop_id>/needs")
@requires(Action.SEE_NEEDS, load=workshops.run_by)
def show_needs(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the needs of participants one by one, to a trainer of the event, and record it."""
    with transaction():
        service.record_view_of_needs(workshop_id, clock.now())
    return render(participants_travel.needs_page(actor(), workshop, clock.now()))


def _own(own: OwnPlace, form: TravelForm | None = None, needs: NeedsForm | None = None) -> str:
    return render(own_travel.page(own, clock.now(), form=form, needs=needs))
