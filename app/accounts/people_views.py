"""Pages for who invites: the people of the own country by alias, invitations with their letters."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, lazy_gettext, lazy_pgettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.access.guard import actor, requires, thing
from app.access.policy import Action, Role
from app.access.words import ROLES
from app.accounts import asking, finding, invitations, people, people_pages, person_pages, proposal_pages, seeing
from app.accounts import sign_in as door
from app.accounts.domain import PersonState
from app.accounts.enrolling import Letter
from app.accounts.events import IdentitySeen, InvitationSeen
from app.accounts.invitation_rules import ANYWHERE, OVER, InvitationState, Waits, gives
from app.accounts.invitations import NewInvitation, Refusal
from app.accounts.inviting_forms import CHOOSE_ROLE, FindForm, InviteForm, PeopleForm, WaitingForm
from app.accounts.pages import letters
from app.accounts.people import InvitationLine, PersonLine, Sought
from app.accounts.recovery_forms import ProvingForm
from app.accounts.rights_forms import EverybodyForm, read_id
from app.accounts.rights_rules import GUARDED
from app.db.session import record, transaction
from app.i18n.languages import INTERFACE, current, language
from app.kernel import clock
from app.ports import ports
from app.web import paging

FEW = 5  # invitations that wait, above the list of people
bp = Blueprint("people", __name__, template_folder="templates", url_prefix="/people")
STATES = {
    InvitationState.OPEN: (lazy_pgettext("invitation", "Open"), "wait"),
    InvitationState.EXPIRED: (lazy_gettext("Expired"), "risk"),
    InvitationState.ACCEPTED: (lazy_gettext("Accepted"), "good"),
    InvitationState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    InvitationState.ENDED: (lazy_pgettext("invitation", "Ended"), "none"),
}
CAME_BACK = lazy_gettext("The mail came back"), "bad"
REFUSALS = {
    Refusal.HAS_ACCOUNT: lazy_gettext("A person of your country already has an account with this address."),
    Refusal.INVITED: lazy_gettext("This address is invited already. Send that invitation again instead."),
    Refusal.ELSEWHERE: lazy_gettext("This address cannot be invited. The contact points concerned have been notified."),
    Refusal.MANY: lazy_gettext("Too many addresses today could not be invited. Go on tomorrow."),
    Refusal.NUMBER: lazy_gettext("This service number cannot be used. Leave it out, or check it."),
    Refusal.NUMBER_ELSEWHERE: lazy_gettext(
        "This service number cannot be used. The contact points concerned have been notified."
    ),
}


@bp.get("")
@requires(Action.SEE_PEOPLE)
def show_all() -> ResponseReturnValue:
    """Show invitations that wait, and people by right: of the own country, all by id, or staff."""
    every = _every()
    if (known := _asked_for(every)) is not None and not every.errors:
        return redirect(url_for("person.show", person_id=known))
    return _people(every, FindForm())


@bp.post("")
@requires(Action.FIND_PERSON)
def find() -> ResponseReturnValue:
    """Find people of the own country by name, alias, work mail or number; what was typed is kept nowhere."""
    form = FindForm(request.form)
    form.validate()
    return _people(_every(), form)


@bp.get("/invitations")
@requires(Action.SEE_PEOPLE)
def show_waiting() -> ResponseReturnValue:
    """Show the invitations that wait, a page at a time."""
    form = WaitingForm(request.args)
    right = form.validate()
    which = Waits(form.which.data) if right and form.which.data else None
    page = paging.asked(people.count_waiting(actor(), which), people.PAGE)
    found = people.waiting(actor(), which, offset=page.offset, size=page.size)
    values = {"which": which} if which else {}
    return render_template(
        "accounts/waiting.html",
        form=form,
        count=page.count,
        expired=people.count_waiting(actor(), Waits.EXPIRED),
        most=invitations.AT_ONCE,
        invitations=[_line(line) for line in found],
        **page.links(".show_waiting", **values),
    ), 200 if right else 422


@bp.post("/invitations/renewal")
@requires(Action.INVITE)
def renew_expired() -> ResponseReturnValue:
    """Send a new link to whom neither link nor letter opens anything any more."""
    with transaction():
        count = invitations.renew_expired(actor(), clock.real_now())
    flash(ngettext("%(num)s new link is on its way.", "%(num)s new links are on their way.", count))
    return redirect(url_for(".show_waiting"))


@bp.get("/invite")
@requires(Action.INVITE)
def ask() -> ResponseReturnValue:
    """Show the form of an invitation."""
    return _form(InviteForm(language=current()))


@bp.post("/invite")
@requires(Action.INVITE)
def invite() -> ResponseReturnValue:
    """Invite somebody."""
    form = InviteForm(request.form)
    services = _offer(form)
    if not form.validate() or not form.fits():
        return _form(form), 422
    role, country = Role(form.role.data), services[form.agency.data]
    if not people.may_invite(actor().roles, actor().country, role, country):
        led = role is Role.CONTACT_POINT and role in gives(actor().roles)
        form.role.errors = [_("Coordinators invite the contact points of this country.") if led else str(CHOOSE_ROLE)]
        return _form(form), 422
    proof = ProvingForm(request.form)
    if role in GUARDED and (refused := asking.refuse_unproved(proof, lambda: (_form(form, proof), 422))):
        return refused
    try:
        made = _invite(form, role, country)
    except IntegrityError:  # a sheet brought the same address at the same moment: what it was, a second look tells
        made = _invite(form, role, country)
    if made is Refusal.INVITED:
        made = invitations.sent_before(_new(form, role, country), current_user.id, clock.real_now()) or made
    if isinstance(made, Refusal):
        of_number = made in {Refusal.NUMBER, Refusal.NUMBER_ELSEWHERE}
        wrong = form.service_number if of_number else form.mail
        wrong.errors = [str(REFUSALS[made])]
        return _form(form), 422
    flash(_("Invited. The link is on its way."))
    return redirect(url_for(".show", invitation_id=made))


@bp.get("/invitations/<uuid:invitation_id>")
@requires(Action.SEE_INVITATION, of=people.invitation)
def show(invitation_id: UUID) -> ResponseReturnValue:
    """Show an invitation; the look at a name stands in the trail first."""
    line: InvitationLine = thing()
    if line.name or line.mail:
        with transaction():
            record(InvitationSeen(invitation_id=line.id, country=line.country))
    return render_template("accounts/invitation.html", it=_line(line))


@bp.post("/invitations/<uuid:invitation_id>/letter")
@requires(Action.SEE_INVITATION, of=people.invitation)
def print_letter(invitation_id: UUID) -> ResponseReturnValue:
    """Make a letter with a code, which is shown this once: whoever holds it opens the account."""
    it: InvitationLine = thing()
    if it.role in GUARDED and (refused := _prove(_("Make the letter"), it)):
        return refused
    with transaction():
        code = invitations.print_letter(invitation_id, clock.real_now())
    if code is None:
        return _is_over(invitation_id)
    line = people.invitation(actor(), invitation_id)
    ends_at = line.term.letter_ends_at or clock.real_now()
    letter = letters.words(Letter(line.name, line.mail, line.language, ends_at, code))
    return render_template("accounts/letter.html", it=_line(line), letter=letter)


@bp.post("/invitations/<uuid:invitation_id>/renewal")
@requires(Action.SEE_INVITATION, of=people.invitation)
def renew(invitation_id: UUID) -> ResponseReturnValue:
    """Send a new link."""
    with transaction():
        done = invitations.renew(invitation_id, clock.real_now())
    if not done:
        return _is_over(invitation_id)
    flash(_("A new link is on its way. The old one opens nothing any more."))
    return redirect(url_for(".show", invitation_id=invitation_id))


@bp.post("/invitations/<uuid:invitation_id>/withdrawal")
@requires(Action.SEE_INVITATION, of=people.invitation)
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    with transaction():
        done = invitations.withdraw(invitation_id, clock.real_now())
    if not done:
        return _is_over(invitation_id)
    flash(_("The invitation is withdrawn. Its link and its letter open nothing any more."))
    return redirect(url_for(".show", invitation_id=invitation_id))


def _prove(done: str, it: InvitationLine) -> ResponseReturnValue | None:
    """Ask for the password before what a single button does; None where it was given."""
    here = it.alias, url_for(".show", invitation_id=it.id)
    return asking.ask_proof(done, it.alias, [(_("People"), url_for(".show_all")), here])


def _is_over(invitation_id: UUID) -> ResponseReturnValue:
    flash(_("This invitation is over."), "warning")
    return redirect(url_for(".show", invitation_id=invitation_id))


def _postings(code: str) -> list[tuple[str, str]]:
    """Return the roles of the framework with their titles in a language; a room above knows them."""
    return list(ports().posting_titles(code))


def _people(every: EverybodyForm, find: FindForm) -> ResponseReturnValue:
    """Show the list, or in its place whom a search within it has found."""
    form = PeopleForm(request.args)
    own = Role.CONTACT_POINT in actor().roles and bool(actor().country)
    roles = _postings(current())
    form.offer(roles, people.agencies(actor().country) if own else [])
    right = form.validate()
    sought = form if right else PeopleForm()
    searched = bool(find.who.data) and not find.errors
    found = people.of_country(actor().country, clock.today(), _sought(sought)) if own and not searched else []
    return render_template(
        "accounts/people.html",
        own=own,
        form=form,
        find=find,
        find_url=_list(sought, ".find"),
        found=_find(find.who.data or "", _sought(sought), dict(roles)) if searched else None,
        people=people_pages.people(actor().country, found[: people.PAGE], dict(roles)),
        everybody=_list(sought),
        first=_list(sought) if sought.after.data else "",
        onward=_onward(sought, found),
        narrowed=bool(_kept(sought)),
        invitations=[_line(line) for line in people.waiting(actor(), size=FEW)],
        count=people.count_waiting(actor()),
        waiting=_waiting(),
        proposals=proposal_pages.lines(actor()),
        all=_all(every),
    ), 200 if right and not every.errors and not find.errors else 422


def _find(text: str, sought: Sought, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return whom a search finds; each look at a name stands in the trail first."""
    found = finding.find(actor(), text, clock.today(), sought)
    ids = [one.person_id for one in found.people]
    with transaction():  # before anything is shown: what cannot be written is not read, either
        for one in ids:
            if one != current_user.id:
                record(IdentitySeen(person_id=one))
    return people_pages.found(actor().country, found, seeing.names(ids), titles)


