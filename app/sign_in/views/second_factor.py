"""`/sign-in/second-step`: code or passkey after the password; `/sign-in/passkey`: passkey without password."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from app.db.session import transaction
from app.kernel import clock
from app.sign_in.domain import FEW_CODES, Ceremony, network
from app.sign_in.forms.authentication import CodeForm, PasskeyForm
from app.sign_in.queries import factors
from app.sign_in.queries.factors import PendingSession
from app.sign_in.service import passkeys, second_factor, sessions
from app.sign_in.service.second_factor import ResetCodeAccepted
from app.sign_in.service.sessions import RateLimited, SessionOpened, WrongCredentials
from app.sign_in.views import current_session
from app.sign_in.views._blueprint import bp
from app.web.errors import page


@bp.get("/sign-in/second-step")
def show_second_factor() -> ResponseReturnValue:
    """Ask for the second factor."""
    return current_session.ask_second_factor(CodeForm(), 200)


@bp.post("/sign-in/second-step")
def take_code() -> ResponseReturnValue:
    """Check a code: of an app, of the recovery codes, of a printed list, or from the contact point."""
    pending, form = current_session.pending_session(), CodeForm(request.form)
    if pending is None:
        return _sent_again(form) or _without_pending_session()
    if not form.validate():
        return current_session.ask_second_factor(form, 422)
    by_passkey, now = current_session.requires_passkey(pending.person_id), clock.real_now()
    with transaction():
        result = second_factor.check_code(
            pending, form.code.data or "", by_passkey=by_passkey, browser=current_session.browser_info(), real_now=now
        )
    response = _after_code(result, shared=pending.shared)
    if response is None:
        form.code.errors = [_code_error(pending, by_passkey=by_passkey)]
        response = current_session.ask_second_factor(form, 422)
    return response


def _after_code(
    result: SessionOpened | ResetCodeAccepted | WrongCredentials | RateLimited | None, *, shared: bool
) -> ResponseReturnValue | None:
    """Store the session of a right code in the browser and redirect; return None for a wrong code."""
    match result:
        case SessionOpened(person_id, secret):
            response = current_session.finish_sign_in(person_id, secret, shared=shared)
            _warn_of_few_codes(person_id)  # in the new session: it discards earlier messages
            return response
        case ResetCodeAccepted(secret):
            current_session.store_pending_session(secret, shared=shared)
            return redirect(url_for("sign_in.show_factor_choice"))
        case RateLimited() | None:
            return _rate_limited_or_ended(result)
        case WrongCredentials():
            return None
        case _:
            assert_never(result)


@bp.post("/sign-in/second-step/passkey-options")
def ask_passkey() -> ResponseReturnValue:
    """Return the challenge for a passkey of this person."""
    pending = current_session.pending_session()
    if pending is None:
        return _without_pending_session()
    with transaction():
        asked = passkeys.begin_authentication(
            pending.person_id, Ceremony.SECOND_STEP, current_session.relying_party(), clock.real_now()
        )
    return current_session.challenge_response(asked)


@bp.post("/sign-in/second-step/passkey")
def take_passkey() -> ResponseReturnValue:
    """Check a passkey as the second factor."""
    pending = current_session.pending_session()
    if pending is None:
        return _without_pending_session()
    form, now = PasskeyForm(request.form), clock.real_now()
    if not form.validate():
        return page(422)
    if factors.factors(pending.person_id).count == 0 or pending.readmitted:
        return redirect(url_for("sign_in.show_factor_choice"))
    with transaction():
        result = _upgrade_by_passkey(pending, form.credential.data or "", now)
    if not isinstance(result, str):
        return _rate_limited_or_ended(result)
    if result:
        return current_session.finish_sign_in(pending.person_id, result, shared=pending.shared)
    failed = CodeForm()
    failed.form_errors.append(_("This passkey was not accepted. Try again, or use a code."))
    return current_session.ask_second_factor(failed, 422)


def _upgrade_by_passkey(pending: PendingSession, answer: str, now: datetime) -> str | RateLimited | None:
    """Return the secret of the new session, or "" and record a failure if the passkey is not valid.

    None: the pending session has ended meanwhile.
    """
    locked = second_factor.lock_pending_session(pending, now)
    late = second_factor.code_rate_limit(pending.person_id, now)
    if locked is None or late is not None:
        return late
    challenge, site = current_session.take_challenge(), current_session.relying_party()
    if passkeys.authenticate(pending.person_id, Ceremony.SECOND_STEP, challenge, answer, site, now) is None:
        second_factor.record_failed_code(pending.person_id, now)
        return ""
    return second_factor.upgrade(pending, browser=current_session.browser_info(), real_now=now)


@bp.post("/sign-in/passkey-options")
def ask_any_passkey() -> ResponseReturnValue:
    """Return the challenge for a passkey of any person."""
    return current_session.challenge_response(
        passkeys.begin_authentication(None, Ceremony.SIGN_IN, current_session.relying_party(), clock.real_now())
    )


@bp.post("/sign-in/passkey")
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in by a passkey that verified its user: it replaces password and second factor."""
    form, now, secret = PasskeyForm(request.form), clock.real_now(), ""
    if not form.validate():
        return page(422)
    address, shared = network(request.remote_addr or ""), bool(form.shared.data)
    with transaction():
        if (late := sessions.check_rate_limit(_origin(address), address, now)) is not None:
            return page(429, seconds=late.seconds)
        answer = form.credential.data or ""
        person_id = passkeys.authenticate(
            None, Ceremony.SIGN_IN, current_session.take_challenge(), answer, current_session.relying_party(), now
        )
        if person_id is None:
            sessions.record_failed_sign_in(_origin(address), address, now)
        else:
            secret = sessions.start_session(
                person_id, shared=shared, real_now=now, browser=current_session.browser_info()
            )
    if person_id is not None:
        return current_session.finish_sign_in(person_id, secret, shared=shared)
    flash(_("This passkey was not accepted. Try again, or use your password."), "error")
    return redirect(url_for("sign_in.sign_in", next=request.form.get("next")))


