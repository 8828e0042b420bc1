"""View and change the user's own password, second factors, mail address and devices: /settings/sign-in."""

from dataclasses import replace
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.domain.contact import masked
from app.kernel import clock
from app.recovery import queries
from app.recovery.service import address_change
from app.settings.forms import AgainForm, DeviceForm, NewAddressForm, NewPasswordForm, RemoveForm
from app.settings.views._blueprint import bp
from app.sign_in.domain import FEW_CODES, Ceremony, Factor, network
from app.sign_in.forms.authentication import PasskeyForm, ProveForm
from app.sign_in.queries import factors
from app.sign_in.service import passkeys, passwords, second_factor, sessions
from app.sign_in.service.sessions import RateLimited, WrongCredentials
from app.sign_in.views import current_session, reauthentication
from app.web.errors import page
from app.web.forms import Form


@bp.get("/settings/sign-in")
@requires(Action.CHANGE_OWN_SETTINGS)
def show_security() -> ResponseReturnValue:
    """Show the second factors and the devices of the current user."""
    return _page(AgainForm(), 200)


@bp.post("/settings/sign-in/again")
@requires(Action.CHANGE_OWN_SETTINGS)
def reauthenticate() -> ResponseReturnValue:
    """Reauthenticate by password, and by code with a second factor; it unlocks the settings for ten minutes."""
    form = AgainForm(request.form)
    has_factor = factors.factors(current_user.id).count > 0
    if not form.validate() or (has_factor and form.wants_code()):
        return _page(form, 422)
    result = current_session.reauthenticate(form.password.data, form.code.data if has_factor else None)
    if isinstance(result, RateLimited):
        return page(429, seconds=result.seconds)
    if isinstance(result, WrongCredentials):
        form.password.errors = [_wrong_credentials(has_factor=has_factor)]
        return _page(form, 422)
    return redirect(url_for("settings.show_security"))


@bp.post("/settings/sign-in/passkey-options")
@requires(Action.CHANGE_OWN_SETTINGS, audited=False, reason="a challenge changes nothing until it is signed")
def ask_passkey() -> ResponseReturnValue:
    """Return the challenge for a passkey of the current user."""
    with transaction():
        asked = passkeys.begin_authentication(
            current_user.id, Ceremony.AGAIN, current_session.relying_party(), clock.real_now()
        )
    return current_session.challenge_response(asked)


@bp.post("/settings/sign-in/passkey")
@requires(Action.CHANGE_OWN_SETTINGS)
def reauthenticate_by_passkey() -> ResponseReturnValue:
    """Reauthenticate by passkey instead of password and code."""
    form = PasskeyForm(request.form)
    if not form.validate():
        return page(422)
    result = current_session.reauthenticate_by_passkey(form.credential.data or "")
    if isinstance(result, RateLimited):
        return page(429, seconds=result.seconds)
    if isinstance(result, WrongCredentials):
        failed = AgainForm()
        failed.form_errors.append(_("This passkey was not accepted. Try again, or use a code."))
        return _page(failed, 422)
    return redirect(url_for("settings.show_security"))


@bp.post("/settings/sign-in/password")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_password() -> ResponseReturnValue:
    """Save a new password and end all other sessions; this session gets a new secret."""
    form = NewPasswordForm(request.form)
    if (locked := _locked()) is not None:
        return locked
    if form.validate() and passwords.is_common(form.new.data):
        form.new.errors = [_("Many people use this password. Enter another one.")]
        return _page(form, 422)
    if (refusal := _refuse(form)) is not None:
        return refusal
    hashed = passwords.make_password_hash(form.new.data)
    with transaction():
        if not _lock_session():
            return current_session.session_ended()
        passwords.set_password(current_user.id, hashed)
        secret = _replace_sessions()
    return _renewed(secret, _("Your password is changed."))


@bp.post("/settings/sign-in/address")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_address() -> ResponseReturnValue:
    """Request a change of the mail address: both addresses get a link, and the old one counts until both are opened."""
    form = NewAddressForm(request.form)
    if (locked := _locked()) is not None:
        return locked
    if not form.validate():
        return _page(form, 422)
    mail = form.mail.data
    if mail.casefold() == queries.own_mail(current_user.id).casefold():
        form.mail.errors = [_("This is your address already.")]
        return _page(form, 422)
    address = network(request.remote_addr or "")
    with transaction():
        if not _lock_session():
            return current_session.session_ended()
        late = address_change.ask(current_user.id, mail, address=address, real_now=clock.real_now())
    if late is not None:
        return page(429, seconds=late.seconds)
    flash(_("Links are on their way to the old and the new address. Open both within 72 hours."))
    return redirect(url_for("settings.show_security"))


