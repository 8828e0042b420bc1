"""Views of `/people/<id>/roles`: assign and end a role, confirm or refuse a further administrator."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, Role
from app.db.session import transaction
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock
from app.rights import labels
from app.rights.domain.roles import SCOPES, RequestAnswer, RoleRefusal, needs_password
from app.rights.forms import AssignRoleForm
from app.rights.pages.roles import offer_roles, roles_page
from app.rights.service import roles as rights_roles
from app.rights.views._blueprint import bp
from app.sign_in.forms.authentication import ReauthenticationForm
from app.sign_in.views import current_session, reauthentication
from app.web.pages import render


@bp.get("/people/<uuid:person_id>/roles")
@requires(Action.SEE_ROLES, load=person_details.person)
def roles(person: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Show the roles of a person, and those that the user may assign."""
    return _roles(person, AssignRoleForm(since=clock.today()))


@bp.post("/people/<uuid:person_id>/roles")
@requires(Action.GIVE_ROLE, load=person_details.person)
def assign_role(person: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Assign a role, or request a second administrator's agreement."""
    form = AssignRoleForm(request.form)
    offer_roles(form, actor(), person)
    if not form.validate():
        return _roles(person, form), 422
    wish, proof = form.wish(person.country), ReauthenticationForm(request.form)
    if needs_password(wish.gift.role, wish.scope):
        refusal = reauthentication.require_password(proof, lambda: (_roles(person, form, proof), 422))
        if refusal is not None:
            return refusal
    with transaction():
        result = rights_roles.assign_role(actor(), person_id, wish, clock.today(), clock.real_now())
    if isinstance(result, UUID):
        flash(_("Proposed. The role is assigned when a second person agrees."))
        return redirect(url_for("invitations.show_proposal", proposal_id=result))
    if result is not None:
        _add_error(form, result)
        return _roles(person, form), 422
    if wish.gift.role is Role.ADMINISTRATOR:
        flash(_("Requested. A second administrator has 72 hours to agree."))
    else:
        flash(_("Role assigned. The person must sign in again."))
    return redirect(url_for("rights.roles", person_id=person_id))


@bp.post("/people/<uuid:person_id>/roles/<uuid:grant_id>/end")
@requires(Action.END_ROLE, load=person_details.person)
def revoke_role(person: PersonDetails, person_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """End a role at once."""
    assignments = [grant.assignment for grant in person.grants if grant.id == grant_id]
    guarded = any(needs_password(assignment.role, assignment.scope) for assignment in assignments)
    if guarded and (refusal := _ask_password(person, _("End the role"))):
        return refusal
    with transaction():
        error = rights_roles.end_role(actor(), person_id, grant_id, clock.today())
    return _redirect(person_id, error, _("Role ended. All sessions of the person are closed."))


@bp.post("/people/<uuid:person_id>/roles/requests/<uuid:request_id>/confirm")
@requires(Action.CONFIRM_ADMINISTRATOR, load=person_details.person)
def confirm_administrator(person: PersonDetails, person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Confirm a request for a further administrator, as the second administrator."""
    if refusal := _ask_password(person, _("Confirm the administrator")):
        return refusal
    with transaction():
        error = rights_roles.answer_request(
            actor(), person_id, request_id, RequestAnswer.CONFIRMED, clock.today(), clock.real_now()
        )
    return _redirect(person_id, error, _("Confirmed. This person is an administrator and signs in again."))


@bp.post("/people/<uuid:person_id>/roles/requests/<uuid:request_id>/refuse")
@requires(Action.CONFIRM_ADMINISTRATOR, of=person_details.person)
def refuse_administrator(person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Refuse a request for a further administrator, or withdraw the own request."""
    with transaction():
        error = rights_roles.answer_request(
            actor(), person_id, request_id, RequestAnswer.REFUSED, clock.today(), clock.real_now()
        )
    return _redirect(person_id, error, _("Refused. The person does not become an administrator."))


def _ask_password(person: PersonDetails, done: str) -> ResponseReturnValue | None:
    """Ask for the password before the step of a single button; None if it was entered recently."""
    path = [
        (_("People"), url_for("directory.show_people")),
        (person.alias, url_for("directory.show_person", person_id=person.person_id)),
        (_("Roles"), url_for("rights.roles", person_id=person.person_id)),
    ]
    return reauthentication.ask_password(done, person.alias, path)


def _redirect(person_id: UUID, error: RoleRefusal | None, done: str) -> ResponseReturnValue:
    if error is None:
        flash(done)
    else:
        flash(str(labels.REFUSALS[error]), "warning")
    return redirect(url_for("rights.roles", person_id=person_id))


def _roles(person: PersonDetails, form: AssignRoleForm, proof: ReauthenticationForm | None = None) -> str:
    offered = offer_roles(form, actor(), person)
    guarded = any(needs_password(assignable.role, SCOPES[assignable.role][-1]) for assignable in offered)
    asks_password = guarded and not current_session.recently_authenticated()
    proof = proof or ReauthenticationForm()
    return render(roles_page(actor(), person, offered, form=form, proof=proof, asks_password=asks_password))


def _add_error(form: AssignRoleForm, error: RoleRefusal) -> None:
    """Put a refusal beside the field that it is about."""
    fields = {
        RoleRefusal.PAST: form.since,
        RoleRefusal.FAR: form.since,
        RoleRefusal.BACKWARDS: form.until,
        RoleRefusal.DEPUTY_DAYS: form.until,
        RoleRefusal.BEYOND: form.until,
        RoleRefusal.REACH: form.reach,
    }
    fields.get(error, form.role).errors = [str(labels.REFUSALS[error])]
