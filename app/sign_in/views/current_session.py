"""Load `current_user` from the secret in the cookie; store, clear and reauthenticate the session of a browser."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask import (
    Flask,
    Request,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, refresh
from flask_login import LoginManager, current_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from app.access.policy import Actor, Role
from app.db import blind_index
from app.db.session import db, transaction
from app.identity.queries import people, roles as identity_roles
from app.kernel import clock, context
from app.sign_in.domain import REAUTHENTICATION_LIFETIME, BrowserInfo, Ceremony, browser_families, network
from app.sign_in.forms.authentication import CodeForm
from app.sign_in.forms.sign_in import SAVED_PREFIX, SignInForm, saved_fields, saved_form
from app.sign_in.queries import factors, sessions as session_queries
from app.sign_in.queries.factors import PendingSession
from app.sign_in.queries.sessions import ActiveSession
from app.sign_in.service import passkeys, passwords, second_factor, sessions
from app.sign_in.service.second_factor import OpenSession
from app.sign_in.service.sessions import RateLimited, SessionOpened, WrongCredentials
from app.web.http import csrf
from app.web.http.redirects import own_path
from app.web.request_state import request_state
from app.web.settings import settings
from config import Mode

COOKIE_DAYS = 31  # the cookie may outlive the session: it then has only the token and the language
TOUCHES_PER_LIFETIME = 6
TIME_LEFT = "sign_in.time_left"
BROWSER_ID_BYTES = 16


class User:
    """The user of this request, for Flask-Login."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, signed: ActiveSession) -> None:
        self.signed = signed
        self.id: UUID = signed.person_id
        self.actor = Actor(signed.person_id, signed.country, signed.roles)
        self.exports_rest = signed.incident_at is not None

    def get_id(self) -> str:
        """Return the id as text."""
        return str(self.id)


def init_app(app: Flask) -> None:
    """Connect Flask-Login with the sessions of the database."""
    manager = LoginManager(app)
    manager.session_protection = None  # our sessions live in a table; there is nothing to protect in the cookie
    manager.request_loader(load_user)
    manager.unauthorized_handler(ask_to_sign_in)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=COOKIE_DAYS)
    app.before_request(_set_actor)


def load_user(_request: Request) -> User | None:
    """Return the user of the active session in the cookie."""
    secret = session.get("sid")
    if not isinstance(secret, str) or request_state().bare:
        return None
    signed = session_queries.active_session(
        sessions.hash_secret(secret), real_now=clock.real_now(), today=clock.today()
    )
    if signed and lacks_passkey(signed.person_id, signed.roles):
        signed = replace(signed, roles=signed.roles - {Role.ADMINISTRATOR})
    return User(signed) if signed else None


def language() -> str:
    """Return the language of the current user, also in the request that opened the session; "" for visitors."""
    reader = load_user(request) if request_state().opened else current_user
    return str(reader.signed.language) if reader and reader.is_authenticated else ""


def pending_session() -> PendingSession | None:
    """Return the pending session of this browser, or None."""
    hashed = pending_hash()
    return factors.pending_session(hashed, clock.real_now()) if hashed else None


def pending_hash() -> str:
    """Return the hash of the pending secret in the cookie, ended or not; "" for none."""
    secret = session.get("half")
    return sessions.hash_secret(secret) if isinstance(secret, str) else ""


def browser_info() -> BrowserInfo:
    """Return the browser of this request with its id, which the cookie stores when a session opens."""
    browser, system = browser_families(request.user_agent.string[:500])
    browser_id = session.get("mark")
    state = request_state()
    state.browser_id = browser_id if isinstance(browser_id, str) else secrets.token_urlsafe(BROWSER_ID_BYTES)
    return BrowserInfo(browser, system, state.browser_id)


def relying_party() -> passkeys.RelyingParty:
    """Return the site that passkeys are bound to."""
    url = urlsplit(settings().site_url)
    return passkeys.RelyingParty(url.hostname or "", f"{url.scheme}://{url.netloc}", settings().mail.name)


def challenge_response(asked: passkeys.PasskeyChallenge) -> Response:
    """Respond with the options of a challenge, and store its ticket in the cookie."""
    session["challenge"] = asked.ticket
    response = make_response(asked.options)
    response.mimetype = "application/json"
    return response


def take_challenge() -> str:
    """Return the ticket of the challenge from the cookie and remove it; "" for none."""
    ticket = session.pop("challenge", None)
    return ticket if isinstance(ticket, str) else ""


def lacks_passkey(person_id: UUID, roles: frozenset[Role] | None = None) -> bool:
    """Return whether this is an administrator of a live site without a passkey: the role is inactive until then."""
    return _needs_passkey(person_id, roles) and not factors.has_passkey(person_id)


