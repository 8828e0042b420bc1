"""Create the Flask application: database, request hooks, blueprints, ports. Only this module knows all packages."""

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
from app.access.public import refuse_unguarded_routes
from app.catalogue import views as catalogue
from app.catalogue.queries import country_cards
from app.checks import views as checks
from app.checks.pages.tasks import marking_tasks
from app.checks.queries import requests as check_requests, sittings as checks_sittings
from app.checks.queries.gate import watched_attempt
from app.competence import views as competence
from app.competence.pages.officers import posting_roles
from app.competence.queries import officers as competence_officers
from app.coordination import views as coordination
from app.coordination.pages.attention import plan_attention
from app.coordination.queries import (
    actions as plan_actions,
    exemptions,
    reminders as plan_reminders,
    required_courses,
)
from app.credentials import views as credentials
from app.credentials.pages.offer_link import certificate_url
from app.db import blind_index
from app.db.base import EncryptedText
from app.db.keyring import KeyRing
from app.db.session import db, prepare, subscribe, watch_for_stray_flushes
from app.directory import views as directory
from app.directory.queries import tasks as directory_tasks
from app.directory.service import country_settings
from app.home import views as home
from app.i18n import babel
from app.i18n.languages import INTERFACE
from app.intake import views as intake
from app.intake.service import export
from app.invitations import views as invitations
from app.invitations.queries import tasks as invitation_tasks
from app.kernel import clock, context
from app.learning import views as learning
from app.learning.labels.country_facts import national_hotline
from app.operations import views as operations
from app.plan import views as plan
from app.plan.queries import outside_tables
from app.ports import NationalHotline, Ports
from app.privacy import views as privacy
from app.privacy.queries import erasure_requests as privacy_queries
from app.quizzes import views as quizzes
from app.recovery import views as recovery
from app.reports import views as reports
from app.reports.service import arrangement
from app.rights import views as rights
from app.rights.queries import tasks as role_tasks
from app.scenarios import views as scenarios
from app.settings import views as settings
from app.sign_in import views as sign_in
from app.sign_in.views import current_session
from app.studio import views as studio
from app.studio.pages import course_tasks as studio_course_tasks, tasks as studio_tasks
from app.subscriptions import SUBSCRIPTIONS
from app.web import assets, errors, layout as web_layout, settings as site_settings
from app.web.html import fragments, trusted_html
from app.web.html.whitespace import Indentation
from app.web.http import cookies, csrf, headers, logs, metrics, request_limits, url_rules
from app.web.public import offline, public_pages
from app.workshops import views as workshops
from app.workshops.queries import after_tasks, endorsements, own_nominations
from app.workshops.queries.country_nominations import tasks as nomination_tasks
from app.workshops.queries.role_scopes import reaches
from config import Mode, SettingError, Settings

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
PACKAGES = (
    catalogue.bp,
    checks.bp,
    competence.bp,
    coordination.bp,
    credentials.bp,
    directory.bp,
    home.bp,
    intake.bp,
    invitations.bp,
    learning.bp,
    operations.bp,
    plan.bp,
    privacy.bp,
    quizzes.bp,
    recovery.bp,
    reports.bp,
    rights.bp,
    scenarios.bp,
    settings.bp,
    sign_in.bp,
    studio.bp,
    workshops.bp,
    public_pages.bp,
    offline.bp,
)


def create_app(settings: Settings) -> Flask:
    """Return an application ready to serve; the settings were checked when they were read."""
    app = Flask(__name__, static_folder=None)
    url_rules.init_app(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Indentation)
    app.config.from_mapping(_configuration(settings))
    site_settings.init_app(app, settings)
    _database(app, settings)
    _set_up_requests(app, settings)
    for blueprint in PACKAGES:
        app.register_blueprint(blueprint)
    app.jinja_env.globals["report_layout"] = arrangement.arrange  # for draw_document() of reports/document.html
    if settings.mode is not Mode.LIVE:
        app.register_blueprint(public_pages.components)
    cli.init_app(app)
    if settings.mode is Mode.DEMO:
        from app.demo import views as demo  # this package serves demo mode only

        demo.init_app(app)
    refuse_unguarded_routes(app)
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


def _set_up_requests(app: Flask, settings: Settings) -> None:
    """Set up the steps of every request, in this order: id, limits, log, token, user; headers are added last."""
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0, x_port=0, x_prefix=0
        )
    cookies.init_app(app)
    headers.init_app(app, secure=settings.secure)
    app.before_request(_set_request_id)
    app.teardown_request(_clear_context)
    request_limits.init_app(app)
    logs.init_app(app)
    if settings.metrics.port:
        metrics.init_app(app, settings.metrics.path)
    csrf.init_app(app)
    current_session.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    trusted_html.init_app(app)
    fragments.init_app(app)
    babel.init_app(app, choose=_language, zone=_zone)
    layout = web_layout.Layout(
        read=navigation.read, leave_url=settings.leave_url, help_url=lambda: url_for("about.help")
    )
    web_layout.init_app(app, layout)


def _set_request_id() -> None:
    context.request_id.set(secrets.token_hex(8))


def _clear_context(_error: BaseException | None) -> None:
    """Clear the request id, the actor and the loaded objects of the thread."""
    context.request_id.set("")
    context.actor_id.set(None)


def _language() -> str:
    chosen = session.get("lang")
    if chosen in INTERFACE:
        return str(chosen)
    if own := current_session.language():
        return own
    return request.accept_languages.best_match(sorted(INTERFACE, key=lambda code: code != "en")) or "en"


def _help_contact() -> str:
    """Return where officers of the user's country find help, or ""."""
    if not current_user or not current_user.is_authenticated or not current_user.actor.country:
        return ""
    return country_settings.help_text(current_user.actor.country)


def _national_hotline() -> NationalHotline | None:
    """Return the hotline for victims in the user's country, or None without a user or a card of the country."""
    if not current_user or not current_user.is_authenticated:
        return None
    return national_hotline(country_cards.cards(), current_user.actor.country, clock.today())


def _zone() -> str:
    return str(current_user.signed.time_zone) if current_user and current_user.is_authenticated else "UTC"


PORTS = Ports(
    posting_titles=posting_roles,
    role_scope_titles=reaches,
    export_limit=export.count_towards_daily_limit,
    person_sections=navigation.person_links,
    help_contact=_help_contact,
    national_hotline=_national_hotline,
    task_sources=(
        competence_officers.tasks,
        check_requests.tasks,
        checks_sittings.tasks,
        role_tasks.tasks,
        directory_tasks.tasks,
        invitation_tasks.tasks,
        privacy_queries.tasks,
        plan_actions.tasks,
        required_courses.tasks,
        exemptions.tasks,
        plan_reminders.tasks,
        nomination_tasks,
        export.tasks,
        endorsements.tasks,
        own_nominations.tasks,
        after_tasks.tasks,
    ),
    teaching_tasks=lambda actor: [*marking_tasks(actor), *studio_tasks.review_tasks(actor)],
    course_tasks=studio_course_tasks.course_tasks,
    plan_attention=plan_attention,
    meeting_actions=plan_actions.of_meetings,
    meeting_action_ids=plan_actions.ids_of_meetings,
    outside_counts=outside_tables.outside_texts,
    path_to=addresses.path_to,
    watched_attempt=watched_attempt,
    certificate_url=certificate_url,
)
