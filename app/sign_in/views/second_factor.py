"""Pages between the password and the academy: the second step, and signing in by passkey alone."""

from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.db.session import transaction
from app.kernel import clock
from app.sign_in.domain import FEW_CODES, Ceremony, network
from app.sign_in.forms import PasskeyForm
from app.sign_in.queries import factors
from app.sign_in.queries.factors import PendingSession
from app.sign_in.service import passkeys, second_factor, sessions
from app.sign_in.service.second_factor import ResetCodeAccepted
from app.sign_in.service.sessions import RateLimited, SessionOpened
from app.sign_in.views._blueprint import bp
from app.sign_in.web import current_session as door
from app.sign_in.web.forms import CodeForm
from app.web.errors import page


@bp.get("/sign-in/second-step")
def show_second_factor() -> ResponseReturnValue:
    """Ask for the second step."""
    return door.ask_second_factor(CodeForm(), 200)


@bp.post("/sign-in/second-step")
def take_code() -> ResponseReturnValue:
    """Check a code: of an app, of the recovery codes, of a printed list, or from the contact point."""
    half, form = door.pending_session(), CodeForm(request.form)
    if half is None:
        return _sent_again(form) or _elsewhere()
    if not form.validate():
        return door.ask_second_factor(form, 422)
    by_passkey, now = door.requires_passkey(half.person_id), clock.real_now()
    with transaction():
        answer = second_factor.check_code(
            half, form.code.data or "", by_passkey=by_passkey, browser=door.browser_info(), real_now=now
        )
    match answer:
        case SessionOpened(person_id, secret):
            welcome = door.finish_sign_in(person_id, secret, shared=half.shared)
            _say_what_is_left(person_id)  # in the session that is open now: what was said before it is gone
            return welcome
        case ResetCodeAccepted(secret):
            door.store_pending_session(secret, shared=half.shared)
            return redirect(url_for("sign_in.show_factor_choice"))
        case RateLimited() | None:
            return _stopped(answer)
    form.code.errors = [_wrong(half, by_passkey=by_passkey)]
    return door.ask_second_factor(form, 422)


@bp.post("/sign-in/second-step/passkey-options")
def ask_passkey() -> ResponseReturnValue:
    """Say what this person's passkey has to sign."""
    half = door.pending_session()
    if half is None:
        return _elsewhere()
    with transaction():
        asked = passkeys.begin_authentication(
            half.person_id, Ceremony.SECOND_STEP, door.relying_party(), clock.real_now()
        )
    return door.challenge_response(asked)


@bp.post("/sign-in/second-step/passkey")
def take_passkey() -> ResponseReturnValue:
    """Check a passkey as the second step."""
    half = door.pending_session()
    if half is None:
        return _elsewhere()
    form, now, secret = PasskeyForm(request.form), clock.real_now(), ""
    if not form.validate():
        return page(422)
    if factors.factors(half.person_id).count == 0 or half.readmitted:
        return redirect(url_for("sign_in.show_factor_choice"))
    with transaction():
        held, late = second_factor.lock_pending_session(half, now), second_factor.code_rate_limit(half.person_id, now)
        if held is None or late is not None:
            return _stopped(late)
        challenge, answer = door.take_challenge(), form.credential.data or ""
        if (
            passkeys.authenticate(half.person_id, Ceremony.SECOND_STEP, challenge, answer, door.relying_party(), now)
            is None
        ):
            second_factor.record_failed_code(half.person_id, now)
        else:
            secret = second_factor.upgrade(half, browser=door.browser_info(), real_now=now)
    if secret:
        return door.finish_sign_in(half.person_id, secret, shared=half.shared)
    failed = CodeForm()
    failed.form_errors.append(_("This passkey was not taken. Try it again, or use a code."))
    return door.ask_second_factor(failed, 422)


@bp.post("/sign-in/passkey-options")
def ask_any_passkey() -> ResponseReturnValue:
    """Say what a passkey has to sign, whoever's it is."""
    return door.challenge_response(
        passkeys.begin_authentication(None, Ceremony.SIGN_IN, door.relying_party(), clock.real_now())
    )


@bp.post("/sign-in/passkey")
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in by a passkey that verified its user: both steps at once."""
    form, now, secret = PasskeyForm(request.form), clock.real_now(), ""
    if not form.validate():
        return page(422)
    address, shared = network(request.remote_addr or ""), bool(form.shared.data)
    with transaction():
        if (late := sessions.check_rate_limit(_origin(address), address, now)) is not None:
            return page(429, seconds=late.seconds)
        answer = form.credential.data or ""
        person_id = passkeys.authenticate(
            None, Ceremony.SIGN_IN, door.take_challenge(), answer, door.relying_party(), now
        )
        if person_id is None:
            sessions.record_failed_sign_in(_origin(address), address, now)
        else:
            secret = sessions.start_session(person_id, shared=shared, real_now=now, browser=door.browser_info())
    if person_id is not None:
        return door.finish_sign_in(person_id, secret, shared=shared)
    flash(_("This passkey was not taken. Try it again, or use your password."), "error")
    return redirect(url_for("sign_in.sign_in", next=request.form.get("next")))


@bp.post("/sign-in/start-again")
def start_again() -> ResponseReturnValue:
    """End the session between the two steps."""
    half = door.pending_session()
    if half is None:
        return _elsewhere()
    with transaction():
        sessions.sign_out(half.session_id, half.person_id)
    return door.clear_session(make_response(redirect(url_for("sign_in.sign_in", out=1))), shared=half.shared)


def _sent_again(form: CodeForm) -> ResponseReturnValue | None:
    """Answer whoever sends the code once more, the answer that let them in being lost; None to everybody else."""
    if current_user.is_authenticated or not door.pending_hash() or not form.validate():
        return None
    with transaction():
        found = second_factor.repeat_code(door.pending_hash(), form.code.data or "", clock.real_now())
    match found:
        case SessionOpened(person_id, secret), shared:
            welcome = door.finish_sign_in(person_id, secret, shared=shared)
            _say_what_is_left(person_id)
            return welcome
        case ResetCodeAccepted(secret), shared:
            door.store_pending_session(secret, shared=shared)
            return redirect(url_for("sign_in.show_factor_choice"))
        case RateLimited() as late, _:
            return _stopped(late)
    return None


def _wrong(half: PendingSession, *, by_passkey: bool) -> str:
    """Say what is wrong with a code, and which one would open."""
    if half.void and not factors.factors(half.person_id).recovery:
        return _("The code is not right. Only one from your contact point opens your account now.")
    if by_passkey:
        return _("Use your passkey, or a recovery code.")
    return _("The code is not right, or it was used before. Enter the next one.")


def _elsewhere() -> ResponseReturnValue:
    return redirect("/") if current_user.is_authenticated else door.ask_to_sign_in()


def _stopped(late: RateLimited | None) -> ResponseReturnValue:
    """Answer to who has to wait, or (None) whose session between the steps has ended meanwhile."""
    return page(429, seconds=late.seconds) if late else _elsewhere()


def _say_what_is_left(person_id: UUID) -> None:
    left = factors.factors(person_id)
    cure = _("Make new ones in your settings.")
    if left.app or left.passkeys:
        if left.recovery <= FEW_CODES:
            told = ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left.recovery)
            flash(f"{told} {cure}", "warning")
    elif left.printed <= FEW_CODES:
        told = ngettext("%(num)s code is left", "%(num)s codes are left", left.printed)
        flash(f"{told}. {cure}", "warning")


def _origin(address: str) -> str:
    """Return what stands for the account where nobody is named: one stranger must not shut out the others."""
    return f"passkey {address}"
