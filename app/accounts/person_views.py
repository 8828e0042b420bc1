"""A person's page by right, and their roles: given and ended by whoever holds more."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires, thing
from app.access.policy import Action, Role, Scope
from app.access.words import ROLES
from app.accounts import asking, rights, seeing
from app.accounts import person_pages as pages
from app.accounts import sign_in as door
from app.accounts.events import IdentitySeen
from app.accounts.recovery_forms import ProvingForm
from app.accounts.rights_forms import GiveForm
from app.accounts.rights_rules import SCOPES, Answer, Gift, Refusal, gifts, may_give, needs_password
from app.accounts.seeing import SeenPerson
from app.db.session import record, transaction
from app.kernel import clock
from app.ports import ports

bp = Blueprint("person", __name__, template_folder="templates", url_prefix="/people")


@bp.get("/<uuid:person_id>")
@requires(Action.SEE_PERSON, of=seeing.person)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show a person: to the own contact point by name, to whoever gives roles by alias, and where to go from here."""
    seen: SeenPerson = thing()
    named = pages.sees_name(actor(), seen)
    if named and person_id != current_user.id:
        with transaction():  # before anything is shown: what cannot be written is not read, either
            record(IdentitySeen(person_id=person_id))
    return render_template(
        "accounts/person.html",
        it=pages.person(actor(), seen),
        name=seeing.name(person_id) if named else None,
        links=ports().person_sections(seen),
    )


@bp.get("/<uuid:person_id>/roles")
@requires(Action.SEE_ROLES, of=seeing.person)
def roles(person_id: UUID) -> ResponseReturnValue:
    """Show the roles of a person, and what may be given."""
    return _roles(thing(), GiveForm(since=clock.today()))


@bp.post("/<uuid:person_id>/roles")
@requires(Action.GIVE_ROLE, of=seeing.person)
def give(person_id: UUID) -> ResponseReturnValue:
    """Give a role; to become an administrator takes a second one."""
    seen: SeenPerson = thing()
    form = GiveForm(request.form)
    _offer(form, seen)
    if not form.validate():
        return _roles(seen, form), 422
    wish, proof = form.wish(seen.country), ProvingForm(request.form)
    guarded = needs_password(wish.gift.role, wish.scope)
    if guarded and (refused := asking.refuse_unproved(proof, lambda: (_roles(seen, form, proof), 422))):
        return refused
    with transaction():
        wrong = rights.give(actor(), person_id, wish, clock.today(), clock.real_now())
    if isinstance(wrong, UUID):
        flash(_("Proposed. The role is assigned when a second person agrees."))
        return redirect(url_for("proposals.show", proposal_id=wrong))
    if wrong is not None:
        _blame(form, wrong)
        return _roles(seen, form), 422
    if wish.gift.role is Role.ADMINISTRATOR:
        flash(_("Asked. A second administrator has 72 hours to agree."))
    else:
        flash(_("Role assigned. The person must sign in again."))
    return redirect(url_for(".roles", person_id=person_id))


@bp.post("/<uuid:person_id>/roles/<uuid:grant_id>/end")
@requires(Action.END_ROLE, of=seeing.person)
def end(person_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """End a role at once."""
    for one in thing().grants:
        guarded = one.id == grant_id and needs_password(one.held.role, one.held.scope)
        if guarded and (refused := _prove(_("End the role"))):
            return refused
    with transaction():
        wrong = rights.end(actor(), person_id, grant_id, clock.today())
    return _told(person_id, wrong, _("Role ended. All sessions of the person are closed."))


@bp.post("/<uuid:person_id>/roles/requests/<uuid:request_id>/confirm")
@requires(Action.CONFIRM_ADMINISTRATOR, of=seeing.person)
def confirm(person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Agree, as the second administrator."""
    if refused := _prove(_("Confirm the administrator")):
        return refused
    with transaction():
        wrong = rights.answer(actor(), person_id, request_id, Answer.CONFIRMED, clock.today(), clock.real_now())
    return _told(person_id, wrong, _("Confirmed. This person is an administrator and signs in again."))


@bp.post("/<uuid:person_id>/roles/requests/<uuid:request_id>/refuse")
@requires(Action.CONFIRM_ADMINISTRATOR, of=seeing.person)
def refuse(person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Do not agree; who asked withdraws."""
    with transaction():
        wrong = rights.answer(actor(), person_id, request_id, Answer.REFUSED, clock.today(), clock.real_now())
    return _told(person_id, wrong, _("Not agreed. Nobody became an administrator."))


def _prove(done: str) -> ResponseReturnValue | None:
    """Ask for the password before what a single button does; None where it was given."""
    seen: SeenPerson = thing()
    shown, roles = (url_for(one, person_id=seen.person_id) for one in (".show", ".roles"))
    people = (_("People"), url_for("people.show_all"))
    return asking.ask_proof(done, seen.alias, [people, (seen.alias, shown), (_("Roles"), roles)])


def _told(person_id: UUID, wrong: Refusal | None, done: str) -> ResponseReturnValue:
    if wrong is None:
        flash(done)
    else:
        flash(str(pages.REFUSALS[wrong]), "warning")
    return redirect(url_for(".roles", person_id=person_id))


def _roles(seen: SeenPerson, form: GiveForm, proof: ProvingForm | None = None) -> str:
    offered = _offer(form, seen)
    who, today = actor(), clock.today()
    giver = seeing.giver(who, today)
    second = Role.ADMINISTRATOR in who.roles
    asked = seeing.requests(clock.real_now(), seen.person_id) if second else []
    return render_template(
        "accounts/roles.html",
        it=pages.person(who, seen),
        person_id=seen.person_id,
        roles=pages.endable(who, seen, giver),
        form=form,
        proof=proof or ProvingForm(),
        proving=any(needs_password(gift.role, SCOPES[gift.role][-1]) for gift, _words in offered) and not door.proved(),
        offered=bool(offered) and seen.active,
        own=seen.person_id == who.id,
        reaching=len(form.reach.pairs) > 1,
        **_hints(offered),
        requests=pages.waiting(asked, who),
        alone=second and len(seeing.administrators(today)) < 2,
    )


def _hints(offered: Sequence[tuple[Gift, str]]) -> dict[str, str]:
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


def _offer(form: GiveForm, seen: SeenPerson) -> list[tuple[Gift, str]]:
    """Set what the one who asks may give to this person."""
    who, today = actor(), clock.today()
    giver = seeing.giver(who, today)
    mine = [one for one in gifts(giver.held, giver.country, today) if may_give(giver, seen.receiver, one, today)]
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
        whole = _("All officers of the agency: %(name)s", name=seeing.agency(seen.agency_id))
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