@bp.post("/sign-in/start-again")
def start_again() -> ResponseReturnValue:
    """End the pending session."""
    pending = current_session.pending_session()
    if pending is None:
        return _without_pending_session()
    with transaction():
        sessions.sign_out(pending.session_id, pending.person_id)
    return current_session.clear_session(
        make_response(redirect(url_for("sign_in.sign_in", out=1))), shared=pending.shared
    )


def _sent_again(form: CodeForm) -> ResponseReturnValue | None:
    """Respond to a code that was sent again after its response was lost; return None in any other case."""
    if current_user.is_authenticated or not current_session.pending_hash() or not form.validate():
        return None
    with transaction():
        repeated = second_factor.repeat_code(current_session.pending_hash(), form.code.data or "", clock.real_now())
    if repeated is None:
        return None
    result, shared = repeated
    return _after_code(result, shared=shared)


def _code_error(pending: PendingSession, *, by_passkey: bool) -> str:
    if pending.void and not factors.factors(pending.person_id).recovery:
        return _("The code is not right. You now need a code from your contact point.")
    if by_passkey:
        return _("Use your passkey, or a recovery code.")
    return _("The code is not right, or it was used before. Enter the next one.")


def _without_pending_session() -> ResponseReturnValue:
    return redirect("/") if current_user.is_authenticated else current_session.ask_to_sign_in()


def _rate_limited_or_ended(late: RateLimited | None) -> ResponseReturnValue:
    """Respond to a rate limit, or (None) to a pending session that has ended meanwhile."""
    return page(429, seconds=late.seconds) if late else _without_pending_session()


def _warn_of_few_codes(person_id: UUID) -> None:
    left = factors.factors(person_id)
    hint = _("Create new ones in your settings.")
    if left.app or left.passkeys:
        if left.recovery <= FEW_CODES:
            text = ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left.recovery)
            flash(f"{text} {hint}", "warning")
    elif left.printed <= FEW_CODES:
        text = ngettext("%(num)s code is left", "%(num)s codes are left", left.printed)
        flash(f"{text}. {hint}", "warning")


def _origin(address: str) -> str:
    """Return the rate limit key without a person: by address, so that one visitor does not lock out the others."""
    return f"passkey {address}"
