"""Pages for who cannot sign in, and for the links of mails. Opening a link changes nothing: mail scanners open them."""

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from app.db.session import transaction
from app.i18n.languages import INTERFACE
from app.identity.domain.contact import masked
from app.kernel import clock
from app.recovery import queries
from app.recovery.domain import Side
from app.recovery.forms import HelpForm
from app.recovery.service import address_change, password_reset
from app.recovery.service.address_change import Confirmed
from app.recovery.views._blueprint import bp
from app.sign_in.domain import network
from app.sign_in.service import passwords
from app.sign_in.service.sessions import hash_secret
from app.sign_in.web.forms import OwnPasswordForm
from app.web.errors import page


@bp.get("/sign-in/help")
def show_help() -> ResponseReturnValue:
    """Show the ways back in."""
    return render_template("recovery/help.html", form=HelpForm(), sent="sent" in request.args)


@bp.post("/sign-in/help")
def request_link() -> ResponseReturnValue:
    """Let a link to a new password be mailed; say the same whoever was named (security S6)."""
    form = HelpForm(request.form)
    if not form.validate():
        return render_template("recovery/help.html", form=form, sent=False), 422
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
    _speak(language)
    return _password(token, OwnPasswordForm(), 200)


@bp.post("/sign-in/help/<string:token>")
def set_password(token: str) -> ResponseReturnValue:
    """Set the new password. Signing in follows as always, with the second step."""
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
    """Ask whether the mail address is to change."""
    found = queries.change_by(hash_secret(token), clock.real_now())
    if found is None:
        return _closed()
    _speak(found.language)
    old = found.side is Side.OLD
    other_waits = not (found.new_confirmed if old else found.old_confirmed)
    done = found.old_confirmed if old else found.new_confirmed
    return render_template(
        "recovery/address.html", token=token, mail=masked(found.mail), old=old, done=done, other_waits=other_waits
    )


@bp.post("/sign-in/address/<string:token>")
def confirm_address_link(token: str) -> ResponseReturnValue:
    """Confirm the change from one of the two mailboxes; with the second it comes about."""
    with transaction():
        became = address_change.confirm(token, clock.real_now())
    match became:
        case None:
            return _closed()
        case Confirmed.WAITS:
            return redirect(url_for("recovery.address_link", token=token))
        case Confirmed.TAKEN:
            flash(_("This address cannot be yours now. Ask your national contact point."), "warning")
        case Confirmed.DONE:
            flash(_("Your mail address is changed. Sign in with the new one."))
    return redirect(url_for("sign_in.sign_in"))


def _speak(language: str) -> None:
    """Read a page in the language of the mail, unless another one was chosen; in the browser's cookie alone."""
    if "lang" not in session and not current_user.is_authenticated and language in INTERFACE:
        session["lang"] = language
        refresh()


def _password(token: str, form: OwnPasswordForm, status: int) -> Response:
    return make_response(render_template("recovery/new_password.html", token=token, form=form), status)


def _closed() -> Response:
    """Answer the same for a link that has ended, was used, or never was."""
    return make_response(render_template("recovery/link_closed.html"), 410)
