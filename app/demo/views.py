"""`/demo/` and the demonstration bar: sign in as a role, move the date, cut the connection. Only on this machine."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_login import current_user

from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import role_titles
from app.db.session import transaction
from app.demo import demo_folder
from app.demo.cast import roster
from app.demo.cast.role_models import RoleModel, role_models
from app.demo.forms import DateForm, LineForm
from app.i18n.babel import words
from app.i18n.languages import INTERFACE
from app.kernel import clock
from app.sign_in.queries import sessions
from app.sign_in.service import sessions as sign_in_sessions
from app.sign_in.views import current_session
from app.web.errors import page
from app.web.http.redirects import own_path
from app.web.layout import DemoBar, MenuEntry, layout
from app.web.settings import settings

bp = Blueprint("demo", __name__, template_folder="templates")
LINE = "line"
DOWN = "down"
# users may change the aliases during the tour
PLAYERS = (*roster.staff(), *roster.officers(len(roster.TOUR), 1), *(model.player for model in role_models()))
MAILS = {player.alias: player.mail for player in PLAYERS}
PATH = "/path"


@dataclass(frozen=True, slots=True)
class TourRole:
    """A role of the tour: the alias of its user, its first page and its description."""

    alias: str
    label: LazyString
    begins: str
    about: LazyString
    in_bar: bool = True  # False: only the page of roles links to it, because the bar has no more room


TOUR_ROLES = {
    "practitioner": TourRole(
        "Border officer 1",
        _("Practitioner"),
        "/",
        _("Reads courses, takes tests, plays cases. Here: in the middle of a course, with a seat in a workshop."),
    ),
    "investigator": TourRole(
        "Investigator 1",
        _("Investigator"),
        "/",
        _("Builds cases from what first responders find. Here: in the middle of a course, with a seat in a workshop."),
    ),
    "digital-investigator": TourRole(
        "Digital investigator 1",
        _("Digital investigator"),
        "/",
        _("Collects evidence online. Here: in the middle of a course, with a seat in a workshop."),
        in_bar=False,
    ),
    "trainer": TourRole(
        "Trainer 1",
        _("Trainer"),
        "/teaching",
        _("Teaches courses and runs workshops. Here: records the attendance of a workshop today."),
    ),
    "second-trainer": TourRole(
        "Trainer 2",
        _("Second trainer"),
        "/teaching",
        _("Reviews and approves what Trainer 1 wrote: one person never does both."),
        in_bar=False,
    ),
    "assessor": TourRole(
        "Assessor 1",
        _("Assessor"),
        "/teaching",
        _("Scores what officers show in practice. Here: a workshop of today, and desk tasks that wait for marking."),
    ),
    "invigilator": TourRole(
        "Invigilator 1",
        _("Invigilator"),
        "/sittings",
        _("Watches checks and compares names with service cards. Here: with a sitting that runs now."),
    ),
    "supervisor": TourRole(
        "Supervisor 1",
        _("Supervisor"),
        "/supervision",
        _("Sees the status of assigned officers and decides their claims. Here: with all officers of a country."),
    ),
    "contact-point": TourRole(
        "Contact point 1",
        _("Contact point"),
        "/country/officers",
        _("Supports the officers of a country. Here: with claims to decide, and a watched check that runs now."),
    ),
    "coordinator": TourRole(
        "Coordinator 1",
        _("Coordinator"),
        "/plan",
        _("Manages the plan of all countries. Here: in the middle of its first year."),
    ),
    "administrator": TourRole(
        "Administrator 1", _("Administrator"), "/operations", _("Runs the platform: jobs, mail, database.")
    ),
}


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A role of the framework with links to its verified officer and to the one whose verifications lapse."""

    title: str
    links: Sequence[tuple[LazyString, str, str]]  # label, address, alias


def _model_slug(model: RoleModel) -> str:
    return f"{'verified' if model.is_verified else 'lapsing'}-{model.role.replace('_', '-')}"


# visitors see their paths; they are not in the bar
MODELS = {_model_slug(model): model for model in role_models()}


def init_app(app: Flask) -> None:
    """Add the pages, the bar, the clock and the cut connection of the demonstration."""
    folder = settings(app).demo_path
    clock.begin_ahead(lambda: demo_folder.begins_ahead(folder))
    clock.move(lambda: demo_folder.offset(folder))
    layout(app).demo_bar = _bar
    app.before_request(_refuse_if_cut)
    app.register_blueprint(bp)


