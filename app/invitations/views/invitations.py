"""Views of `/people/invite` and `/people/invitations`: send, list, renew, withdraw, print a letter."""

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext as _, lazy_gettext, ngettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app.access.guard import actor, requires
from app.access.labels import ROLES
from app.access.people_rules import acts_beyond_country
from app.access.policy import Action, Role, own_scope
from app.db.session import record, transaction
from app.i18n.languages import INTERFACE, current, language
from app.identity import labels
from app.identity.domain.roles import GUARDED
from app.identity.queries import people
from app.invitations.domain.invitations import OpenInvitationFilter, invitable_roles
from app.invitations.events import InvitationSeen
from app.invitations.forms import CHOOSE_ROLE, InviteForm, WaitingForm
from app.invitations.labels import invitation_line
from app.invitations.pages.invitations import InvitationPage, InvitePage, LetterPage, OpenInvitationsPage
from app.invitations.queries.invitations import PAGE_SIZE, count_waiting, invitation, may_invite, open_invitations
from app.invitations.service import invitations
from app.invitations.service.bulk import InvitationLetter
from app.invitations.service.invitations import InvitationRefusal, NewInvitation
from app.invitations.service.letter_texts import letter_texts
from app.invitations.shapes import InvitationLine
from app.invitations.views._blueprint import bp
from app.kernel import clock
from app.ports import ports
from app.sign_in.forms.authentication import ReauthenticationForm
from app.sign_in.views import current_session as door, reauthentication
from app.web import paging
from app.web.pages import render

REFUSALS = {
    InvitationRefusal.HAS_ACCOUNT: lazy_gettext("A person of your country already has an account with this address."),
    InvitationRefusal.INVITED: lazy_gettext("This address is invited already. Send that invitation again instead."),
    InvitationRefusal.ELSEWHERE: lazy_gettext(
        "This address cannot be invited. The contact points concerned have been notified."
    ),
    InvitationRefusal.MANY: lazy_gettext("Too many addresses today could not be invited. Go on tomorrow."),
    InvitationRefusal.NUMBER: lazy_gettext("This service number cannot be used. Leave it out, or check it."),
    InvitationRefusal.NUMBER_ELSEWHERE: lazy_gettext(
        "This service number cannot be used. The contact points concerned have been notified."
    ),
}
OF_NUMBERS = frozenset({InvitationRefusal.NUMBER, InvitationRefusal.NUMBER_ELSEWHERE})


@bp.get("/people/invitations")
@requires(Action.SEE_PEOPLE, of=own_scope)
def show_open_invitations() -> ResponseReturnValue:
    """Show a page of the list of open invitations."""
    form = WaitingForm(request.args)
    is_valid = form.validate()
    which = OpenInvitationFilter(form.which.data) if is_valid and form.which.data else None
    page = paging.requested_page(count_waiting(actor(), which), PAGE_SIZE)
    links = page.links("invitations.show_open_invitations", **({"which": which} if which else {}))
    lines = open_invitations(actor(), which, offset=page.offset, size=page.size)
    view_model = OpenInvitationsPage(
        form=form,
        expired=count_waiting(actor(), OpenInvitationFilter.EXPIRED),
        most=invitations.AT_ONCE,
        invitations=[invitation_line(line) for line in lines],
        pages=links["pages"],
        onward=links["onward"],
    )
    return render(view_model), 200 if is_valid else 422


@bp.post("/people/invitations/renewal")
@requires(Action.INVITE, of=own_scope)
def renew_expired() -> ResponseReturnValue:
    """Send new links for expired invitations."""
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
    """Invite a person."""
    form, proof = InviteForm(request.form), ReauthenticationForm(request.form)
    countries = _offer(form)
    if not (form.validate() and form.fits() and _may_invite(form, countries)):
        return _form(form), 422
    role, country = Role(form.role.data), countries[form.agency.data]
    if (response := _refuse_unproved(form, proof, role)) is not None:
        return response
    result = _invite(_new(form, role, country))
    if isinstance(result, InvitationRefusal):
        field = form.service_number if result in OF_NUMBERS else form.mail
        field.errors = [str(REFUSALS[result])]
        return _form(form), 422
    flash(_("Invited. The link is on its way."))
    return redirect(url_for("invitations.show_invitation", invitation_id=result))


@bp.get("/people/invitations/<uuid:invitation_id>")
@requires(Action.SEE_INVITATION, load=invitation)
def show_invitation(line: InvitationLine, invitation_id: UUID) -> ResponseReturnValue:
    """Show an invitation; a view of the name is recorded first."""
    if line.name or line.mail:
        with transaction():
            record(InvitationSeen(invitation_id=invitation_id, country=line.country))
    return render(InvitationPage(invitation=invitation_line(line)))


