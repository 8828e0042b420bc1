"""The settings of signing in: password, factors, and where one is signed in."""

from datetime import datetime
from typing import Any
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
from app.sign_in.forms import PasskeyForm, ProveForm
from app.sign_in.queries import factors
from app.sign_in.service import passkeys, passwords, second_factor, sessions
from app.sign_in.service.sessions import RateLimited, WrongCredentials
from app.sign_in.web import current_session, reauthentication
from app.web.errors import page
from app.web.forms import Form


@bp.get("/settings/sign-in")
@requires(Action.CHANGE_OWN_SETTINGS)
def show_security() -> ResponseReturnValue:
    """Show what proves a person, and where they are signed in."""
    return _page(AgainForm(), 200)


@bp.post("/settings/sign-in/again")
@requires(Action.CHANGE_OWN_SETTINGS)
def reauthenticate() -> ResponseReturnValue:
    """Take the password, and a code of whoever has a second step: for ten minutes these settings can be changed."""
    form = AgainForm(request.form)
    asks = factors.factors(current_user.id).count > 0
    if not form.validate() or (asks and form.wants_code()):
        return _page(form, 422)
    found = current_session.reauthenticate(form.password.data or "", form.code.data if asks else None)
    if isinstance(found, RateLimited):
        return page(429, seconds=found.seconds)
    if isinstance(found, WrongCredentials):
        wrong = _("The password or the code is not right, or the code was used before.")
        form.password.errors = [wrong if asks else _("The password is not right.")]
        return _page(form, 422)
    return redirect(url_for("settings.show_security"))


@bp.post("/settings/sign-in/passkey-options")
@requires(Action.CHANGE_OWN_SETTINGS, audited=False, reason="a challenge changes nothing until it is signed")
def ask_passkey() -> ResponseReturnValue:
    """Say what the reader's passkey has to sign."""
    with transaction():
        asked = passkeys.begin_authentication(
            current_user.id, Ceremony.AGAIN, current_session.relying_party(), clock.real_now()
        )
    return current_session.challenge_response(asked)


@bp.post("/settings/sign-in/passkey")
@requires(Action.CHANGE_OWN_SETTINGS)
def reauthenticate_by_passkey() -> ResponseReturnValue:
    """Take a passkey in place of password and code."""
    form = PasskeyForm(request.form)
    if not form.validate():
        return page(422)
    found = current_session.reauthenticate_by_passkey(form.credential.data or "")
    if isinstance(found, RateLimited):
        return page(429, seconds=found.seconds)
    if isinstance(found, WrongCredentials):
        failed = AgainForm()
        failed.form_errors.append(_("This passkey was not taken. Try it again, or use a code."))
        return _page(failed, 422)
    return redirect(url_for("settings.show_security"))


@bp.post("/settings/sign-in/password")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_password() -> ResponseReturnValue:
    """Set a new password; every other session ends, and this one goes on under a new secret."""
    form = NewPasswordForm(request.form)
    if (locked := _locked()) is not None:
        return locked
    if form.validate() and passwords.is_common(form.new.data or ""):
        form.new.errors = [_("Many people use this password. Enter another one.")]
        return _page(form, 422)
    if (refused := _refuse(form)) is not None:
        return refused
    hashed = passwords.make_password_hash(form.new.data or "")
    with transaction():
        if not _hold():
            return current_session.session_ended()
        passwords.set_password(current_user.id, hashed)
        secret = _again()
    return _renewed(secret, _("Your password is changed."))


@bp.post("/settings/sign-in/address")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_address() -> ResponseReturnValue:
    """Begin to change the mail address: links go to both, and the old one stays until both were opened."""
    form = NewAddressForm(request.form)
    if (locked := _locked()) is not None:
        return locked
    if not form.validate():
        return _page(form, 422)
    mail = form.mail.data or ""
    if mail.casefold() == queries.own_mail(current_user.id).casefold():
        form.mail.errors = [_("This is your address already.")]
        return _page(form, 422)
    address = network(request.remote_addr or "")
    with transaction():
        if not _hold():
            return current_session.session_ended()
        late = address_change.ask(current_user.id, mail, address=address, real_now=clock.real_now())
    if late is not None:
        return page(429, seconds=late.seconds)
    flash(_("Links are on their way to the old and the new address. Open both within 72 hours."))
    return redirect(url_for("settings.show_security"))


