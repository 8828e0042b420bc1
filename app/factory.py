"""Put the rooms together; the only module that knows all of them."""

import logging
import secrets
from pathlib import Path

from flask import Flask, request, session, url_for
from flask_login import current_user
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from app import addresses, cli, navigation, ports
from app.access.public import refuse_bare
from app.accounts import (
    access_views,
    countries,
    country_views,
    duties,
    extra_time_views,
    factors,
    invitation_views,
    keeping,
    people_views,
    proposal_views,
    recovery_views,
    second_step,
    sign_in,
    supervision_views,
)
from app.accounts import person_views as person
from app.accounts import views as accounts
from app.accounts import who_sees_what as rights
from app.catalogue import views as catalogue
from app.competence import manage as officers
from app.competence import roster, supervising
from app.competence.pages.officers import posting_roles
from app.db import blind_index
from app.db.base import EncryptedText
from app.db.keyring import KeyRing
from app.db.session import db, prepare, subscribe, watch_for_stray_flushes
from app.home import country_views as country
from app.home import manage as officer
from app.home import views as home
from app.i18n import babel
from app.i18n.languages import INTERFACE
from app.intake import taking_along
from app.intake import views as intake
from app.kernel import context
from app.learning import sittings
from app.learning import views as learning
from app.operations import incident_views, welcome_views
from app.operations import manage as trail
from app.operations import views as operations
from app.plan import manage as figures
from app.plan import views as plan
from app.ports import Ports
from app.privacy import manage as service
from app.privacy import queries as privacy_queries
from app.privacy import views as privacy
from app.quizzes import views as quizzes
from app.scenarios import views as scenarios
from app.subscriptions import SUBSCRIPTIONS
from app.web import about, assets, cookies, csrf, errors, frame, headers, limits, logs, offline, stored
from app.web import settings as site_settings
from app.web.whitespace import Indentation
from app.workshops import drafting, manage, scoring
from app.workshops import views as workshops
from app.workshops.pages.reaches import reaches
from config import Mode, SettingError, Settings

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
ROOMS = (
    accounts.bp,
    second_step.bp,
    factors.bp,
    keeping.bp,
    invitation_views.bp,
    people_views.bp,
    intake.bp,
    recovery_views.bp,
    access_views.bp,
    person.bp,
    proposal_views.bp,
    extra_time_views.bp,
    supervision_views.bp,
    rights.bp,
    catalogue.bp,
    home.bp,
    country.bp,
    officer.bp,
    country_views.bp,
    learning.bp,
    officers.bp,
    supervising.bp,
    operations.bp,
    trail.bp,
    incident_views.bp,
    welcome_views.bp,
    plan.bp,
    figures.bp,
    privacy.bp,
    privacy.of_officers,
    service.bp,
    quizzes.bp,
    scenarios.bp,
    sittings.bp,
    workshops.bp,
    manage.bp,
    drafting.bp,
    scoring.bp,
    about.bp,
    offline.bp,
)


def create_app(settings: Settings) -> Flask:
    """Return an application ready to serve; the settings were checked when they were read."""
    app = Flask(__name__, static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Indentation)
    app.config.from_mapping(_configuration(settings))
    site_settings.init_app(app, settings)
    _database(app, settings)
    _door(app, settings)
    for room in ROOMS:
        app.register_blueprint(room)
    if settings.mode is not Mode.LIVE:
        app.register_blueprint(about.components)
    cli.init_app(app)
    if settings.mode is Mode.DEMO:
        from app.demo import views as demo  # in demo mode alone does this room exist

        demo.init_app(app)
    refuse_bare(app)
    return app


def _configuration(settings: Settings) -> dict[str, object]:
    if settings.language not in INTERFACE:
        raise SettingError(f"LANGUAGE_DEFAULT: one of {', '.join(INTERFACE)}.")
    newest, *older = (secret for _name, secret in settings.keys.cookie)
    lite = settings.database_url.startswith("sqlite")
    pool = {} if lite else {"pool_size": settings.pool_size, "max_overflow": 5, "pool_timeout": 5}
    return {
        "SECRET_KEY": newest,
        "SECRET_KEY_FALLBACKS": older,
        "SESSION_COOKIE_NAME": "__Host-academy" if settings.secure else "academy",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "TRUSTED_HOSTS": settings.hosts,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": pool,
        "BABEL_DEFAULT_LOCALE": settings.language,
        "LOG_LEVEL": logging.INFO if settings.mode is Mode.LIVE else logging.WARNING,
        "PROPAGATE_BUGS": settings.mode is Mode.TEST,
        "PROPAGATE_EXCEPTIONS": settings.mode is Mode.TEST,
    }


def _database(app: Flask, settings: Settings) -> None:
    folder = settings.secrets_path
    EncryptedText.ring = KeyRing(settings.keys.identity, folder and folder / "identity.key")
    blind_index.use(KeyRing(settings.keys.index, folder and folder / "index.key"))
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    subscribe(app, SUBSCRIPTIONS)
    ports.init_app(app, PORTS)
    with app.app_context():
        prepare(db.engine)
    watch_for_stray_flushes(db.session)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)


def _door(app: Flask, settings: Settings) -> None:
    """Set up what every request passes, in this order: id, limits, log, token, who; headers go on last."""
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0, x_port=0, x_prefix=0
        )
    cookies.init_app(app)
    headers.init_app(app, secure=settings.secure)
    app.before_request(_number)
    app.teardown_request(_forget)
    limits.init_app(app)
    logs.init_app(app)
    csrf.init_app(app)
    sign_in.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    stored.init_app(app)
    babel.init_app(app, choose=_language, zone=_zone)
    layout = frame.Layout(read=navigation.read, leave_url=settings.leave_url, help_url=lambda: url_for("about.help"))
    frame.init_app(app, layout)


def _number() -> None:
    context.request_id.set(secrets.token_hex(8))


def _forget(_error: BaseException | None) -> None:
    """Leave nobody behind in the thread: what it does next is not this person's."""
    context.request_id.set("")
    context.actor_id.set(None)
    context.loaded.set(None)


def _language() -> str:
    chosen = session.get("lang")
    if chosen in INTERFACE:
        return str(chosen)
    if own := sign_in.language():
        return own
    return request.accept_languages.best_match(sorted(INTERFACE, key=lambda code: code != "en")) or "en"


def _help_contact() -> str:
    """Return where officers of the reader's country find help."""
    if not current_user or not current_user.is_authenticated or not current_user.actor.country:
        return ""
    return countries.help_text(current_user.actor.country)


def _zone() -> str:
    return str(current_user.signed.time_zone) if current_user and current_user.is_authenticated else "UTC"


PORTS = Ports(
    posting_titles=posting_roles,
    role_scope_titles=reaches,
    export_limit=taking_along.count_towards_day,
    person_sections=navigation.person_links,
    help_contact=_help_contact,
    task_sources=(roster.duties, duties.duties, privacy_queries.duties, taking_along.duties),
    path_to=addresses.path_to,
)
