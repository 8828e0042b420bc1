"""Views of `/people/<id>/supervisor`, where the contact point assigns and releases supervisors."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext

from app.access.guard import requires
from app.access.people_rules import can_have_supervision
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock
from app.rights.forms import SupervisorForm
from app.rights.pages.supervision import supervision_page
from app.rights.queries import supervision as rights_supervision
from app.rights.service import supervision
from app.rights.service.supervision import SupervisionRefusal
from app.rights.views._blueprint import bp
from app.web.pages import render

REFUSALS = {
    SupervisionRefusal.NO_OFFICER: lazy_gettext(
        "This person has no posting as an officer today. Enter the posting first."
    ),
    SupervisionRefusal.NO_SUPERVISOR: lazy_gettext(
        "This person is not a supervisor of your country today. Choose another one."
    ),
    SupervisionRefusal.ASSIGNED: lazy_gettext("This person already supervises the officer. Choose another one."),
}


@bp.get("/people/<uuid:person_id>/supervisor")
@requires(Action.ASSIGN_SUPERVISOR, load=rights_supervision.person, applies_to=can_have_supervision)
def show_supervisor(person: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Show the supervisors of a person, and the officers whom the person supervises."""
    return _page(person, SupervisorForm())


@bp.post("/people/<uuid:person_id>/supervisor")
@requires(Action.ASSIGN_SUPERVISOR, load=rights_supervision.person)
def assign_supervisor(person: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Assign a supervisor of the country to an officer."""
    form = SupervisorForm(request.form)
    form.offer(rights_supervision.candidates(person.country, clock.today()))
    if not form.validate():
        return _page(person, form), 422
    with transaction():
        refusal = supervision.assign(person_id, UUID(form.supervisor.data), clock.today())
    if refusal is not None:
        form.supervisor.errors = [str(REFUSALS[refusal])]
        return _page(person, form), 422
    flash(_("Assigned. The supervisor sees this officer from now on."))
    return redirect(url_for("rights.show_supervisor", person_id=person_id))


@bp.post("/people/<uuid:person_id>/supervisor/<uuid:supervisor_id>/end")
@requires(Action.ASSIGN_SUPERVISOR, of=rights_supervision.person)
def release_supervisor(person_id: UUID, supervisor_id: UUID) -> ResponseReturnValue:
    """End the assignment of a supervisor."""
    with transaction():
        ended = supervision.release(person_id, supervisor_id, clock.today())
    flash(_("Ended. The supervisor no longer sees this officer.") if ended else _("This had already ended."))
    return redirect(url_for("rights.show_supervisor", person_id=person_id))


def _page(person: PersonDetails, form: SupervisorForm) -> str:
    return render(supervision_page(person, form, clock.today()))
