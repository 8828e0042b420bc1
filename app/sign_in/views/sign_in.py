"""`/sign-in` with a password, `/sign-out`, `/sign-in/language`, and the remaining time (`/settings/session`)."""

from typing import assert_never

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.i18n.languages import INTERFACE
from app.identity import service
from app.kernel import clock
from app.sign_in.domain import network
from app.sign_in.forms.authentication import CodeForm
from app.sign_in.forms.sign_in import LanguageForm, SignInForm
from app.sign_in.queries import sessions as session_queries
from app.sign_in.service import passwords, sessions
from app.sign_in.service.sessions import (
    RateLimited,
    SecondFactorRequired,
    SessionOpened,
    SignInResult,
    WrongCredentials,
)
from app.sign_in.views import current_session
from app.sign_in.views._blueprint import bp
from app.web.errors import page
from app.web.http.redirects import own_path


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    if current_user.is_authenticated:
        return redirect(own_path(request.args.get("next"), "/"))
    if session.pop("sid", None) is not None:  # the session has ended: say so once
        flash(_("You were signed out. Sign in again."), "warning")
    elif request.args.get("out"):
        flash(_("You are signed out."))
    return _form(SignInForm(), 200)


@bp.post("/sign-in")
def send_sign_in() -> ResponseReturnValue:
    """Check the password and open a session."""
    form = SignInForm(request.form)
    if not form.validate():
        return _form(form, 422)
    address, shared = network(request.remote_addr or ""), bool(form.shared.data)
    result = _try_password(form.name.data or "", form.password.data or "", address, shared=shared)
    return _after_password(form, result, shared=shared)


def _after_password(form: SignInForm, result: SignInResult, *, shared: bool) -> ResponseReturnValue:
    match result:
        case SessionOpened(person_id, secret):
            return current_session.finish_sign_in(person_id, secret, shared=shared)
        case SecondFactorRequired(_person_id, secret):
            current_session.store_pending_session(secret, shared=shared)
            return _second_factor()
        case RateLimited(seconds):
            return page(429, seconds=seconds)
        case WrongCredentials():
            return _wrong_credentials(form)
        case _:
            assert_never(result)


def _wrong_credentials(form: SignInForm) -> Response:
    form.form_errors.append(
        _("The name or the password is not right. Check both and try again. After several attempts, wait five minutes.")
    )
    return _form(form, 422)


def _try_password(name: str, password: str, address: str, *, shared: bool) -> SignInResult:
    """Check a password within the rate limits; the slow check runs outside the transaction."""
    credentials, browser = session_queries.credentials_by_name(name), current_session.browser_info()
    person_id, stored = credentials or (None, None)
    browser_id = sessions.known_browser_id(person_id, browser.browser_id)
    counted = sessions.rate_limit_key(person_id if browser_id else None, name)
    if (late := sessions.check_rate_limit(counted, address, clock.real_now(), browser_id=browser_id)) is not None:
        return late
    right = passwords.matches(stored, password)
    with transaction():
        return sessions.sign_in(
            None if person_id is None else (person_id, right),
            name=name,
            address=address,
            shared=shared,
            real_now=clock.real_now(),
            browser=browser,
            against=stored,
        )


@bp.post("/sign-out")
@requires(Action.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End this session, here and on the server."""
    signed = current_user.signed
    with transaction():
        sessions.sign_out(signed.session_id, signed.person_id)
    response = make_response(redirect(url_for("sign_in.sign_in", out=1)))
    return current_session.clear_session(response, shared=signed.shared_computer)


@bp.post("/sign-in/language")
def choose_language() -> ResponseReturnValue:
    """Switch the language of the pages: for the account when signed in, else for this browser."""
    form = LanguageForm(request.form)
    if not form.validate() or form.to.data not in INTERFACE:
        return page(422)
    session["lang"] = form.to.data
    if current_user.is_authenticated:
        with transaction():
            service.change_settings(current_user.id, {"language": form.to.data})
    return redirect(own_path(request.form.get("next"), "/"))


@bp.get("/settings/session")
@requires(Action.SIGN_OUT)
def time_left() -> ResponseReturnValue:
    """Return the remaining time of the session to the script of the page; with `stay` the request counts as a use."""
    idle, left = current_session.time_left(current_user.signed)
    return {"idle": idle, "left": left}


def _form(form: SignInForm, status: int) -> Response:
    return make_response(
        render_template("sign_in/sign_in.html", form=form, wait=0, carried=current_session.carried_fields()), status
    )


def _second_factor() -> ResponseReturnValue:
    carried = current_session.carried_fields()
    if any(name == "kept_to" for name, _value in carried):  # a saved form does not fit in an address
        return current_session.ask_second_factor(CodeForm(), 200)
    return redirect(url_for("sign_in.show_second_factor", next=dict(carried).get("next")))
