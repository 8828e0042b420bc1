"""Who supervises an officer, and whom a supervisor has: chosen by the contact point of the country."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.access.guard import requires, thing
from app.access.policy import Action, Role, Scope
from app.accounts import supervised, supervision
from app.accounts.rights_forms import SupervisorForm
from app.accounts.seeing import SeenPerson
from app.accounts.supervision import Refusal
from app.db.session import transaction
from app.kernel import clock

bp = Blueprint("supervisor", __name__, template_folder="templates", url_prefix="/people/<uuid:person_id>/supervisor")
REFUSALS = {
    Refusal.NO_OFFICER: lazy_gettext("This person serves as no officer today. Say first where they serve."),
    Refusal.NO_SUPERVISOR: lazy_gettext("This is no supervisor of your country today. Choose another one."),
    Refusal.ASSIGNED: lazy_gettext("This one supervises the officer already. Choose another one."),
}


@bp.get("")
@requires(Action.ASSIGN_SUPERVISOR, of=supervised.person)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show who supervises a person, and whom the person supervises."""
    return _page(SupervisorForm())


@bp.post("")
@requires(Action.ASSIGN_SUPERVISOR, of=supervised.person)
def assign(person_id: UUID) -> ResponseReturnValue:
    """Let a supervisor of the country supervise an officer."""
    form = SupervisorForm(request.form)
    form.offer(supervised.candidates(thing().country, clock.today()))
    if not form.validate():
        return _page(form), 422
    with transaction():
        wrong = supervision.assign(person_id, UUID(form.supervisor.data), clock.today())
    if wrong is not None:
        form.supervisor.errors = [str(REFUSALS[wrong])]
        return _page(form), 422
    flash(_("Assigned. The supervisor sees this officer from now on."))
    return redirect(url_for(".show", person_id=person_id))


@bp.post("/<uuid:supervisor_id>/end")
@requires(Action.ASSIGN_SUPERVISOR, of=supervised.person)
def release(person_id: UUID, supervisor_id: UUID) -> ResponseReturnValue:
    """Let somebody supervise an officer no longer."""
    with transaction():
        ended = supervision.release(person_id, supervisor_id, clock.today())
    flash(_("Ended. The supervisor sees nothing of this officer any more.") if ended else _("This was over already."))
    return redirect(url_for(".show", person_id=person_id))


def _page(form: SupervisorForm) -> str:
    seen: SeenPerson = thing()
    today = clock.today()
    above = supervised.above(seen.person_id, today)
    taken = {seen.person_id, *(one.person_id for one in above)}
    free = [one for one in supervised.candidates(seen.country, today) if one[0] not in taken]
    form.offer(free)
    below = supervised.below(seen.person_id, today)
    whole = any(one.held.scope is Scope.AGENCY for one in seen.grants)
    service = supervised.of_service(seen.person_id, today) if whole else ""
    return render_template(
        "accounts/supervisor.html",
        person_id=seen.person_id,
        alias=seen.alias,
        officer=bool(seen.posting_roles),
        supervisor=any(one.held.role is Role.SUPERVISOR for one in seen.grants),
        service=service,
        supervises=supervised.count(seen.person_id, today) if service else 0,
        above=[
            {
                "alias": one.alias,
                "since": one.since,
                "end": url_for(".release", person_id=seen.person_id, supervisor_id=one.person_id) if one.since else "",
                "roles": url_for("person.roles", person_id=one.person_id),
            }
            for one in above
        ],
        below=[
            {"alias": one.alias, "since": one.since, "href": url_for(".show", person_id=one.person_id)} for one in below
        ],
        offered=bool(free),
        form=form,
    )
