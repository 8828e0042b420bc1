"""Pages for who is invited: by the link of a mail, or by the code of a letter. Opening a link changes nothing."""

import secrets

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, refresh
from flask_login import current_user

from app.db.session import transaction
from app.i18n.languages import INTERFACE
from app.identity.domain.contact import masked
from app.invitations.domain.invitations import browser_hash
from app.invitations.forms import ALIASES, LetterCodeForm, OwnNameForm
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.queries.invitations import Guest
from app.invitations.service import invitations, letter_codes
from app.invitations.service.invitations import Unaccepted
from app.invitations.views._blueprint import bp
from app.kernel import clock
from app.sign_in.domain import network
from app.sign_in.queries import factors
from app.sign_in.service import passwords, sessions
from app.sign_in.service.sessions import RateLimited, SecondFactorRequired, SessionOpened, WrongCredentials
from app.sign_in.web import current_session as door
from app.sign_in.web.forms import OwnPasswordForm
from app.web.errors import page

BROWSER = "guest"  # in the cookie: the secret of this browser, which alone finishes what it began
BROWSER_BYTES = 24
BY_CODE = "invitation"  # in the cookie: which letter's code was typed in this browser
WHY = {
    Unaccepted.UNFILLED: lazy_gettext("First choose a password."),
    Unaccepted.ADDRESS: lazy_gettext("Your mail address already has an account. Sign in with it."),
    Unaccepted.NUMBER: lazy_gettext("Another account now has your service number. Ask your contact point about it."),
    Unaccepted.ALIAS: lazy_gettext("This alias has been taken. Choose another."),
}
LEADS = {Unaccepted.UNFILLED: "invitations.ask_password", Unaccepted.ALIAS: "invitations.ask_name"}


@bp.get("/invitation")
def ask_letter_code() -> ResponseReturnValue:
    """Ask for the code of a letter."""
    return render_template("invitations/invited_code.html", form=LetterCodeForm())


@bp.post("/invitation")
def take_letter_code() -> ResponseReturnValue:
    """Take the code of a letter with the mail address to which it belongs."""
    form = LetterCodeForm(request.form)
    if not form.validate():
        return render_template("invitations/invited_code.html", form=form), 422
    address, now = network(request.remote_addr or ""), clock.real_now()
    with transaction():
        answer = letter_codes.take_code(form.mail.data or "", form.code.data or "", address=address, real_now=now)
    match answer:
        case RateLimited(seconds):
            return page(429, seconds=seconds)
        case WrongCredentials():
            form.form_errors.append(_("The address and the code do not fit, or the letter is no longer good."))
            return render_template("invitations/invited_code.html", form=form), 422
    found = invitations_invitations.guest(answer)
    session[BY_CODE] = found.letter if found else ""
    return redirect(url_for("invitations.show_invitation_link", token=answer))


@bp.get("/invitation/<string:token>")
def show_invitation_link(token: str) -> ResponseReturnValue:
    """Ask who opened the link whether it is for them."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    if "lang" not in session and not current_user.is_authenticated and guest.language in INTERFACE:
        session["lang"] = guest.language  # the browser's cookie alone: the invited person may choose another one
        refresh()
    return render_template("invitations/invited.html", guest=guest, mail=masked(guest.mail))


@bp.post("/invitation/<string:token>/renewal")
def ask_anew(token: str) -> ResponseReturnValue:
    """Mail a new link to the address of an invitation whose link has expired; say the same whatever the link was."""
    with transaction():
        invitations.ask_anew(token, clock.real_now())
    return render_template("invitations/invited_closed.html", token=token, asked=True)


@bp.get("/invitation/<string:token>/name")
def ask_name(token: str) -> ResponseReturnValue:
    """Ask for the name on certificates and the alias."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    form = OwnNameForm(name=guest.name, latin_name=guest.latin_name, alias=guest.alias)
    return render_template("invitations/invited_name.html", token=token, form=form)


