"""Who is signed in: from the cookie's secret to a person, for Flask-Login; opening and ending that in a browser."""

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
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import LoginManager, current_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from app.access.policy import Actor, Role
from app.db import blind_index
from app.db.session import db, transaction
from app.identity.queries import people
from app.identity.queries import roles as identity_roles
from app.kernel import clock, context
from app.sign_in.domain import REAUTHENTICATION_LIFETIME, BrowserInfo, Ceremony, browser_families, network
from app.sign_in.forms import SAVED_PREFIX, SignInForm, saved_fields, saved_form
from app.sign_in.queries import factors
from app.sign_in.queries import sessions as session_queries
from app.sign_in.queries.factors import PendingSession
from app.sign_in.queries.sessions import ActiveSession
from app.sign_in.service import passkeys, passwords, second_factor, sessions
from app.sign_in.service.second_factor import OpenSession
from app.sign_in.service.sessions import RateLimited, SessionOpened, WrongCredentials
from app.sign_in.web.forms import CodeForm
from app.web import csrf
from app.web.redirects import own_path
from app.web.request_state import request_state
from app.web.settings import settings
from config import Mode

COOKIE_DAYS = 31  # the cookie may outlive the session: it then only keeps the token and the language
TOUCHES_PER_LIFETIME = 6
TIME_LEFT = "sign_in.time_left"
BROWSER_ID_BYTES = 16


class User:
    """The person of this request, as Flask-Login wants to meet one."""

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
    """Teach Flask-Login our sessions."""
    manager = LoginManager(app)
    manager.session_protection = None  # our sessions live in a table; there is nothing to protect in the cookie
    manager.request_loader(load_user)
    manager.unauthorized_handler(ask_to_sign_in)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=COOKIE_DAYS)
    app.before_request(_set_actor)


def load_user(_request: Request) -> User | None:
    """Return the user of the cookie's live session."""
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
    """Return the language of whoever is signed in, from the very request that opened the session; "" of others."""
    reader = load_user(request) if request_state().opened else current_user
    return str(reader.signed.language) if reader and reader.is_authenticated else ""


def pending_session() -> PendingSession | None:
    """Return this browser's session between the two steps, if there is one."""
    hashed = pending_hash()
    return factors.pending_session(hashed, clock.real_now()) if hashed else None


def pending_hash() -> str:
    """Return the hash of the secret of half a session, over or not, that this browser holds; "" for none."""
    secret = session.get("half")
    return sessions.hash_secret(secret) if isinstance(secret, str) else ""


def browser_info() -> BrowserInfo:
    """Return where this request comes from, with a mark that the browser keeps once a session opens."""
    browser, system = browser_families(request.user_agent.string[:500])
    mark = session.get("mark")
    state = request_state()
    state.mark = mark if isinstance(mark, str) else secrets.token_urlsafe(BROWSER_ID_BYTES)
    return BrowserInfo(browser, system, state.mark)


def relying_party() -> passkeys.RelyingParty:
    """Return what passkeys are bound to here."""
    url = urlsplit(settings().site_url)
    return passkeys.RelyingParty(url.hostname or "", f"{url.scheme}://{url.netloc}", settings().mail.name)


def challenge_response(asked: passkeys.PasskeyChallenge) -> Response:
    """Answer with what a browser is asked to sign, and keep in the cookie by what it is found again."""
    session["challenge"] = asked.ticket
    response = make_response(asked.options)
    response.mimetype = "application/json"
    return response


def take_challenge() -> str:
    """Return the ticket of the challenge that this browser got, once; "" when it got none."""
    ticket = session.pop("challenge", None)
    return ticket if isinstance(ticket, str) else ""


def lacks_passkey(person_id: UUID, roles: frozenset[Role] | None = None) -> bool:
    """Say whether this is an administrator of a live site without a passkey: the role rests until there is one."""
    return _needs_passkey(person_id, roles) and not factors.has_passkey(person_id)


def warn_without_passkey(person_id: UUID) -> bool:
    """Tell an administrator who lacks a passkey that the role rests, on the next page; say whether it does."""
    lacks = lacks_passkey(person_id)
    if lacks:
        need = _("Administrators need a passkey: until you have one, your role as administrator rests.")
        way = _("Add it in your settings, under Signing in.")  # apart: no sentence within another is gathered
        flash(f"{need} {way}", "warning")
    return lacks


