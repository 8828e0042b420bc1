"""Views of `/invitation` for invited people, by link or code of a letter. A GET request changes nothing."""

import secrets
from datetime import datetime
from typing import assert_never
from uuid import UUID

from flask import flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext, refresh
from flask_login import current_user

from app.db.session import transaction
from app.i18n.languages import INTERFACE
from app.invitations.domain.invitations import browser_hash
from app.invitations.forms import LetterCodeForm
from app.invitations.labels import ALIAS_REFUSALS
from app.invitations.pages.acceptance import (
    ClosedInvitationPage,
    LetterCodePage,
    NamePage,
    PasswordPage,
    guest_page,
    start_page,
)
from app.invitations.queries.invitations import Guest, guest as invitation_guest
from app.invitations.service import acceptance, invitations, letter_codes
from app.invitations.service.acceptance import AcceptanceRefusal
from app.invitations.views._blueprint import bp
from app.kernel import clock
from app.sign_in.domain import network
from app.sign_in.forms.authentication import OwnPasswordForm
from app.sign_in.forms.names import OwnNameForm
from app.sign_in.service import passwords, sessions
from app.sign_in.service.sessions import RateLimited, SecondFactorRequired, SessionOpened, WrongCredentials
from app.sign_in.views import current_session as door
from app.web.errors import page
from app.web.pages import render

BROWSER = "guest"  # in the session: the secret of the browser in which the password was chosen
BROWSER_BYTES = 24
BY_CODE = "invitation"  # in the session: identifies the letter whose code was entered
REFUSALS = {
    AcceptanceRefusal.UNFILLED: lazy_gettext("First choose a password."),
    AcceptanceRefusal.ADDRESS: lazy_gettext("Your mail address already has an account. Sign in with it."),
    AcceptanceRefusal.NUMBER: lazy_gettext(
        "Another account now has your service number. Ask your contact point about it."
    ),
    AcceptanceRefusal.ALIAS: lazy_gettext("This alias has been taken. Choose another."),
}
NEXT_STEPS = {AcceptanceRefusal.UNFILLED: "invitations.ask_password", AcceptanceRefusal.ALIAS: "invitations.ask_name"}


@bp.get("/invitation")
def ask_letter_code() -> ResponseReturnValue:
    """Show the form for the code of a letter."""
    return render(LetterCodePage(form=LetterCodeForm()))


@bp.post("/invitation")
def take_letter_code() -> ResponseReturnValue:
    """Check the code of a letter and redirect to its invitation."""
    form = LetterCodeForm(request.form)
    if not form.validate():
        return render(LetterCodePage(form=form)), 422
    result = _take_code(form)
    match result:
        case RateLimited(seconds):
            return page(429, seconds=seconds)
        case WrongCredentials():
            form.form_errors.append(_("The address and the code do not match, or the letter has expired."))
            return render(LetterCodePage(form=form)), 422
        case str():
            return _open_by_code(result)
        case _:
            assert_never(result)


@bp.get("/invitation/<string:token>")
def show_invitation_link(token: str) -> ResponseReturnValue:
    """Ask the person who opened the link whether the invitation is for them."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    if "lang" not in session and not current_user.is_authenticated and guest.language in INTERFACE:
        session["lang"] = guest.language  # only in this browser: the invited person may choose another language
        refresh()
    return render(guest_page(guest))


@bp.post("/invitation/<string:token>/renewal")
def ask_anew(token: str) -> ResponseReturnValue:
    """Mail a new link for an expired invitation; the response is the same for every token."""
    with transaction():
        invitations.renew_by_token(token, clock.real_now())
    return render(ClosedInvitationPage(token=token, is_requested=True))


@bp.get("/invitation/<string:token>/name")
def ask_name(token: str) -> ResponseReturnValue:
    """Ask for the name on certificates and the alias."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    form = OwnNameForm(name=guest.name, latin_name=guest.latin_name, alias=guest.alias)
    return render(NamePage(token=token, form=form))