def warn_without_passkey(person_id: UUID) -> bool:
    """Warn an administrator without a passkey that the role is inactive; return whether it is."""
    lacks = lacks_passkey(person_id)
    if lacks:
        need = _("Administrators need a passkey. Your administrator role is inactive until you add one.")
        way = _("Add it in your settings, under Signing in.")  # apart: no sentence within another is gathered
        flash(f"{need} {way}", "warning")
    return lacks


def requires_passkey(person_id: UUID) -> bool:
    """Return whether only a passkey is accepted: for an administrator of a live site who has one."""
    return _needs_passkey(person_id) and factors.has_passkey(person_id)


def _needs_passkey(person_id: UUID, roles: frozenset[Role] | None = None) -> bool:
    if settings().mode is not Mode.LIVE:
        return False
    return Role.ADMINISTRATOR in (identity_roles.roles_of(person_id, clock.today()) if roles is None else roles)


def reauthenticate(password: str, code: str | None = None) -> RateLimited | WrongCredentials | None:
    """Reauthenticate the current user by password, and by code if given, within the rate limits."""
    signed, address, now = current_user.signed, network(request.remote_addr or ""), clock.real_now()
    if (late := second_factor.password_rate_limit(signed.person_id, address, now)) is not None:
        return late
    right = passwords.matches(people.get(signed.person_id).password_hash, password)
    by_passkey = requires_passkey(signed.person_id)
    with transaction():
        result = second_factor.reauthenticate(
            open_session(), right=right, code=code, by_passkey=by_passkey, address=address, real_now=now
        )
    if result is None:
        abort(session_ended())
    if isinstance(result, SessionOpened):
        session["sid"] = result.secret
        return None
    return result


def reauthenticate_by_passkey(answer: str) -> RateLimited | WrongCredentials | None:
    """Reauthenticate the current user by a passkey that verified its user: a full authentication."""
    person_id, now = current_user.signed.person_id, clock.real_now()
    with transaction():
        if not second_factor.lock_open_session(open_session(), now):
            abort(session_ended())
        if (late := second_factor.code_rate_limit(person_id, now)) is not None:
            return late
        if passkeys.authenticate(person_id, Ceremony.AGAIN, take_challenge(), answer, relying_party(), now) is None:
            second_factor.record_failed_code(person_id, now)
            return WrongCredentials()
        opened = second_factor.record_reauthentication(open_session(), fully=True, real_now=now)
    session["sid"] = opened.secret
    return None


def time_left(signed: ActiveSession) -> tuple[int, int]:
    """Return the seconds until the session idles out, and until it ends in any case."""
    now = clock.real_now()
    idle, left = signed.seen_at + timedelta(seconds=signed.idle_seconds), signed.ends_at
    return max(0, int((idle - now).total_seconds())), max(0, int((left - now).total_seconds()))


def open_session() -> OpenSession:
    """Return the session of this request, with the hash of its secret."""
    signed = current_user.signed
    return OpenSession(signed.person_id, signed.session_id, sessions.hash_secret(session["sid"]))


def session_digest() -> str:
    """Return a digest that identifies the session of this request, also after reauthentication."""
    signed = current_user.signed
    return sessions.hash_secret(f"{signed.session_id} {signed.ends_at.isoformat()}")


def desk_digest() -> str:
    """Return a digest of the browser, the same for all who sign in there one after another; only sittings ask it.

    The random id is stored in the cookie, which ends with the browser on a shared computer.
    """
    desk = session.get("desk")
    if not isinstance(desk, str):
        desk = session["desk"] = secrets.token_urlsafe(BROWSER_ID_BYTES)
    return sessions.hash_secret(desk)


def recently_authenticated() -> bool:
    """Return whether the current user has authenticated recently."""
    return _reauthentication()[0]


def recently_fully_authenticated() -> bool:
    """Return whether the current user has recently authenticated with all factors of the account."""
    return _reauthentication()[1]


def _reauthentication() -> tuple[bool, bool]:
    signed, now = current_user.signed, clock.real_now()
    if signed.former:  # the former secret does not show that its browser authenticated
        return False, False
    password, whole = factors.proved_at(signed.session_id)
    return now - password < REAUTHENTICATION_LIFETIME, whole is not None and now - whole < REAUTHENTICATION_LIFETIME


def store_pending_session(secret: str, *, shared: bool) -> None:
    """Store the pending secret in the cookie, under its own key."""
    _clear()
    session["half"] = secret
    session.permanent = not shared
    request_state().opened = True
    refresh()
    csrf.renew()


def store_session(secret: str, person_id: UUID, *, shared: bool) -> None:
    """Store the secret of a new session in the cookie; on a shared computer the cookie ends with the browser."""
    browser_id, desk = request_state().browser_id or session.get("mark"), session.get("desk")
    session.clear()  # the language, too: from now on that of the account counts
    session["sid"] = secret
    session["who"] = "" if shared else _reader_keys(person_id)[0]
    if browser_id and not shared:
        session["mark"] = browser_id
    if desk:
        session["desk"] = desk
    session.permanent = not shared
    request_state().opened = True
    refresh()
    csrf.renew()