def requires_passkey(person_id: UUID) -> bool:
    """Say whether no other factor is taken: of an administrator of a live site who has a passkey."""
    return _needs_passkey(person_id) and factors.has_passkey(person_id)


def _needs_passkey(person_id: UUID, roles: frozenset[Role] | None = None) -> bool:
    if settings().mode is not Mode.LIVE:
        return False
    return Role.ADMINISTRATOR in (identity_roles.roles_of(person_id, clock.today()) if roles is None else roles)


def reauthenticate(password: str, code: str | None = None) -> RateLimited | WrongCredentials | None:
    """Take the password of whoever is signed in once more, and a code where there is one, within the limits."""
    signed, address, now = current_user.signed, network(request.remote_addr or ""), clock.real_now()
    if (late := second_factor.password_rate_limit(signed.person_id, address, now)) is not None:
        return late
    right = passwords.matches(people.get(signed.person_id).password_hash, password)
    held = requires_passkey(signed.person_id)
    with transaction():
        found = second_factor.reauthenticate(
            open_session(), right=right, code=code, by_passkey=held, address=address, real_now=now
        )
    if found is None:
        abort(session_ended())
    if isinstance(found, SessionOpened):
        session["sid"] = found.secret
        return None
    return found


def reauthenticate_by_passkey(answer: str) -> RateLimited | WrongCredentials | None:
    """Take a passkey of whoever is signed in: it verified its user, and so proves all that the account asks for."""
    person_id, now = current_user.signed.person_id, clock.real_now()
    with transaction():
        if not second_factor.lock_open_session(open_session(), now):
            abort(session_ended())
        if (late := second_factor.code_rate_limit(person_id, now)) is not None:
            return late
        if passkeys.authenticate(person_id, Ceremony.AGAIN, take_challenge(), answer, relying_party(), now) is None:
            second_factor.record_failed_code(person_id, now)
            return WrongCredentials()
        found = second_factor.record_reauthentication(open_session(), fully=True, real_now=now)
    session["sid"] = found.secret
    return None


def time_left(signed: ActiveSession) -> tuple[int, int]:
    """Return in how many seconds the session ends when nothing is asked for, and in how many in any case."""
    now = clock.real_now()
    idle, left = signed.seen_at + timedelta(seconds=signed.idle_seconds), signed.ends_at
    return max(0, int((idle - now).total_seconds())), max(0, int((left - now).total_seconds()))


def open_session() -> OpenSession:
    """Return the session of this request, by the secret of its cookie."""
    signed = current_user.signed
    return OpenSession(signed.person_id, signed.session_id, sessions.hash_secret(session["sid"]))


def recently_authenticated() -> bool:
    """Say whether whoever is signed in gave the password lately."""
    return _reauthentication()[0]


def recently_fully_authenticated() -> bool:
    """Say whether whoever is signed in lately proved themself with all that the account asks for."""
    return _reauthentication()[1]


def _reauthentication() -> tuple[bool, bool]:
    signed, now = current_user.signed, clock.real_now()
    if signed.former:  # whoever brings the secret of before has not shown that they gave the proof
        return False, False
    password, whole = factors.proved_at(signed.session_id)
    return now - password < REAUTHENTICATION_LIFETIME, whole is not None and now - whole < REAUTHENTICATION_LIFETIME


def store_pending_session(secret: str, *, shared: bool) -> None:
    """Put the secret of half a session into the cookie, beside where a whole one's would be."""
    _clear()
    session["half"] = secret
    session.permanent = not shared
    request_state().opened = True
    refresh()
    csrf.renew()


def store_session(secret: str, person_id: UUID, *, shared: bool) -> None:
    """Put a new session's secret into the cookie; on a shared computer it ends with the browser."""
    mark = request_state().mark or session.get("mark")
    session.clear()  # the language, too: from here on the account's own counts
    session["sid"] = secret
    session["who"] = "" if shared else _reader_keys(person_id)[0]
    if mark and not shared:
        session["mark"] = mark
    session.permanent = not shared
    request_state().opened = True
    refresh()
    csrf.renew()


