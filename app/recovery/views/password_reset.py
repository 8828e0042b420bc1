"""Views of `/sign-in/help` and `/sign-in/address`. A GET changes nothing, since mail scanners open links."""

from typing import assert_never

from flask import Response, flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, refresh
from flask_login import current_user

from app.db.session import transaction
from app.i18n.languages import INTERFACE
from app.kernel import clock
from app.recovery import queries
from app.recovery.forms import HelpForm
from app.recovery.pages.links import ClosedLinkPage, LinkRequestPage, NewPasswordPage, address_link_page
from app.recovery.service import address_change, password_reset
from app.recovery.service.address_change import Confirmed
from app.recovery.views._blueprint import bp
from app.sign_in.domain import network
from app.sign_in.forms.authentication import OwnPasswordForm
from app.sign_in.service import passwords
from app.sign_in.service.sessions import hash_secret
from app.web.errors import page
from app.web.pages import render


@bp.get("/sign-in/help")
def show_help() -> ResponseReturnValue:
    """Show the help for people who cannot sign in."""
    return render(LinkRequestPage(form=HelpForm(), sent="sent" in request.args))


@bp.post("/sign-in/help")
def request_link() -> ResponseReturnValue:
    """Request a mail with a password link; the response is the same whether the name exists or not."""
    form = HelpForm(request.form)
    if not form.validate():
        return render(LinkRequestPage(form=form, sent=False)), 422
    address = network(request.remote_addr or "")
    with transaction():
        late = password_reset.ask(form.name.data or "", address=address, real_now=clock.real_now())
    if late is not None:
        return page(429, seconds=late.seconds)
    return redirect(url_for("recovery.show_help", sent=1))


@bp.get("/sign-in/help/<string:token>")
def ask_password(token: str) -> ResponseReturnValue:
    """Ask for a new password."""
    language = queries.reader_of(hash_secret(token), clock.real_now())
    if language is None:
        return _closed()
    _use_language(language)
    return _password(token, OwnPasswordForm(), 200)


@bp.post("/sign-in/help/<string:token>")
def set_password(token: str) -> ResponseReturnValue:
    """Set the new password. The person then signs in as usual, with the second factor."""
    if queries.reader_of(hash_secret(token), clock.real_now()) is None:
        return _closed()
    form = OwnPasswordForm(request.form)
    if not form.validate():
        return _password(token, form, 422)
    hashed = passwords.make_hash(form.new.data or "")
    with transaction():
        done = password_reset.use_link(token, hashed, clock.real_now())
    if not done:
        return _closed()
    flash(_("Your password is changed. Sign in with it."))
    return redirect(url_for("sign_in.sign_in"))


@bp.get("/sign-in/address/<string:token>")
def address_link(token: str) -> ResponseReturnValue:
    """Show a change of the mail address, to be confirmed."""
    change = queries.change_by(hash_secret(token), clock.real_now())
    if change is None:
        return _closed()
    _use_language(change.language)
    return render(address_link_page(token, change))


@bp.post("/sign-in/address/<string:token>")
def confirm_address_link(token: str) -> ResponseReturnValue:
    """Confirm the change from one of the two mailboxes; the second confirmation changes the address."""
    with transaction():
        result = address_change.confirm(token, clock.real_now())
    match result:
        case None:
            return _closed()
        case Confirmed.WAITS:
            return redirect(url_for("recovery.address_link", token=token))
        case Confirmed.TAKEN:
            flash(_("This address cannot be yours now. Ask your national contact point."), "warning")
        case Confirmed.DONE:
            flash(_("Your mail address is changed. Sign in with the new one."))
        case _:
            assert_never(result)
    return redirect(url_for("sign_in.sign_in"))


def _use_language(language: str) -> None:
    """Set the language of the mail in the cookie of the browser, unless the user has chosen another one."""
    if "lang" not in session and not current_user.is_authenticated and language in INTERFACE:
        session["lang"] = language
        refresh()


def _password(token: str, form: OwnPasswordForm, status: int) -> Response:
    return make_response(render(NewPasswordPage(token=token, form=form)), status)


def _closed() -> Response:
    """Return the same response for links that have expired, were used, or never existed."""
    return make_response(render(ClosedLinkPage()), 410)
