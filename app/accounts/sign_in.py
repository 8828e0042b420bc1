"""Who is signed in: from the cookie's secret to a person, for Flask-Login; opening and ending that in a browser."""

from datetime import timedelta
from uuid import UUID

from flask import (
    Flask,
    Request,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import LoginManager, current_user
from sqlalchemy.exc import SQLAlchemyError

from app.access.policy import Actor
from app.accounts import queries, service
from app.accounts.forms import SignInForm, kept_fields
from app.accounts.queries import SignedIn
from app.db.session import db, transaction
from app.kernel import clock, context
from app.web import csrf

COOKIE_DAYS = 31  # the cookie may outlive the session: it then only keeps the token and the language
TOUCHES_A_LIFE = 6


class User:
    """The person of this request, as Flask-Login wants to meet one."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, signed: SignedIn) -> None:
        self.signed = signed
        self.id: UUID = signed.person_id
        self.actor = Actor(signed.person_id, signed.country, signed.roles)

    def get_id(self) -> str:
        """Return the id as text."""
        return str(self.id)


def init_app(app: Flask) -> None:
    """Teach Flask-Login our sessions."""
    manager = LoginManager(app)
    manager.session_protection = None  # our sessions live in a table; there is nothing to protect in the cookie
    manager.request_loader(load)
    manager.unauthorized_handler(ask_to_sign_in)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=COOKIE_DAYS)
    app.before_request(_act)


def load(_request: Request) -> User | None:
    """Return the user of the cookie's live session."""
    secret = session.get("sid")
    if not isinstance(secret, str) or g.get("bare"):
        return None
    signed = queries.signed_in(service.hash_secret(secret), real_now=clock.real_now(), today=clock.today())
    return User(signed) if signed else None


def open_in_browser(secret: str, *, shared: bool) -> None:
    """Put a new session's secret into the cookie; on a shared computer it ends with the browser."""
    session.clear()  # the language, too: from here on the account's own counts
    session["sid"] = secret
    session.permanent = not shared
    csrf.renew()


def close_in_browser(response: Response, *, shared: bool) -> Response:
    """Forget the session in the browser; on a shared computer everything that was stored, too."""
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language
    kinds = '"cache", "storage"' if shared else '"cache"'
    response.headers["Clear-Site-Data"] = kinds
    return response


def ask_to_sign_in() -> Response:
    """Send a reader to the sign-in page; keep what a form had sent, so that it can be sent again."""
    if request.is_json:
        return make_response({"error": "signed-out"}, 401)
    if request.method == "GET":
        here = request.full_path.rstrip("?")
        return make_response(redirect(url_for("accounts.sign_in", next=here if here != "/" else None)))
    if request.method != "POST":
        abort(401)
    page = render_template("accounts/sign_in.html", form=SignInForm(), next=None, wait=0, kept=kept_fields(request))
    return make_response(page, 401)


def _act() -> None:
    """Say who acts, and keep a used session from idling out."""
    context.actor_id.set(None)
    if request.blueprint == "assets" or "sid" not in session:
        return
    if not current_user.is_authenticated:
        return
    context.actor_id.set(current_user.id)
    signed: SignedIn = current_user.signed
    real_now = clock.real_now()
    if (real_now - signed.seen_at).total_seconds() > signed.idle_seconds / TOUCHES_A_LIFE:
        _touch(signed.session_id)


def _touch(session_id: int) -> None:
    try:
        with transaction():
            service.touch(session_id, clock.real_now())
    except SQLAlchemyError:
        # reading never needs a write: a full disk, a busy or a read-only database must not close the page
        db.session.rollback()
