"""Invite people; open invitations; letters."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, lazy_gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.access.guard import actor, requires, thing
from app.access.labels import ROLES
from app.access.people_rules import ANYWHERE
from app.access.policy import Action, Role, own_scope
from app.db.session import record, transaction
from app.i18n.languages import INTERFACE, current, language
from app.identity import labels
from app.identity.domain.roles import GUARDED
from app.identity.queries import people
from app.invitations.domain.invitations import Waits, gives
from app.invitations.events import InvitationSeen
from app.invitations.forms import CHOOSE_ROLE, InviteForm, WaitingForm
from app.invitations.pages import letters
from app.invitations.pages.invitations import invitation_line
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.queries.invitations import InvitationLine
from app.invitations.service import invitations
from app.invitations.service.bulk import Letter
from app.invitations.service.invitations import NewInvitation, Refusal
from app.invitations.views._blueprint import bp
from app.kernel import clock
from app.ports import ports
from app.sign_in.web import current_session as door
from app.sign_in.web import reauthentication
from app.sign_in.web.forms import ReauthenticationForm
from app.web import paging

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


@bp.get("/people/invitations")
@requires(Action.SEE_PEOPLE, of=own_scope)
def show_open_invitations() -> ResponseReturnValue:
    """Show the invitations that wait, a page at a time."""
    form = WaitingForm(request.args)
    right = form.validate()
    which = Waits(form.which.data) if right and form.which.data else None
    page = paging.asked(invitations_invitations.count_waiting(actor(), which), invitations_invitations.PAGE_SIZE)
    found = invitations_invitations.waiting(actor(), which, offset=page.offset, size=page.size)
    values = {"which": which} if which else {}
    return render_template(
        "invitations/waiting.html",
        form=form,
        count=page.count,
        expired=invitations_invitations.count_waiting(actor(), Waits.EXPIRED),
        most=invitations.AT_ONCE,
        invitations=[invitation_line(line) for line in found],
        **page.links("invitations.show_open_invitations", **values),
    ), 200 if right else 422


@bp.post("/people/invitations/renewal")
@requires(Action.INVITE, of=own_scope)
def renew_expired() -> ResponseReturnValue:
    """Send a new link to whom neither link nor letter opens anything any more."""
    with transaction():
        count = invitations.renew_expired(actor(), clock.real_now())
    flash(ngettext("%(num)s new link is on its way.", "%(num)s new links are on their way.", count))
    return redirect(url_for("invitations.show_open_invitations"))


@bp.get("/people/invite")
@requires(Action.INVITE, of=own_scope)
def invite_form() -> ResponseReturnValue:
    """Show the form of an invitation."""
    return _form(InviteForm(language=current()))


@bp.post("/people/invite")
@requires(Action.INVITE, of=own_scope)
def invite() -> ResponseReturnValue:
    """Invite somebody."""
    form = InviteForm(request.form)
    services = _offer(form)
    if not form.validate() or not form.fits():
        return _form(form), 422
    role, country = Role(form.role.data), services[form.agency.data]
    if not invitations_invitations.may_invite(actor().roles, actor().country, role, country):
        led = role is Role.CONTACT_POINT and role in gives(actor().roles)
        form.role.errors = [_("Coordinators invite the contact points of this country.") if led else str(CHOOSE_ROLE)]
        return _form(form), 422
    proof = ReauthenticationForm(request.form)
    if role in GUARDED and (refused := reauthentication.require_password(proof, lambda: (_form(form, proof), 422))):
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
    return redirect(url_for("invitations.show_invitation", invitation_id=made))


@bp.get("/people/invitations/<uuid:invitation_id>")
@requires(Action.SEE_INVITATION, of=invitations_invitations.invitation)
def show_invitation(invitation_id: UUID) -> ResponseReturnValue:
    """Show an invitation; the look at a name stands in the trail first."""
    line: InvitationLine = thing()
    if line.name or line.mail:
        with transaction():
            record(InvitationSeen(invitation_id=line.id, country=line.country))
    return render_template("invitations/invitation.html", it=invitation_line(line))


@bp.post("/people/invitations/<uuid:invitation_id>/letter")
@requires(Action.SEE_INVITATION, of=invitations_invitations.invitation)
def print_letter(invitation_id: UUID) -> ResponseReturnValue:
    """Make a letter with a code, which is shown this once: whoever holds it opens the account."""
    it: InvitationLine = thing()
    if it.role in GUARDED and (refused := _prove(_("Make the letter"), it)):
        return refused
    with transaction():
        code = invitations.print_letter(invitation_id, clock.real_now())
    if code is None:
        return _is_over(invitation_id)
    line = invitations_invitations.invitation(actor(), invitation_id)
    ends_at = line.term.letter_ends_at or clock.real_now()
    letter = letters.words(Letter(line.name, line.mail, line.language, ends_at, code))
    return render_template("invitations/letter.html", it=invitation_line(line), letter=letter)


@bp.post("/people/invitations/<uuid:invitation_id>/renewal")
@requires(Action.SEE_INVITATION, of=invitations_invitations.invitation)
def renew(invitation_id: UUID) -> ResponseReturnValue:
    """Send a new link."""
    with transaction():
        done = invitations.renew(invitation_id, clock.real_now())
    if not done:
        return _is_over(invitation_id)
    flash(_("A new link is on its way. The old one opens nothing any more."))
    return redirect(url_for("invitations.show_invitation", invitation_id=invitation_id))


@bp.post("/people/invitations/<uuid:invitation_id>/withdrawal")
@requires(Action.SEE_INVITATION, of=invitations_invitations.invitation)
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    with transaction():
        done = invitations.withdraw(invitation_id, clock.real_now())
    if not done:
        return _is_over(invitation_id)
    flash(_("The invitation is withdrawn. Its link and its letter open nothing any more."))
    return redirect(url_for("invitations.show_invitation", invitation_id=invitation_id))


def _prove(done: str, it: InvitationLine) -> ResponseReturnValue | None:
    """Ask for the password before what a single button does; None where it was given."""
    here = it.alias, url_for("invitations.show_invitation", invitation_id=it.id)
    return reauthentication.ask_password(done, it.alias, [(_("People"), url_for("directory.show_people")), here])


def _is_over(invitation_id: UUID) -> ResponseReturnValue:
    flash(_("This invitation is over."), "warning")
    return redirect(url_for("invitations.show_invitation", invitation_id=invitation_id))


def posting_choices(code: str) -> list[tuple[str, str]]:
    """Return the roles of the framework with their titles in a language; a room above knows them."""
    return list(ports().posting_titles(code))


def _form(form: InviteForm, proof: ReauthenticationForm | None = None) -> str:
    _offer(form)
    offered = gives(actor().roles)
    return render_template(
        "invitations/invite.html",
        form=form,
        officers=Role.PRACTITIONER in offered,
        proof=proof or ReauthenticationForm(),
        proving=not GUARDED.isdisjoint(offered) and not door.recently_authenticated(),
    )


def _offer(form: InviteForm) -> dict[str, str]:
    """Set what the one who asks may choose; return the country of each service."""
    anywhere = bool(actor().roles & set(ANYWHERE))
    services = people.agencies() if anywhere else people.agencies(actor().country)
    named = labels.agency_choices(services, with_country=anywhere)
    roles = [(role, str(ROLES[role])) for role in gives(actor().roles)]
    form.offer(named, roles, posting_choices(current()), [(code, language(code).name) for code in INTERFACE])
    return {str(one): code for one, code, _name in services}


def _invite(form: InviteForm, role: Role, country: str) -> UUID | Refusal:
    with transaction():
        return invitations.invite(_new(form, role, country), current_user.id, clock.real_now())


def _new(form: InviteForm, role: Role, country: str) -> NewInvitation:
    """Return the invitation that a checked form asks for; the alias begins with the role's English title."""
    chosen = set(form.posting.data or ()) if role is Role.PRACTITIONER else set()
    postings = [(value, title) for value, title in posting_choices("en") if value in chosen]
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