@bp.post("/settings/sign-in/remove")
@requires(Action.CHANGE_OWN_SETTINGS)
def remove() -> ResponseReturnValue:
    """Remove a factor; every other session ends."""
    form = RemoveForm(request.form)
    key = _uuid(form.key.data)
    if (locked := _locked()) is not None:
        return locked
    if not form.validate():
        return page(422)
    with transaction():
        if not _hold():
            return current_session.session_ended()
        removed = second_factor.remove_factor(current_user.id, Factor(form.factor.data), key)
        secret = _again() if removed else ""
    if removed:
        return _renewed(secret, _("It is removed."))
    form.form_errors.append(_("This is the last one that you need. Add another one first."))
    return _page(form, 422)


@bp.post("/settings/sign-in/devices/end")
@requires(Action.CHANGE_OWN_SETTINGS)
def end_device() -> ResponseReturnValue:
    """End one's session on another device."""
    form = DeviceForm(request.form)
    device = _uuid(form.device.data) if form.validate() else None
    if device is None:
        return page(422)
    if (refused := _ask_again()) is not None:
        return refused
    with transaction():
        if not _hold():
            return current_session.session_ended()
        second_factor.end_sessions(current_user.id, but=current_user.signed.session_id, device=device)
    flash(_("You are signed out there."))
    return redirect(url_for("settings.show_security"))


@bp.post("/settings/sign-in/devices/end-others")
@requires(Action.CHANGE_OWN_SETTINGS)
def end_others() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    if (refused := _ask_again()) is not None:
        return refused
    with transaction():
        if not _hold():
            return current_session.session_ended()
        second_factor.end_sessions(current_user.id, but=current_user.signed.session_id)
    flash(_("You are signed out everywhere else."))
    return redirect(url_for("settings.show_security"))


def _locked() -> Response | None:
    """Return the answer to whoever did not lately prove themself with all that their account asks for."""
    if current_session.recently_fully_authenticated():
        return None
    form = AgainForm()
    form.form_errors.append(_("First prove that it is you. Nothing was changed."))
    return _page(form, 403)


def _ask_again() -> ResponseReturnValue | None:
    """Return the answer to whoever did not give the password lately and does not give it now."""
    return None if current_session.recently_authenticated() else _refuse(ProveForm(request.form))


def _refuse(form: ProveForm) -> ResponseReturnValue | None:
    """Return the answer to a form whose fields or password do not hold, with what is wrong in it."""
    if not form.validate():
        return _page(form, 422)
    return reauthentication.check_password(form.password, lambda: _page(form, 422))


def _hold() -> bool:
    """Hold the reader's session until the transaction ends; say False when it has ended since the request began.

    A password is looked at for a while: what ended the session meanwhile, an incident too, is not undone by it.
    """
    return second_factor.lock_open_session(current_session.open_session(), clock.real_now())


def _again() -> str:
    """Open this browser's session, which is held, anew, all having ended."""
    signed = current_user.signed
    second_factor.end_sessions(signed.person_id)
    shared, now = signed.shared_computer, clock.real_now()  # the new one, too, is fully proved
    return sessions.open_session(signed.person_id, shared=shared, real_now=now, browser=current_session.browser_info())


def _renewed(secret: str, told: str) -> ResponseReturnValue:
    current_session.store_session(secret, current_user.id, shared=current_user.signed.shared_computer)
    flash(told)
    return redirect(url_for("settings.show_security"))


def _page(form: Form, status: int) -> Response:
    signed, now = current_user.signed, clock.real_now()
    has = factors.factors(signed.person_id)
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
        change=_waiting(signed.person_id, now),
        devices=factors.devices(signed.person_id, now),
        here=signed.session_id,
    )
    return make_response(shown, status)


def _waiting(person_id: UUID, now: datetime) -> dict[str, Any] | None:
    found = queries.change_of(person_id, now)
    if found is None:
        return None
    return {
        "mail": masked(found.mail),
        "ends_at": found.ends_at,
        "old_confirmed": found.old_confirmed,
        "new_confirmed": found.new_confirmed,
    }


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