@bp.post("/invitation/<string:token>/name")
def keep_name(token: str) -> ResponseReturnValue:
    """Keep the name and the alias."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    form = OwnNameForm(request.form)
    if not form.validate():
        return render_template("invitations/invited_name.html", token=token, form=form), 422
    name, latin_name, alias = form.name.data or "", form.latin_name.data or "", form.alias.data or ""
    with transaction():
        refused = invitations.keep_name(guest.id, name=name, latin_name=latin_name, alias=alias)
    if refused is None:
        return redirect(url_for("invitations.ask_password", token=token))
    form.alias.errors = [str(ALIASES[refused])]
    return render_template("invitations/invited_name.html", token=token, form=form), 422


@bp.get("/invitation/<string:token>/password")
def ask_password(token: str) -> ResponseReturnValue:
    """Ask for the first password."""
    if _guest(token) is None:
        return _closed(token)
    _browser()  # before two presses: both carry the same secret then
    return render_template("invitations/invited_password.html", token=token, form=OwnPasswordForm())


@bp.post("/invitation/<string:token>/password")
def keep_password(token: str) -> ResponseReturnValue:
    """Keep the first password, as its hash."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    form = OwnPasswordForm(request.form)
    if not form.validate():
        return render_template("invitations/invited_password.html", token=token, form=form), 422
    hashed = passwords.make_hash(form.new.data or "")
    with transaction():
        invitations.keep_password(guest.id, hashed, browser=_browser())
    return redirect(url_for("invitations.ask_start", token=token))


@bp.get("/invitation/<string:token>/start")
def ask_start(token: str) -> ResponseReturnValue:
    """Say who sees what, before the account is made."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    if not (guest.has_password and _is_browser_of(guest)):
        return redirect(url_for("invitations.ask_password", token=token))
    more = factors.factor_is_required_of_invited(guest.role, guest.country)
    return render_template("invitations/invited_start.html", token=token, alias=guest.alias, more=more)


@bp.post("/invitation/<string:token>/start")
def accept(token: str) -> ResponseReturnValue:
    """Make the account and go on to the second step, or in."""
    guest = _guest(token)
    if guest is None:
        return _closed(token)
    now = clock.real_now()
    with transaction():
        person_id = invitations.accept(guest.id, clock.now(), now, browser=_browser())
    if isinstance(person_id, Unaccepted):
        return _unaccepted(token, person_id)
    session.pop(BY_CODE, None)
    with transaction():
        answer = sessions.sign_in(
            (person_id, True),
            name=guest.mail,
            address=network(request.remote_addr or ""),
            shared=False,
            real_now=now,
            browser=door.browser_info(),
        )
    match answer:
        case SessionOpened(_, secret):
            return door.finish_sign_in(person_id, secret, shared=False)
        case SecondFactorRequired(_, secret):
            door.store_pending_session(secret, shared=False)
            return redirect(url_for("sign_in.show_second_factor"))
    return redirect(url_for("sign_in.sign_in"))


def _unaccepted(token: str, why: Unaccepted) -> ResponseReturnValue:
    """Say why the account was not made, and lead to where that can be mended."""
    if why is Unaccepted.OVER:
        return redirect(url_for("invitations.show_invitation_link", token=token))
    flash(str(WHY[why]), "error")
    return redirect(url_for(LEADS.get(why, "invitations.show_invitation_link"), token=token))


def _guest(token: str) -> Guest | None:
    """Return the invitation that opens now, by this link or by the letter's code typed in this browser."""
    found = invitations_invitations.guest(token)
    if found is None:
        return None
    by_code = session.get(BY_CODE) == found.letter
    return found if found.term.opens(clock.real_now(), by_code=by_code) else None


def _browser() -> str:
    """Return the secret of this browser, which it gets at first."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(BROWSER_BYTES)
    return str(session[BROWSER])


def _is_browser_of(guest: Guest) -> bool:
    """Return whether the password of an invitation was chosen in this browser."""
    return guest.browser == browser_hash(guest.id, _browser())


def _closed(token: str) -> ResponseReturnValue:
    """Answer the same for a link that has expired, was used or withdrawn, or never was.

    In the browser where the password was chosen the last press may come again: its answer was lost, or it was double.
    """
    found = invitations_invitations.guest(token) if BROWSER in session else None
    if found is not None and found.term.accepted_at is not None and _is_browser_of(found):
        flash(_("Your account is made. Sign in with your mail address and the password that you chose."))
        return redirect(url_for("sign_in.sign_in"))
    return make_response(render_template("invitations/invited_closed.html", token=token, asked=False), 410)