@bp.post("/settings/sign-in/remove")
@requires(Action.CHANGE_OWN_SETTINGS)
def remove() -> ResponseReturnValue:
    """Remove a factor and end all other sessions."""
    form = RemoveForm(request.form)
    key = _uuid(form.key.data)
    if (locked := _locked()) is not None:
        return locked
    if not form.validate():
        return page(422)
    with transaction():
        if not _lock_session():
            return current_session.session_ended()
        removed = second_factor.remove_factor(current_user.id, Factor(form.factor.data), key)
        secret = _replace_sessions() if removed else ""
    if removed:
        return _renewed(secret, _("It is removed."))
    form.form_errors.append(_("This is the last one that you need. Add another one first."))
    return _page(form, 422)


@bp.post("/settings/sign-in/devices/end")
@requires(Action.CHANGE_OWN_SETTINGS)
def end_device() -> ResponseReturnValue:
    """End the session of the user on another device."""
    form = DeviceForm(request.form)
    device = _uuid(form.device.data) if form.validate() else None
    if device is None:
        return page(422)
    return _end_other_sessions(_("You are signed out there."), device)


@bp.post("/settings/sign-in/devices/end-others")
@requires(Action.CHANGE_OWN_SETTINGS)
def end_others() -> ResponseReturnValue:
    """End all other sessions of the user."""
    return _end_other_sessions(_("You are signed out everywhere else."))


def _end_other_sessions(message: str, device: UUID | None = None) -> ResponseReturnValue:
    """End all other sessions or that of a device, after a recent authentication or with the right password."""
    refusal = None if current_session.recently_authenticated() else _refuse(ProveForm(request.form))
    if refusal is not None:
        return refusal
    with transaction():
        if not _lock_session():
            return current_session.session_ended()
        second_factor.end_sessions(current_user.id, but=current_user.signed.session_id, device=device)
    flash(message)
    return redirect(url_for("settings.show_security"))


def _wrong_credentials(*, has_factor: bool) -> str:
    if has_factor:
        return _("The password or the code is not right, or the code was used before.")
    return _("The password is not right.")


def _locked() -> Response | None:
    """Return the page for reauthentication if the last full authentication is not recent, else None."""
    if current_session.recently_fully_authenticated():
        return None
    form = AgainForm()
    form.form_errors.append(_("First prove that it is you. Nothing was changed."))
    return _page(form, 403)


def _refuse(form: ProveForm) -> ResponseReturnValue | None:
    """Return an error page for invalid fields or a wrong password, else None."""
    if not form.validate():
        return _page(form, 422)
    return reauthentication.check_password(form.password, lambda: _page(form, 422))


def _lock_session() -> bool:
    """Lock the session of the user; return False if it has ended since the request began.

    Checking a password takes time; meanwhile an incident, for example, may have ended the session.
    """
    return second_factor.lock_open_session(current_session.open_session(), clock.real_now())


def _replace_sessions() -> str:
    """End all sessions of the user and open a new one for this browser, whose session is locked."""
    signed = current_user.signed
    second_factor.end_sessions(signed.person_id)
    shared, now = signed.shared_computer, clock.real_now()  # the new one is fully authenticated, too
    return sessions.open_session(signed.person_id, shared=shared, real_now=now, browser=current_session.browser_info())


def _renewed(secret: str, message: str) -> ResponseReturnValue:
    current_session.store_session(secret, current_user.id, shared=current_user.signed.shared_computer)
    flash(message)
    return redirect(url_for("settings.show_security"))


def _page(form: Form, status: int) -> Response:
    signed, now = current_user.signed, clock.real_now()
    has = factors.factors(signed.person_id)
    change = queries.change_of(signed.person_id, now)
    shown = render_template(
        "settings/keeping.html",
        form=form,
        has=has,
        few=has.recovery <= FEW_CODES and bool(has.app or has.passkeys),
        wants_passkey=current_session.lacks_passkey(signed.person_id),
        open=current_session.recently_fully_authenticated(),
        proved=current_session.recently_authenticated(),
        by_passkey=current_session.requires_passkey(signed.person_id),
        own=masked(queries.own_mail(signed.person_id)),
        change=replace(change, mail=masked(change.mail)) if change else None,
        devices=factors.devices(signed.person_id, now),
        here=signed.session_id,
    )
    return make_response(shown, status)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
