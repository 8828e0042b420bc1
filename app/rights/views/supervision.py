"""Who supervises an officer, and whom a supervisor has: chosen by the contact point of the country."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.access.guard import requires, thing
from app.access.policy import Action, Role, Scope
from app.db.session import transaction
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock
from app.rights.forms import SupervisorForm
from app.rights.queries import supervision as rights_supervision
from app.rights.service import supervision
from app.rights.service.supervision import SupervisionRefusal
from app.rights.views._blueprint import bp

REFUSALS = {
    SupervisionRefusal.NO_OFFICER: lazy_gettext("This person serves as no officer today. Say first where they serve."),
    SupervisionRefusal.NO_SUPERVISOR: lazy_gettext("This is no supervisor of your country today. Choose another one."),
    SupervisionRefusal.ASSIGNED: lazy_gettext("This one supervises the officer already. Choose another one."),
}


@bp.get("/people/<uuid:person_id>/supervisor")
@requires(Action.ASSIGN_SUPERVISOR, of=rights_supervision.person)
def show_supervisor(person_id: UUID) -> ResponseReturnValue:
    """Show who supervises a person, and whom the person supervises."""
    return _page(SupervisorForm())


@bp.post("/people/<uuid:person_id>/supervisor")
@requires(Action.ASSIGN_SUPERVISOR, of=rights_supervision.person)
def assign_supervisor(person_id: UUID) -> ResponseReturnValue:
    """Let a supervisor of the country supervise an officer."""
    form = SupervisorForm(request.form)
    form.offer(rights_supervision.candidates(thing().country, clock.today()))
    if not form.validate():
        return _page(form), 422
    with transaction():
        wrong = supervision.assign(person_id, UUID(form.supervisor.data), clock.today())
    if wrong is not None:
        form.supervisor.errors = [str(REFUSALS[wrong])]
        return _page(form), 422
    flash(_("Assigned. The supervisor sees this officer from now on."))
    return redirect(url_for("rights.show_supervisor", person_id=person_id))


@bp.post("/people/<uuid:person_id>/supervisor/<uuid:supervisor_id>/end")
@requires(Action.ASSIGN_SUPERVISOR, of=rights_supervision.person)
def release_supervisor(person_id: UUID, supervisor_id: UUID) -> ResponseReturnValue:
    """Let somebody supervise an officer no longer."""
    with transaction():
        ended = supervision.release(person_id, supervisor_id, clock.today())
    flash(_("Ended. The supervisor sees nothing of this officer any more.") if ended else _("This was over already."))
    return redirect(url_for("rights.show_supervisor", person_id=person_id))


def _page(form: SupervisorForm) -> str:
    seen: PersonDetails = thing()
    today = clock.today()
    above = rights_supervision.above(seen.person_id, today)
    taken = {seen.person_id, *(one.person_id for one in above)}
    free = [one for one in rights_supervision.candidates(seen.country, today) if one[0] not in taken]
    form.offer(free)
    below = rights_supervision.below(seen.person_id, today)
    whole = any(one.held.scope is Scope.AGENCY for one in seen.grants)
    service = rights_supervision.of_service(seen.person_id, today) if whole else ""
    return render_template(
        "rights/supervisor.html",
        person_id=seen.person_id,
        alias=seen.alias,
        officer=bool(seen.posting_roles),
        supervisor=any(one.held.role is Role.SUPERVISOR for one in seen.grants),
        service=service,
        supervises=rights_supervision.count(seen.person_id, today) if service else 0,
        above=[
            {
                "alias": one.alias,
                "since": one.since,
                "end": url_for("rights.release_supervisor", person_id=seen.person_id, supervisor_id=one.person_id)
                if one.since
                else "",
                "roles": url_for("rights.roles", person_id=one.person_id),
            }
            for one in above
        ],
        below=[
            {"alias": one.alias, "since": one.since, "href": url_for("rights.show_supervisor", person_id=one.person_id)}
            for one in below
        ],
        offered=bool(free),
        form=form,
    )