def _sought(form: PeopleForm) -> Sought:
    return Sought(
        role=form.role.data or "",
        agency_id=UUID(form.agency.data) if form.agency.data else None,
        state=PersonState(form.state.data) if form.state.data else None,
        after=form.after.data or "",
    )


def _kept(form: PeopleForm) -> dict[str, str]:
    fields = {"role": form.role.data, "agency": form.agency.data, "state": form.state.data}
    return {name: value for name, value in fields.items() if value}


def _list(form: PeopleForm, endpoint: str = ".show_all", **more: str) -> str:
    values: dict[str, Any] = {**_kept(form), **more}
    return url_for(endpoint, **values)


def _onward(form: PeopleForm, found: Sequence[PersonLine]) -> str:
    if len(found) <= people.PAGE:
        return ""
    return _list(form, after=found[people.PAGE - 1].alias)


def _every() -> EverybodyForm:
    form = EverybodyForm(request.args)
    full = Role.ADMINISTRATOR in actor().roles
    roles = [role for role in Role if full or role in person_pages.OF_COORDINATORS]
    form.offer([(role, str(ROLES[role])) for role in roles])
    form.validate()
    return form


def _asked_for(form: EverybodyForm) -> UUID | None:
    """Return whom an administrator or a coordinator asks for by alias or id."""
    text = (form.q.data or "").strip()
    if not text or actor().roles.isdisjoint(ANYWHERE):
        return None
    return seeing.known(read_id(text), text)


