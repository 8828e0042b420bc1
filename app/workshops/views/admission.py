"""Views to admit an officer who lacks a requirement: /teaching/workshops/<id>/admission."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import requires
from app.access.policy import Action, Actor
from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.domain.events import EnrolmentMode
from app.workshops.domain.seats import BookingState
from app.workshops.forms.admission import AdmitOfficerForm
from app.workshops.pages import admission as pages
from app.workshops.queries import workshops
from app.workshops.service import admissions
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp


def open_event(actor: Actor, workshop_id: UUID) -> WorkshopFacts:
    """Return an event with open enrolment that the actor runs, or raise NoResultFound."""
    workshop = workshops.run_by(actor, workshop_id)
    if workshop.enrolment is not EnrolmentMode.OPEN:
        raise NoResultFound
    return workshop


@bp.get("/teaching/workshops/<uuid:workshop_id>/admission")
@requires(Action.RUN_WORKSHOP, load=open_event)
def show_admission(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form to admit an officer."""
    return render(pages.page(workshop, AdmitOfficerForm()))


@bp.post("/teaching/workshops/<uuid:workshop_id>/admission")
@requires(Action.RUN_WORKSHOP, load=open_event)
def admit_officer(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Admit an officer with a reason: the officer gets a seat, or a place on the waiting list."""
    form = AdmitOfficerForm(request.form)
    if not form.validate():
        return render(pages.page(workshop, form)), 422
    person_id = people.person_by_alias(form.alias.data.strip())
    if person_id is None:
        form.alias.errors = [_("No account has this alias. Check it, with its number.")]
        return render(pages.page(workshop, form)), 422
    try:
        with transaction():
            state = admissions.admit(
                workshop_id, person_id, by=current_user.id, reason=form.reason.data, now=clock.now()
            )
    except DomainError as error:
        return render(pages.page(workshop, form, error.translated(_))), 422
    is_seated = state is BookingState.SEATED
    flash(_("Admitted. The officer has a seat.") if is_seated else _("Admitted. The officer is on the waiting list."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))