def clear_session(response: Response, *, shared: bool) -> Response:
    """Clear the session in the browser; on a shared computer also all stored data."""
    _clear()
    kinds = '"cache", "storage"' if shared else '"cache"'
    response.headers["Clear-Site-Data"] = kinds
    return response


def finish_sign_in(person_id: UUID, secret: str, *, shared: bool) -> ResponseReturnValue:
    """Store a new session in this browser and redirect to the requested page.

    A form that arrived after the end of a session is offered again to its own user only. Another person may have filled
    in the form on an open page: the new session counts as not authenticated for actions that take a password.
    """
    store_session(secret, person_id, shared=shared)
    warn_without_passkey(person_id)
    if (saved := saved_form(request, _reader_keys(person_id))) is not None:
        to, fields = saved
        with transaction():
            sessions.expire_reauthentication(secret, clock.real_now())
        return render_template("sign_in/send_again.html", to=own_path(to, "/"), fields=fields)
    return redirect(own_path(request.form.get("next"), "/"))


def ask_second_factor(form: CodeForm, status: int) -> ResponseReturnValue:
    """Show the page of the second factor, or redirect a user who does not need it."""
    if current_user.is_authenticated:
        return redirect("/")
    between = pending_session()
    if between is None:
        return ask_to_sign_in()
    has = factors.factors(between.person_id)
    if factors.may_choose_factors(between, has, clock.real_now()):
        return redirect(url_for("sign_in.show_factor_choice", next=request.values.get("next")))
    void = between.void and not has.recovery
    shown = render_template("sign_in/second_step.html", form=form, has=has, void=void, carried=carried_fields())
    return make_response(shown, status)


def carried_fields() -> list[tuple[str, str]]:
    """Return the hidden fields of the sign-in pages: the requested page, and a saved form."""
    onward = request.values.get("next")
    saved = [
        (n, v) for n, v in request.form.items(multi=True) if n in {"kept_to", "kept_by"} or n.startswith(SAVED_PREFIX)
    ]
    return [*([("next", onward)] if onward else []), *saved]


def session_ended() -> Response:
    """Respond to a request whose session ended meanwhile, as if it had ended before."""
    logout_user()
    return ask_to_sign_in()


def ask_to_sign_in() -> Response:
    """Redirect to the sign-in page, or show it with the fields of a submitted form, so that its user can send it again.

    No form is saved on a shared computer, or if no user was signed in: the next user of the browser would find it.
    """
    if request.is_json:
        return make_response({"error": "signed-out"}, 401)
    if request.method == "GET":
        path = request.full_path.rstrip("?")
        return make_response(redirect(url_for("sign_in.sign_in", next=path if path != "/" else None)))
    if request.method != "POST":
        abort(401)
    saved = saved_fields(request, session.get("who", ""))
    if not saved:
        flash(_("You were signed out. Sign in again."), "warning")
    shown = render_template("sign_in/sign_in.html", form=SignInForm(), wait=0, carried=saved)
    return make_response(shown, 401)


def _clear() -> None:
    """Clear the cookie except the language, the browser ids, and the key of the last user, who may own a saved form."""
    saved = {name: session[name] for name in ("lang", "mark", "who", "desk") if name in session}
    session.clear()
    session.update(saved)


def _reader_keys(person_id: UUID) -> list[str]:
    """Return the blind indexes that identify the owner of a saved form, one for each key, the newest first."""
    return blind_index.indexes("reader", str(person_id))


def _set_actor() -> None:
    context.actor_id.set(None)
    if request.blueprint == "assets" or "sid" not in session:
        return
    if not current_user.is_authenticated:
        return
    context.actor_id.set(current_user.id)
    _record_use(current_user.signed)


def _record_use(signed: ActiveSession) -> None:
    real_now = clock.real_now()
    unused = (real_now - signed.seen_at).total_seconds()
    counts = unused > signed.idle_seconds / TOUCHES_PER_LIFETIME and not _asks_time_left()
    if counts and _try_write(lambda: sessions.touch(signed.session_id, real_now)):
        current_user.signed = replace(signed, seen_at=real_now)
    if signed.arrived:
        _try_write(lambda: sessions.confirm_secret(signed.session_id))


def _asks_time_left() -> bool:
    """Return whether the script of the page asks for the remaining time, which is no use of the session."""
    return request.endpoint == TIME_LEFT and "stay" not in request.args


def _try_write(work: Callable[[], None]) -> bool:
    try:
        with transaction():
            work()
    except SQLAlchemyError:
        # reading needs no write: a full disk, a busy or a read-only database must not break the page
        db.session.rollback()
        return False
    return True
