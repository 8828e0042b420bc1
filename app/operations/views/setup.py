"""The first run of a site: the code of the console, the first administrator, languages, mail, what it begins with.

The pages are there until that is done, and nowhere afterwards.
"""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.i18n.languages import INTERFACE, current, language
from app.kernel import clock
from app.messages import queries as messages
from app.operations.forms.setup import AdministratorForm
from app.operations.service import job_runs as operations
from app.operations.service import setup
from app.operations.service.setup import Administrator
from app.operations.views._blueprint import bp
from app.sign_in.domain import network
from app.sign_in.service import passwords, sessions
from app.sign_in.service.sessions import RateLimited, SecondFactorRequired, WrongCredentials
from app.sign_in.web import current_session as door
from app.sign_in.web.forms import CodeForm
from app.web.errors import page
from app.web.settings import settings

HELD = "welcome"  # in the cookie: the secret of the one browser where the code was typed


@bp.get("/welcome")
def show_setup() -> ResponseReturnValue:
    """Ask for the code that the console printed."""
    _still_open()
    return _code_page(CodeForm(), 200)


@bp.post("/welcome")
def take_setup_code() -> ResponseReturnValue:
    """Take the code, once."""
    _still_open()
    form = CodeForm(request.form)
    if not form.validate():
        return _code_page(form, 422)
    with transaction():
        answer = setup.take_code(
            form.code.data or "", address=network(request.remote_addr or ""), real_now=clock.real_now()
        )
    match answer:
        case RateLimited(seconds):
            return page(429, seconds=seconds)
        case WrongCredentials():
            form.code.errors = [_("The code is not right, was used, or is over a day old. Make a new one.")]
            return _code_page(form, 422)
    session[HELD] = answer
    return redirect(url_for("operations.administrator_form"))


@bp.get("/welcome/administrator")
def administrator_form() -> ResponseReturnValue:
    """Ask who the first administrator is."""
    _held()
    return _administrator(AdministratorForm())


@bp.post("/welcome/administrator")
def create_administrator() -> ResponseReturnValue:
    """Make the first administrator, and lead on to the second step."""
    secret, form = _held(), AdministratorForm(request.form)
    form.offer()
    if not form.validate():
        return _administrator(form), 422
    hashed = passwords.make_password_hash(form.new.data or "")
    with transaction():
        person_id = setup.make_administrator(secret, _read(form, hashed), clock.now())
    if person_id is None:
        abort(404)
    session.pop(HELD, None)
    with transaction():
        address, mail = network(request.remote_addr or ""), (form.mail.data or "").strip()
        answer = sessions.sign_in(
            (person_id, True),
            name=mail,
            address=address,
            shared=False,
            real_now=clock.real_now(),
            browser=door.browser_info(),
        )
    onward = url_for("operations.setup_languages")
    if isinstance(answer, SecondFactorRequired):  # as for all staff
        door.store_pending_session(answer.secret, shared=False)
        return redirect(url_for("sign_in.show_second_factor", next=onward))
    return redirect(url_for("sign_in.sign_in", next=onward))


@bp.get("/welcome/languages")
@requires(Action.SET_UP_SITE, of=setup.mine)
def setup_languages() -> ResponseReturnValue:
    """Show the languages of the pages, and where the site's own is set."""
    named = [language(code) for code in INTERFACE]
    return render_template("operations/welcome_languages.html", languages=named, default=language(settings().language))


@bp.get("/welcome/mail")
@requires(Action.SET_UP_SITE, of=setup.mine)
def setup_mail() -> ResponseReturnValue:
    """Show the settings of mail, and what became of the last test."""
    return render_template(
        "operations/welcome_mail.html", mail=settings().mail, test=messages.last_test(current_user.id)
    )


@bp.post("/welcome/mail")
@requires(Action.SET_UP_SITE, of=setup.mine)
def send_first_test_mail() -> ResponseReturnValue:
    """Put a test mail to oneself into the outbox."""
    with transaction():
        operations.ask_test_mail(current_user.id, clock.now())
    flash(_("The test mail is in the outbox. Look into your mailbox in a minute."))
    return redirect(url_for("operations.setup_mail"))


@bp.get("/welcome/start")
@requires(Action.SET_UP_SITE, of=setup.mine)
def setup_start() -> ResponseReturnValue:
    """Ask what the site begins with, and show how far the loading is."""
    return render_template("operations/welcome_start.html", progress=setup.progress())


@bp.post("/welcome/start")
@requires(Action.SET_UP_SITE, of=setup.mine)
def choose_setup_start() -> ResponseReturnValue:
    """Have the starter courses and plan loaded."""
    with transaction():
        setup.choose_starter(wanted=True)
    flash(_("The starter courses and plan are being loaded. It takes a minute or two."))
    return redirect(url_for("operations.setup_start"))


@bp.post("/welcome/finish")
@requires(Action.SET_UP_SITE, of=setup.mine)
def finish_setup() -> ResponseReturnValue:
    """End the first run."""
    with transaction():
        setup.finish(current_user.id, clock.real_now())
    flash(_("The academy is set up. Invite a coordinator and contact points next."))
    return redirect(url_for("operations.show_status"))


def _code_page(form: CodeForm, status: int) -> ResponseReturnValue:
    return render_template("operations/welcome_code.html", form=form, address=settings().site_url), status


def _still_open() -> None:
    if not setup.waits_for_somebody():
        abort(404)


def _held() -> str:
    secret = session.get(HELD)
    if not isinstance(secret, str) or not setup.is_held_by(secret):
        abort(404)
    return secret


def _administrator(form: AdministratorForm) -> str:
    form.offer()
    return render_template("operations/welcome_administrator.html", form=form)


def _read(form: AdministratorForm, hashed: str) -> Administrator:
    return Administrator(
        name=form.name.data or "",
        latin_name=form.latin_name.data or None,
        alias=form.alias.data or "",
        mail=(form.mail.data or "").strip(),
        password_hash=hashed,
        country=form.country.data,
        agency=" ".join((form.agency.data or "").split()),
        language=current(),
    )
