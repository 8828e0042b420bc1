"""Roles of a person."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires, thing
from app.access.labels import ROLES
from app.access.people_rules import AssignableRole, can_assign
from app.access.policy import Action, Role, Scope
from app.db.session import transaction
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock
from app.rights.domain.roles import SCOPES, Answer, Refusal, gifts, needs_password
from app.rights.forms import GiveForm
from app.rights.pages import roles as pages
from app.rights.queries import roles as rights_queries_roles
from app.rights.service import roles as rights_roles
from app.rights.views._blueprint import bp
from app.sign_in.web import current_session as door
from app.sign_in.web import reauthentication
from app.sign_in.web.forms import ReauthenticationForm


@bp.get("/people/<uuid:person_id>/roles")
@requires(Action.SEE_ROLES, of=person_details.person)
def roles(person_id: UUID) -> ResponseReturnValue:
    """Show the roles of a person, and what may be given."""
    return _roles(thing(), GiveForm(since=clock.today()))


@bp.post("/people/<uuid:person_id>/roles")
@requires(Action.GIVE_ROLE, of=person_details.person)
def assign_role(person_id: UUID) -> ResponseReturnValue:
    """Give a role; to become an administrator takes a second one."""
    seen: PersonDetails = thing()
    form = GiveForm(request.form)
    _offer(form, seen)
    if not form.validate():
        return _roles(seen, form), 422
    wish, proof = form.wish(seen.country), ReauthenticationForm(request.form)
    guarded = needs_password(wish.gift.role, wish.scope)
    if guarded and (refused := reauthentication.require_password(proof, lambda: (_roles(seen, form, proof), 422))):
        return refused
    with transaction():
        wrong = rights_roles.give(actor(), person_id, wish, clock.today(), clock.real_now())
    if isinstance(wrong, UUID):
        flash(_("Proposed. The role is assigned when a second person agrees."))
        return redirect(url_for("invitations.show_proposal", proposal_id=wrong))
    if wrong is not None:
        _blame(form, wrong)
        return _roles(seen, form), 422
    if wish.gift.role is Role.ADMINISTRATOR:
        flash(_("Asked. A second administrator has 72 hours to agree."))
    else:
        flash(_("Role assigned. The person must sign in again."))
    return redirect(url_for("rights.roles", person_id=person_id))


@bp.post("/people/<uuid:person_id>/roles/<uuid:grant_id>/end")
@requires(Action.END_ROLE, of=person_details.person)
def revoke_role(person_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """End a role at once."""
    for one in thing().grants:
        guarded = one.id == grant_id and needs_password(one.held.role, one.held.scope)
        if guarded and (refused := _prove(_("End the role"))):
            return refused
    with transaction():
        wrong = rights_roles.end(actor(), person_id, grant_id, clock.today())
    return _told(person_id, wrong, _("Role ended. All sessions of the person are closed."))


@bp.post("/people/<uuid:person_id>/roles/requests/<uuid:request_id>/confirm")
@requires(Action.CONFIRM_ADMINISTRATOR, of=person_details.person)
def confirm_administrator(person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Agree, as the second administrator."""
    if refused := _prove(_("Confirm the administrator")):
        return refused
    with transaction():
        wrong = rights_roles.answer(actor(), person_id, request_id, Answer.CONFIRMED, clock.today(), clock.real_now())
    return _told(person_id, wrong, _("Confirmed. This person is an administrator and signs in again."))