@bp.post("/people/invitations/<uuid:invitation_id>/letter")
@requires(Action.SEE_INVITATION, load=invitation)
def print_letter(line: InvitationLine, invitation_id: UUID) -> ResponseReturnValue:
    """Create a letter with a code, shown this once: with the mail address it opens the account."""
    if line.role in GUARDED and (response := _ask_password(_("Make the letter"), line)):
        return response
    with transaction():
        code = invitations.print_letter(invitation_id, clock.real_now())
    if code is None:
        return _is_over(invitation_id)
    current_line = invitation(actor(), invitation_id)
    ends_at = current_line.term.letter_ends_at or clock.real_now()
    letter = InvitationLetter(current_line.name, current_line.mail, current_line.language, ends_at, code)
    return render(LetterPage(invitation=invitation_line(current_line), letter=letter_texts(letter)))


@bp.post("/people/invitations/<uuid:invitation_id>/renewal")
@requires(Action.SEE_INVITATION, of=invitation)
def renew(invitation_id: UUID) -> ResponseReturnValue:
    """Send a new link."""
    with transaction():
        done = invitations.renew(invitation_id, clock.real_now())
    if not done:
        return _is_over(invitation_id)
    flash(_("A new link is on its way. The old one no longer works."))
    return redirect(url_for("invitations.show_invitation", invitation_id=invitation_id))


@bp.post("/people/invitations/<uuid:invitation_id>/withdrawal")
@requires(Action.SEE_INVITATION, of=invitation)
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Withdraw an invitation."""
    with transaction():
        done = invitations.withdraw(invitation_id, clock.real_now())
    if not done:
        return _is_over(invitation_id)
    flash(_("The invitation is withdrawn. Its link and its letter no longer work."))
    return redirect(url_for("invitations.show_invitation", invitation_id=invitation_id))


def _ask_password(done: str, line: InvitationLine) -> ResponseReturnValue | None:
    """Return the page that asks for the password before an action, or None if it was entered."""
    path = [
        (_("People"), url_for("directory.show_people")),
        (line.alias, url_for("invitations.show_invitation", invitation_id=line.id)),
    ]
    return reauthentication.ask_password(done, line.alias, path)


def _is_over(invitation_id: UUID) -> ResponseReturnValue:
    flash(_("This invitation is closed."), "warning")
    return redirect(url_for("invitations.show_invitation", invitation_id=invitation_id))


def _form(form: InviteForm, proof: ReauthenticationForm | None = None) -> str:
    _offer(form)
    roles = invitable_roles(actor().roles)
    page = InvitePage(
        form=form,
        has_posting=Role.PRACTITIONER in roles,
        proof=proof or ReauthenticationForm(),
        asks_password=not GUARDED.isdisjoint(roles) and not door.recently_authenticated(),
    )
    return render(page)


def _offer(form: InviteForm) -> dict[str, str]:
    """Set the choices of the user; return the country of each agency."""
    is_everywhere = acts_beyond_country(actor())
    agencies = people.agencies() if is_everywhere else people.agencies(actor().country)
    choices = labels.agency_choices(agencies, with_country=is_everywhere)
    roles = [(role, str(ROLES[role])) for role in invitable_roles(actor().roles)]
    form.offer(choices, roles, ports().posting_titles(current()), [(code, language(code).name) for code in INTERFACE])
    return {str(agency_id): country for agency_id, country, _name in agencies}


def _refuse_unproved(form: InviteForm, proof: ReauthenticationForm, role: Role) -> ResponseReturnValue | None:
    """Return the form with an error if the role needs reauthentication and the password is not correct, or None."""
    if role not in GUARDED:
        return None
    return reauthentication.require_password(proof, lambda: (_form(form, proof), 422))


def _may_invite(form: InviteForm, countries: Mapping[str, str]) -> bool:
    """Return whether the user may invite to the role in the country; add the error otherwise."""
    role = Role(form.role.data)
    if may_invite(actor().roles, actor().country, role, countries[form.agency.data]):
        return True
    is_led = role is Role.CONTACT_POINT and role in invitable_roles(actor().roles)
    form.role.errors = [_("Coordinators invite the contact points of this country.") if is_led else str(CHOOSE_ROLE)]
    return False


def _invite(new: NewInvitation) -> UUID | InvitationRefusal:
    """Invite a person; return the existing invitation if the form was submitted twice."""
    try:
        result = _invite_once(new)
    except IntegrityError:  # an import invited the same address at the same moment: the second attempt sees it
        result = _invite_once(new)
    if result is InvitationRefusal.INVITED:
        return invitations.sent_before(new, current_user.id, clock.real_now()) or result
    return result


def _invite_once(new: NewInvitation) -> UUID | InvitationRefusal:
    with transaction():
        return invitations.invite(new, current_user.id, clock.real_now())


def _new(form: InviteForm, role: Role, country: str) -> NewInvitation:
    """Return the invitation of a checked form; the alias begins with the English title of the role."""
    postings = _postings(form) if role is Role.PRACTITIONER else []
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


def _postings(form: InviteForm) -> list[tuple[str, str]]:
    """Return the chosen roles in the agency with their English titles."""
    chosen = set(form.posting.data or ())
    return [(value, title) for value, title in ports().posting_titles("en") if value in chosen]
