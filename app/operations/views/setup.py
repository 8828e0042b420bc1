"""`/welcome`: the code of the console, the first administrator, languages, mail, starter content of a new site.

The pages exist until setup is finished.
"""

from typing import assert_never

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.catalogue.queries import courses
from app.db.session import transaction
from app.i18n.languages import INTERFACE, current, language
from app.kernel import clock
from app.messages import queries as messages
from app.operations.forms.setup import AdministratorForm
from app.operations.pages.setup import (
    FirstAdministratorPage,
    NextStepsPage,
    SetupCodePage,
    SetupLanguagesPage,
    SetupMailPage,
    SetupStartPage,
)
from app.operations.service import administrator_actions, setup
from app.operations.service.setup import Administrator
from app.operations.views._blueprint import bp
from app.sign_in.domain import network
from app.sign_in.forms.authentication import CodeForm
from app.sign_in.service import passwords, sessions
from app.sign_in.service.sessions import RateLimited, SecondFactorRequired, WrongCredentials
from app.sign_in.views import current_session as door
from app.web.errors import page as error_page
from app.web.pages import render
from app.web.settings import settings

BROWSER = "welcome"  # name in the session cookie: the secret of the browser in which the code was typed


@bp.get("/welcome")
def show_setup() -> ResponseReturnValue:
    """Show the form for the code that the console printed."""
    _abort_unless_open()
    return _code_page(CodeForm(), 200)


@bp.post("/welcome")
def take_setup_code() -> ResponseReturnValue:
    """Check the code, which works once, and open the next step in this browser."""
    _abort_unless_open()
    form = CodeForm(request.form)
    if not form.validate():
        return _code_page(form, 422)
    with transaction():
        answer = setup.take_code(form.code.data, address=network(request.remote_addr or ""), real_now=clock.real_now())
    match answer:
        case RateLimited(seconds):
            return error_page(429, seconds=seconds)
        case WrongCredentials():
            form.code.errors = [_("The code is wrong, already used, or older than a day. Create a new one.")]
            return _code_page(form, 422)
        case str():
            session[BROWSER] = answer
            return redirect(url_for("operations.administrator_form"))
        case _:
            assert_never(answer)


@bp.get("/welcome/administrator")
def administrator_form() -> ResponseReturnValue:
    """Show the form for the first administrator."""
    _secret()
    return _administrator(AdministratorForm())


@bp.post("/welcome/administrator")
def create_administrator() -> ResponseReturnValue:
    """Create the first administrator and go to the second factor."""
    secret, form = _secret(), AdministratorForm(request.form)
    form.offer()
    if not form.validate():
        return _administrator(form), 422
    hashed = passwords.make_password_hash(form.new.data or "")
    with transaction():
        person_id = setup.make_administrator(secret, _read(form, hashed), clock.now())
    if person_id is None:
        abort(404)
    session.pop(BROWSER, None)
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
    if isinstance(answer, SecondFactorRequired):  # all staff need a second factor
        door.store_pending_session(answer.secret, shared=False)
        return redirect(url_for("sign_in.show_second_factor", next=onward))
    return redirect(url_for("sign_in.sign_in", next=onward))


@bp.get("/welcome/languages")
@requires(Action.SET_UP_SITE, of=setup.owned_by_actor)
def setup_languages() -> ResponseReturnValue:
    """Show the interface languages and the setting for the default language."""
    named = [language(code) for code in INTERFACE]
    return render(SetupLanguagesPage(languages=named, default=language(settings().language)))


@bp.get("/welcome/mail")
@requires(Action.SET_UP_SITE, of=setup.owned_by_actor)
def setup_mail() -> ResponseReturnValue:
    """Show the mail settings and the result of the last test mail."""
    return render(SetupMailPage(mail=settings().mail, test_mail=messages.last_test(current_user.id)))


@bp.post("/welcome/mail")
@requires(Action.SET_UP_SITE, of=setup.owned_by_actor)
def send_first_test_mail() -> ResponseReturnValue:
    """Queue a test mail to the current user."""
    with transaction():
        administrator_actions.ask_test_mail(current_user.id, clock.now())
    flash(_("The test mail is in the outbox. Check your mailbox in a minute."))
    return redirect(url_for("operations.setup_mail"))


@bp.get("/welcome/start")
@requires(Action.SET_UP_SITE, of=setup.owned_by_actor)
def setup_start() -> ResponseReturnValue:
    """Show the choice of starter content and the progress of loading it."""
    progress = setup.progress()
    page = SetupStartPage(
        is_wanted=progress.starter_wanted, loaded_at=progress.starter_loaded_at, fault=progress.starter_fault
    )
    return render(page)


@bp.post("/welcome/start")
@requires(Action.SET_UP_SITE, of=setup.owned_by_actor)
def choose_setup_start() -> ResponseReturnValue:
    """Let a job load the starter courses and the plan."""
    with transaction():
        setup.choose_starter(wanted=True)
    flash(_("The starter courses and plan are being loaded. It takes a minute or two."))
    return redirect(url_for("operations.setup_start"))


@bp.post("/welcome/finish")
@requires(Action.SET_UP_SITE, of=setup.owned_by_actor)
def finish_setup() -> ResponseReturnValue:
    """Finish the setup."""
    with transaction():
        setup.finish(current_user.id, clock.real_now())
    return redirect(url_for("operations.show_next_steps"))


@bp.get("/welcome/next")
@requires(Action.SEE_OPERATIONS)
def show_next_steps() -> str:
    """Show the three steps after the setup, the first for a second person."""
    needs_publication = setup.starter_is_wanted() and not courses.published_codes()
    return render(NextStepsPage(needs_publication=needs_publication, has_backups=settings().backups.path is not None))


def _code_page(form: CodeForm, status: int) -> ResponseReturnValue:
    return render(SetupCodePage(form=form, site_url=settings().site_url)), status


def _abort_unless_open() -> None:
    if not setup.is_open():
        abort(404)


def _secret() -> str:
    secret = session.get(BROWSER)
    if not isinstance(secret, str) or not setup.is_opened_by(secret):
        abort(404)
    return secret


def _administrator(form: AdministratorForm) -> str:
    form.offer()
    return render(FirstAdministratorPage(form=form))


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
