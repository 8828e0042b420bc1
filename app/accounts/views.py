"""Pages of the own account: sign in, sign out, language, settings."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.accounts import aliases, passwords, people, queries, service, sessions
from app.accounts import sign_in as door
from app.accounts.domain import Appearance, MailRhythm, network
from app.accounts.forms import CodeForm, LanguageForm, SettingsForm, SignInForm
from app.accounts.invitation_rules import AliasRefusal
from app.accounts.inviting_forms import ALIASES, AliasForm
from app.accounts.service import Halfway, TooMany, Welcome
from app.db.session import transaction
from app.i18n.languages import INTERFACE, current, language
from app.kernel import clock
from app.web.errors import page
from app.web.paths import own_path

bp = Blueprint("accounts", __name__, template_folder="templates")
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
    found, place = queries.by_sign_in_name(name), door.place()
    person_id = found[0] if found else None
    mark = service.known_mark(person_id, place.mark)
    counted = sessions.counted_as(person_id if mark else None, name)
    if (late := service.waits(counted, address, clock.real_now(), mark=mark)) is not None:
        return page(429, seconds=late.seconds)
    right = passwords.matches(found[1] if found else None, form.password.data or "")
    known = (found[0], right) if found else None
    with transaction():
        answer = service.sign_in(
            known,
            name=name,
            address=address,
            shared=shared,
            real_now=clock.real_now(),
            place=place,
            against=found[1] if found else None,
        )
    match answer:
        case Welcome(person_id, secret):
            return door.welcome(person_id, secret, shared=shared)
        case Halfway(_person_id, secret):
            door.open_half_in_browser(secret, shared=shared)
            return _second_step()
        case TooMany(seconds):
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
        service.sign_out(signed.session_id, signed.person_id)
    response = make_response(redirect(url_for(".sign_in", out=1)))
    return door.close_in_browser(response, shared=signed.shared_computer)


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


@bp.get("/settings")
@requires(Action.CHANGE_OWN_SETTINGS)
def settings() -> ResponseReturnValue:
    """Show the own settings."""
    return _settings(_as_they_are(), 200)


@bp.get("/settings/session")
@requires(Action.SIGN_OUT)
def time_left() -> ResponseReturnValue:
    """Tell the page's script how long the session lasts; asked with `stay`, this is a use of it like any other."""
    idle, left = door.time_left(current_user.signed)
    return {"idle": idle, "left": left}


@bp.post("/settings")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_settings() -> ResponseReturnValue:
    """Save the own settings."""
    form = SettingsForm(request.form)
    _offer(form)
    if not form.validate():
        return _settings(form, 422)
    changes = {
        "language": form.language.data,
        "content_language": form.content_language.data or None,
        "appearance": Appearance(form.appearance.data),
        "more_contrast": bool(form.more_contrast.data),
        "data_saver": bool(form.data_saver.data),
        "mail_rhythm": MailRhythm(form.mail_rhythm.data),
        "shows_country": bool(form.shows_country.data),
    }
    with transaction():
        service.change_settings(current_user.id, changes)
    session["lang"] = form.language.data
    flash(_("Your settings are saved."))
    return redirect(url_for(".settings"))


@bp.post("/settings/alias")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_alias() -> ResponseReturnValue:
    """Take another alias."""
    form, person_id, now = AliasForm(request.form), current_user.id, clock.now()
    if not form.validate():
        return _settings(_as_they_are(), 422, form)
    text = form.alias.data or ""
    with transaction():
        refused = aliases.change(person_id, text, now)
    if refused is None:
        flash(_("Your alias is changed. Colleagues see the new one from now on."))
        return redirect(url_for(".settings"))
    if refused is AliasRefusal.SOON:  # the page has no field then
        flash(str(ALIASES[refused]), "warning")
        return redirect(url_for(".settings"))
    form.alias.errors = [str(ALIASES[refused])]
    return _settings(_as_they_are(), 422, form)


def _form(form: SignInForm, status: int) -> Response:
    return make_response(render_template("accounts/sign_in.html", form=form, wait=0, carried=door.carried()), status)


def _second_step() -> ResponseReturnValue:
    carried = door.carried()
    if any(name == "kept_to" for name, _value in carried):  # a form cannot travel in an address
        return door.ask_second_step(CodeForm(), 200)
    return redirect(url_for("second_step.show", next=dict(carried).get("next")))


def _offer(form: SettingsForm) -> None:
    named = [(code, language(code).name) for code in INTERFACE]
    form.offer(named, [(code, language(code).name) for code in CONTENT])


def _as_they_are() -> SettingsForm:
    signed = current_user.signed
    return SettingsForm(
        language=current(),
        content_language=signed.content_language or "",
        appearance=signed.appearance,
        more_contrast=signed.more_contrast,
        data_saver=signed.data_saver,
        mail_rhythm=signed.mail_rhythm,
        shows_country=signed.shows_country,
    )


def _settings(form: SettingsForm, status: int, alias: AliasForm | None = None) -> Response:
    _offer(form)
    signed = current_user.signed
    free_at = people.alias_free_at(signed.person_id)
    shown = render_template(
        "accounts/settings.html",
        form=form,
        alias=alias or AliasForm(alias=signed.alias),
        signed=signed,
        free_on=free_at.date() if free_at and clock.now() < free_at else None,
    )
    return make_response(shown, status)