def _waiting() -> list[dict[str, Any]]:
    if Role.ADMINISTRATOR not in actor().roles:
        return []
    return person_pages.waiting(seeing.requests(clock.real_now()), actor())


def _all(form: EverybodyForm) -> dict[str, Any] | None:
    if actor().roles.isdisjoint(ANYWHERE):
        return None
    shown = person_pages.everybody(actor(), EverybodyForm() if form.errors else form)
    return {**shown, "form": form, "missing": bool(form.q.data)}


def _line(line: InvitationLine) -> dict[str, Any]:
    state = line.state(clock.real_now())
    over = state in OVER
    word, kind = CAME_BACK if line.bounced_at and not over else STATES[state]
    return {
        "id": line.id,
        "href": url_for(".show", invitation_id=line.id),
        "alias": line.alias,
        "role": str(ROLES.get(line.role, line.role)),
        "country": line.country,
        "agency": line.agency,
        "own_country": actor().roles.isdisjoint(ANYWHERE) and line.country == actor().country,
        "name": line.name,
        "mail": line.mail,
        "language": line.language,
        "ends_at": line.term.ends_at,
        "letter_ends_at": line.term.letter_ends_at,
        "bounced_at": line.bounced_at,
        "word": str(word),
        "kind": kind,
        "over": over,
        "ended": state is InvitationState.ENDED,
    }


def _form(form: InviteForm, proof: ProvingForm | None = None) -> str:
    _offer(form)
    offered = gives(actor().roles)
    return render_template(
        "accounts/invite.html",
        form=form,
        officers=Role.PRACTITIONER in offered,
        proof=proof or ProvingForm(),
        proving=not GUARDED.isdisjoint(offered) and not door.proved(),
    )


def _offer(form: InviteForm) -> dict[str, str]:
    """Set what the one who asks may choose; return the country of each service."""
    anywhere = bool(actor().roles & set(ANYWHERE))
    services = people.agencies() if anywhere else people.agencies(actor().country)
    named = people_pages.services(services, with_country=anywhere)
    roles = [(role, str(ROLES[role])) for role in gives(actor().roles)]
    form.offer(named, roles, _postings(current()), [(code, language(code).name) for code in INTERFACE])
    return {str(one): code for one, code, _name in services}


def _invite(form: InviteForm, role: Role, country: str) -> UUID | Refusal:
    with transaction():
        return invitations.invite(_new(form, role, country), current_user.id, clock.real_now())


def _new(form: InviteForm, role: Role, country: str) -> NewInvitation:
    """Return the invitation that a checked form asks for; the alias begins with the role's English title."""
    chosen = set(form.posting.data or ()) if role is Role.PRACTITIONER else set()
    postings = [(value, title) for value, title in _postings("en") if value in chosen]
    with force_locale("en"):
        title = postings[0][1] if postings else str(ROLES[role])
    return NewInvitation(
        mail=form.mail.data,
        name=form.name.data,
        latin_name=form.latin_name.data or None,
        service_number=form.service_number.data or None,
        country=country,
        agency_id=UUID(form.agency.data),
        role=role,
        posting_roles=tuple(value for value, _title in postings),
        title=title,
        language=form.language.data,
    )
