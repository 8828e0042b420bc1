"""Sign in with a password, sign out, choose a language."""

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
from app.sign_in.forms import LanguageForm, SignInForm
from app.sign_in.queries import sessions as sign_in_sessions
from app.sign_in.service import passwords
from app.sign_in.service import sessions as sign_in_service_sessions
from app.sign_in.service.sessions import RateLimited, SecondFactorRequired, SessionOpened
from app.sign_in.views._blueprint import bp
from app.sign_in.web import current_session as door
from app.sign_in.web.forms import CodeForm
from app.web.errors import page
from app.web.redirects import own_path

# a later page offers languages of courses beyond those of the interface
CONTENT = INTERFACE


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    if current_user.is_authenticated:
        return redirect(own_path(request.args.get("next"), "/"))
    if session.pop("sid", None) is not None:  # it opens nothing any more: said once, whyever
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
    name, address, shared = form.name.data or "", network(request.remote_addr or ""), bool(form.shared.data)
    found, browser = sign_in_sessions.credentials_by_name(name), door.browser_info()
    person_id = found[0] if found else None
    browser_id = sign_in_service_sessions.known_browser_id(person_id, browser.browser_id)
    counted = sign_in_service_sessions.rate_limit_key(person_id if browser_id else None, name)
    if (
        late := sign_in_service_sessions.check_rate_limit(counted, address, clock.real_now(), browser_id=browser_id)
    ) is not None:
        return page(429, seconds=late.seconds)
    right = passwords.matches(found[1] if found else None, form.password.data or "")
    known = (found[0], right) if found else None
    with transaction():
        answer = sign_in_service_sessions.sign_in(
            known,
            name=name,
            address=address,
            shared=shared,
            real_now=clock.real_now(),
            browser=browser,
            against=found[1] if found else None,
        )
    match answer:
        case SessionOpened(person_id, secret):
            return door.finish_sign_in(person_id, secret, shared=shared)
        case SecondFactorRequired(_person_id, secret):
            door.store_pending_session(secret, shared=shared)
            return _second_step()
        case RateLimited(seconds):
            return page(429, seconds=seconds)
    form.form_errors.append(
        _("The name or the password is not right. Check both, then try again: after several tries, in five minutes.")
    )
    return _form(form, 422)


@bp.post("/sign-out")
@requires(Action.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End this session, here and on the server."""
    signed = current_user.signed
    with transaction():
        sign_in_service_sessions.sign_out(signed.session_id, signed.person_id)
    response = make_response(redirect(url_for("sign_in.sign_in", out=1)))
    return door.clear_session(response, shared=signed.shared_computer)


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
    """Tell the page's script how long the session lasts; asked with `stay`, this is a use of it like any other."""
    idle, left = door.time_left(current_user.signed)
    return {"idle": idle, "left": left}


def _form(form: SignInForm, status: int) -> Response:
    return make_response(
        render_template("sign_in/sign_in.html", form=form, wait=0, carried=door.carried_fields()), status
    )


def _second_step() -> ResponseReturnValue:
    carried = door.carried_fields()
    if any(name == "kept_to" for name, _value in carried):  # a form cannot travel in an address
        return door.ask_second_factor(CodeForm(), 200)
    return redirect(url_for("sign_in.show_second_factor", next=dict(carried).get("next")))