@bp.before_request
def _on_this_machine() -> None:
    """Return 404 to other machines, and to requests through a proxy, whose origin is unknown."""
    address = request.remote_addr or ""
    try:
        near = ipaddress.ip_address(address).is_loopback
    except ValueError:
        near = False
    if not near or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        abort(404)


@bp.get("/demo/")
def show() -> str:
    """Show the roles of the tour."""
    sheet = url_for("demo.download_sheet") if (settings().demo_path / demo_folder.SHEET).exists() else ""
    return render_template("demo/roles.html", parts=TOUR_ROLES, models=_model_lines(), sheet_url=sheet)


@bp.get(f"/demo/{demo_folder.SHEET}")
def download_sheet() -> ResponseReturnValue:
    """Send the sheet of past completions with two wrong rows, for the contact point of the tour."""
    path = settings().demo_path / demo_folder.SHEET
    if not path.exists():
        abort(404)
    return send_file(path, as_attachment=True, download_name=demo_folder.SHEET)


@bp.get("/demo/<slug:role>")
def visit(role: str) -> ResponseReturnValue:
    """Sign in as a role by a link, as printed when the demonstration starts."""
    return _become(role, request.args.get("next"))


@bp.post("/demo/<slug:role>")
def become(role: str) -> ResponseReturnValue:
    """Sign in as a role and show its first page: the current page may be forbidden for the role."""
    return _become(role, None)


@bp.post("/demo/date")
def move_date() -> ResponseReturnValue:
    """Move the date of the academy for all users."""
    form = DateForm(request.form)
    if not form.validate():
        return page(422)
    demo_folder.set_weeks(settings().demo_path, form.weeks.data or 0)
    return redirect(own_path(request.form.get("next"), "/"))


@bp.post("/demo/line")
def cut_line() -> ResponseReturnValue:
    """Cut or restore the connection for saved answers of this browser."""
    form = LineForm(request.form)
    if not form.validate():
        return page(422)
    if form.offline.data:
        session[LINE] = DOWN
    else:
        session.pop(LINE, None)
    return redirect(own_path(request.form.get("next"), "/"))


def _model_lines() -> list[ModelLine]:
    titles = role_titles(catalogue.competencies(), str(get_locale()))
    links: dict[str, list[tuple[LazyString, str, str]]] = {}
    for slug, model in MODELS.items():
        label = _("verified") if model.is_verified else _("lapsing")
        links.setdefault(model.role, []).append((label, url_for("demo.visit", role=slug), model.player.alias))
    return [ModelLine(titles.get(role, role), of_role) for role, of_role in links.items()]


def _user(role: str) -> tuple[str, str]:
    """Return the alias and the first page of a role of the tour or a role model; abort with 404 for others."""
    if role not in TOUR_ROLES and role not in MODELS:
        abort(404)
    return (MODELS[role].player.alias, PATH) if role in MODELS else (TOUR_ROLES[role].alias, TOUR_ROLES[role].begins)


def _become(role: str, onward: str | None) -> ResponseReturnValue:
    alias, begins = _user(role)
    credentials = sessions.credentials_by_name(MAILS[alias])
    if credentials is None:
        abort(404)
    saved = {name: session[name] for name in ("lang", LINE) if name in session}
    language = request.accept_languages.best_match(INTERFACE)
    with transaction():
        secret = sign_in_sessions.open_session(credentials[0], shared=False, real_now=clock.real_now())
    current_session.store_session(secret, credentials[0], shared=False)
    session.update(({"lang": language} if language else {}) | saved)
    return redirect(own_path(onward, begins))


def _refuse_if_cut() -> Response | None:
    """Return 503 to requests of scripts while the connection is cut. Pages still work, so that it can be restored."""
    if session.get(LINE) != DOWN:
        return None
    sends = request.mimetype == "application/json" and request.method == "POST"
    if sends or request.endpoint in {"quizzes.save_many", "quizzes.state"}:
        return make_response(jsonify(error="line"), 503)
    return None


def _bar() -> DemoBar:
    alias = current_user.signed.alias if current_user and current_user.is_authenticated else ""
    return DemoBar(
        roles=[
            MenuEntry(str(part.label), url_for("demo.become", role=role), part.alias == alias)
            for role, part in TOUR_ROLES.items()
            if part.in_bar
        ],
        date=words(clock.today()),
        weeks=demo_folder.weeks(settings().demo_path),
        offline=session.get(LINE) == DOWN,
        password=demo_folder.password(settings().demo_path),
    )