@bp.post("/invitation/<string:token>/name")
def keep_name(token: str) -> ResponseReturnValue:
    """Save the name and the alias."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    form = OwnNameForm(request.form)
    if not form.validate():
        return render(NamePage(token=token, form=form)), 422
    name, latin_name, alias = form.name.data or "", form.latin_name.data or "", form.alias.data or ""
    with transaction():
        refusal = acceptance.save_name(guest.id, name=name, latin_name=latin_name, alias=alias)
    if refusal is None:
        return redirect(url_for("invitations.ask_password", token=token))
    form.alias.errors = [str(ALIAS_REFUSALS[refusal])]
    return render(NamePage(token=token, form=form)), 422


@bp.get("/invitation/<string:token>/password")
def ask_password(token: str) -> ResponseReturnValue:
    """Ask for the first password."""
    if _guest(token) is None:
        return _closed(token)
    _browser()  # set before the form: two submits at once then carry the same secret
    return render(PasswordPage(token=token, form=OwnPasswordForm()))


@bp.post("/invitation/<string:token>/password")
def keep_password(token: str) -> ResponseReturnValue:
    """Save the hash of the first password."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    form = OwnPasswordForm(request.form)
    if not form.validate():
        return render(PasswordPage(token=token, form=form)), 422
    hashed = passwords.make_hash(form.new.data or "")
    with transaction():
        acceptance.save_password(guest.id, hashed, browser=_browser())
    return redirect(url_for("invitations.ask_start", token=token))


@bp.get("/invitation/<string:token>/start")
def ask_start(token: str) -> ResponseReturnValue:
    """Show who sees what, before the account is created."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    if not (guest.has_password and _is_browser_of(guest)):
        return redirect(url_for("invitations.ask_password", token=token))
    return render(start_page(guest))


@bp.post("/invitation/<string:token>/start")
def accept(token: str) -> ResponseReturnValue:
    """Create the account and sign in, or continue with the second factor."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    now = clock.real_now()
    with transaction():
        result = acceptance.accept(guest.id, clock.now(), now, browser=_browser())
    if isinstance(result, AcceptanceRefusal):
        return _refuse(token, result)
    session.pop(BY_CODE, None)
    return _sign_in(result, guest.mail, now)


def _take_code(form: LetterCodeForm) -> str | WrongCredentials | RateLimited:
    mail, code, address = form.mail.data or "", form.code.data or "", network(request.remote_addr or "")
    with transaction():
        return letter_codes.redeem_code(mail, code, address=address, real_now=clock.real_now())


def _sign_in(person_id: UUID, mail: str, now: datetime) -> ResponseReturnValue:
    with transaction():
        result = sessions.sign_in(
            (person_id, True),
            name=mail,
            address=network(request.remote_addr or ""),
            shared=False,
            real_now=now,
            browser=door.browser_info(),
        )
    match result:
        case SessionOpened(_, secret):
            return door.finish_sign_in(person_id, secret, shared=False)
        case SecondFactorRequired(_, secret):
            door.store_pending_session(secret, shared=False)
            return redirect(url_for("sign_in.show_second_factor"))
        case WrongCredentials() | RateLimited():
            return redirect(url_for("sign_in.sign_in"))
        case _:
            assert_never(result)


def _refuse(token: str, refusal: AcceptanceRefusal) -> ResponseReturnValue:
    """Report why the account was not created and redirect to the step that can change it."""
    if refusal is AcceptanceRefusal.OVER:
        return redirect(url_for("invitations.show_invitation_link", token=token))
    flash(str(REFUSALS[refusal]), "error")
    return redirect(url_for(NEXT_STEPS.get(refusal, "invitations.show_invitation_link"), token=token))


def _open_by_code(token: str) -> ResponseReturnValue:
    guest = invitation_guest(token)
    session[BY_CODE] = guest.letter if guest else ""
    return redirect(url_for("invitations.show_invitation_link", token=token))


def _guest(token: str) -> Guest | None:
    """Return the invitation that this link opens, or the code of a letter entered in this browser, or None."""
    guest = invitation_guest(token)
    if guest is None:
        return None
    by_code = session.get(BY_CODE) == guest.letter
    return guest if guest.term.opens(clock.real_now(), by_code=by_code) else None


def _browser() -> str:
    """Return the secret of this browser; create it on the first call."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(BROWSER_BYTES)
    return str(session[BROWSER])


def _is_browser_of(guest: Guest) -> bool:
    """Return whether the password of an invitation was chosen in this browser."""
    return guest.browser == browser_hash(guest.id, _browser())


def _closed(token: str) -> ResponseReturnValue:
    """Return the same page for an expired, used, withdrawn or unknown link.

    In the browser where the password was chosen, a repeated submit of the last step leads to the sign-in page.
    """
    guest = invitation_guest(token) if BROWSER in session else None
    if guest is not None and guest.term.accepted_at is not None and _is_browser_of(guest):
        flash(_("Your account is ready. Sign in with your mail address and your password."))
        return redirect(url_for("sign_in.sign_in"))
    return make_response(render(ClosedInvitationPage(token=token, is_requested=False)), 410)