@bp.post("/people/<uuid:person_id>/roles/requests/<uuid:request_id>/refuse")
@requires(Action.CONFIRM_ADMINISTRATOR, of=person_details.person)
def refuse_administrator(person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Do not agree; who asked withdraws."""
    with transaction():
        wrong = rights_roles.answer(actor(), person_id, request_id, Answer.REFUSED, clock.today(), clock.real_now())
    return _told(person_id, wrong, _("Not agreed. Nobody became an administrator."))


def _prove(done: str) -> ResponseReturnValue | None:
    """Ask for the password before what a single button does; None where it was given."""
    seen: PersonDetails = thing()
    shown, roles = (url_for(one, person_id=seen.person_id) for one in ("directory.show_person", "rights.roles"))
    people = (_("People"), url_for("directory.show_people"))
    return reauthentication.ask_password(done, seen.alias, [people, (seen.alias, shown), (_("Roles"), roles)])


def _told(person_id: UUID, wrong: Refusal | None, done: str) -> ResponseReturnValue:
    if wrong is None:
        flash(done)
    else:
        flash(str(pages.REFUSALS[wrong]), "warning")
    return redirect(url_for("rights.roles", person_id=person_id))


def _roles(seen: PersonDetails, form: GiveForm, proof: ReauthenticationForm | None = None) -> str:
    offered = _offer(form, seen)
    who, today = actor(), clock.today()
    giver = rights_queries_roles.granter(who, today)
    second = Role.ADMINISTRATOR in who.roles
    asked = rights_queries_roles.administrator_requests(clock.real_now(), seen.person_id) if second else []
    return render_template(
        "rights/roles.html",
        it=pages.person(who, seen),
        person_id=seen.person_id,
        roles=pages.endable(who, seen, giver),
        form=form,
        proof=proof or ReauthenticationForm(),
        proving=any(needs_password(gift.role, SCOPES[gift.role][-1]) for gift, _words in offered)
        and not door.recently_authenticated(),
        offered=bool(offered) and seen.active,
        own=seen.person_id == who.id,
        reaching=len(form.reach.pairs) > 1,
        **_hints(offered),
        requests=pages.waiting(asked, who),
        alone=second and len(rights_queries_roles.administrators(today)) < 2,
    )


def _hints(offered: Sequence[tuple[AssignableRole, str]]) -> dict[str, str]:
    """Return what stands below the place and the password: of a country's roles, or of those of the academy."""
    if any(Scope.AGENCY in SCOPES[gift.role] for gift, _words in offered):
        return {
            "reach_hint": _("A supervisor sees the officers you assign by name, or all officers of the own agency."),
            "proof_hint": _("For a deputy, and for a supervisor of a whole agency."),
        }
    return {
        "reach_hint": _("A trainer may be of one course, an invigilator or a host of one event."),
        "proof_hint": _("For a contact point, a coordinator or an administrator."),
    }


def _offer(form: GiveForm, seen: PersonDetails) -> list[tuple[AssignableRole, str]]:
    """Set what the one who asks may give to this person."""
    who, today = actor(), clock.today()
    giver = rights_queries_roles.granter(who, today)
    mine = [one for one in gifts(giver.held, giver.country, today) if can_assign(giver, seen.receiver, one, today)]
    offered = [(one, _("Deputy contact point, while on leave") if one.deputy else str(ROLES[one.role])) for one in mine]
    scopes = {scope for one in mine for scope in SCOPES[one.role]} & {Scope.COURSE, Scope.EVENT}
    named = pages.reaches(who) if scopes else {}
    prefix = {Scope.COURSE: _("Course"), Scope.EVENT: _("Event")}
    places = [
        (f"{scope}:{value}", _("%(kind)s: %(title)s", kind=prefix[scope], title=title))
        for scope in (Scope.COURSE, Scope.EVENT)
        for value, title in named.get(scope, ())
    ]
    if seen.agency_id is not None and any(Scope.AGENCY in SCOPES[one.role] for one in mine):
        whole = _("All officers of the agency: %(name)s", name=person_details.agency(seen.agency_id))
        places.insert(0, (f"{Scope.AGENCY}:{seen.agency_id.hex}", whole))
    form.offer(offered, places)
    return offered


def _blame(form: GiveForm, wrong: Refusal) -> None:
    """Put a refusal beside the field that it is about."""
    fields = {
        Refusal.PAST: form.since,
        Refusal.FAR: form.since,
        Refusal.BACKWARDS: form.until,
        Refusal.DEPUTY_DAYS: form.until,
        Refusal.BEYOND: form.until,
        Refusal.REACH: form.reach,
    }
    fields.get(wrong, form.role).errors = [str(pages.REFUSALS[wrong])]