def clear_session(response: Response, *, shared: bool) -> Response:
    """Forget the session in the browser; on a shared computer everything that was stored, too."""
    _clear()
    kinds = '"cache", "storage"' if shared else '"cache"'
    response.headers["Clear-Site-Data"] = kinds
    return response


def finish_sign_in(person_id: UUID, secret: str, *, shared: bool) -> ResponseReturnValue:
    """Open a whole session in this browser and go where its reader wanted to be.

    A form that came after the end is sent again by whose it is alone: another one would send it under their name.
    They may not have filled it, either, but whoever found the page open: what takes a password takes it once more.
    """
    store_session(secret, person_id, shared=shared)
    warn_without_passkey(person_id)
    if (kept := saved_form(request, _reader_keys(person_id))) is not None:
        to, fields = kept
        with transaction():
            sessions.expire_reauthentication(secret, clock.real_now())
        return render_template("sign_in/send_again.html", to=own_path(to, "/"), fields=fields)
    return redirect(own_path(request.form.get("next"), "/"))


def ask_second_factor(form: CodeForm, status: int) -> ResponseReturnValue:
    """Show the page of the second step, or send on whom it is not for."""
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
    """Return what a reader's forms carry from step to step: where they wanted to be, and a form that is kept."""
    onward = request.values.get("next")
    kept = [
        (n, v) for n, v in request.form.items(multi=True) if n in {"kept_to", "kept_by"} or n.startswith(SAVED_PREFIX)
    ]
    return [*([("next", onward)] if onward else []), *kept]


def session_ended() -> Response:
    """Answer whoever was signed in when the request began, and is no more: as if their session had ended before."""
    logout_user()
    return ask_to_sign_in()


def ask_to_sign_in() -> Response:
    """Send a reader to the sign-in page; keep what a form had sent, so that whose it is can send it again.

    Nothing is kept on a shared computer, or where nobody was signed in: whoever comes next would find it.
    """
    if request.is_json:
        return make_response({"error": "signed-out"}, 401)
    if request.method == "GET":
        here = request.full_path.rstrip("?")
        return make_response(redirect(url_for("sign_in.sign_in", next=here if here != "/" else None)))
    if request.method != "POST":
        abort(401)
    kept = saved_fields(request, session.get("who", ""))
    if not kept:
        flash(_("You were signed out. Sign in again."), "warning")
    shown = render_template("sign_in/sign_in.html", form=SignInForm(), wait=0, carried=kept)
    return make_response(shown, 401)


def _clear() -> None:
    """Empty the cookie but for the language, the browser's mark, and who was signed in last: a form may be theirs."""
    kept = {name: session[name] for name in ("lang", "mark", "who") if name in session}
    session.clear()
    session.update(kept)


def _reader_keys(person_id: UUID) -> list[str]:
    """Return by what it is known whose a kept form is, one for each key, the newest first: it leads to nobody."""
    return blind_index.indexes("reader", str(person_id))


def _set_actor() -> None:
    """Say who acts, and keep a used session from idling out."""
    context.actor_id.set(None)
    if request.blueprint == "assets" or "sid" not in session:
        return
    if not current_user.is_authenticated:
        return
    context.actor_id.set(current_user.id)
    signed: ActiveSession = current_user.signed
    real_now = clock.real_now()
    unused = (real_now - signed.seen_at).total_seconds()
    counts = unused > signed.idle_seconds / TOUCHES_PER_LIFETIME and not _asks_time_left()
    if counts and _try_write(lambda: sessions.touch(signed.session_id, real_now)):
        current_user.signed = replace(signed, seen_at=real_now)
    if signed.arrived:
        _try_write(lambda: sessions.confirm_secret(signed.session_id))


def _asks_time_left() -> bool:
    """Say whether the page's script asks how long the session lasts: by itself, so that it shows no use of it."""
    return request.endpoint == TIME_LEFT and "stay" not in request.args


def _try_write(work: Callable[[], None]) -> bool:
    try:
        with transaction():
            work()
    except SQLAlchemyError:
        # reading never needs a write: a full disk, a busy or a read-only database must not close the page
        db.session.rollback()
        return False
    return True
