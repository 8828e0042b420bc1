"""`/sign-in/factors`: set up an app, passkey or printed codes, during sign-in if there is none, or from settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import segno
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db.session import record, transaction
from app.identity.queries import people
from app.kernel import clock
from app.sign_in.domain import CodeKind, Factor, in_two_halves, read_code
from app.sign_in.events import FactorAdded
from app.sign_in.forms.authentication import CodeForm, PasskeyForm
from app.sign_in.queries import factors
from app.sign_in.queries.factors import PendingSession
from app.sign_in.service import passkeys, second_factor, sessions
from app.sign_in.service.sessions import RateLimited, UpgradedSession
from app.sign_in.views import current_session
from app.sign_in.views._blueprint import bp
from app.web.errors import page
from app.web.http.redirects import own_path
from app.web.settings import settings

Same = Callable[[UpgradedSession], bool]
UNSEEN = timedelta(hours=24)  # a first list ends after this time, unless its session is used


@dataclass(frozen=True, slots=True)
class Setter:
    """The person who sets up a factor: in a pending session, or in an open one with a recent full authentication."""

    person_id: UUID
    half: PendingSession | None

    @property
    def starts_afresh(self) -> bool:
        """Return whether a reset code was used: the new factor replaces all older ones."""
        return self.half is not None and self.half.readmitted


@bp.get("/sign-in/factors")
def show_factor_choice() -> ResponseReturnValue:
    """Offer the factors that a person may set up."""
    return _choose(_setter(), 200)


@bp.post("/sign-in/factors/app")
def begin_app() -> ResponseReturnValue:
    """Create the seed of an app."""
    setter = _setter()
    with transaction():
        second_factor.begin_app(setter.person_id, clock.real_now())
    return redirect(url_for("sign_in.app", next=_onward()))


@bp.get("/sign-in/factors/app")
def app() -> ResponseReturnValue:
    """Show the seed of an app, as a picture and as text."""
    return _seed(_setter(), CodeForm(), 200)


@bp.post("/sign-in/factors/app/code")
def confirm_app() -> ResponseReturnValue:
    """Confirm an app by its first code."""
    setter = _setter(
        lambda session: factors.was_app_code(
            session.person_id, session.started_at, read_code(request.form.get("code", ""))
        )
    )
    form, now = CodeForm(request.form), clock.real_now()
    if not form.validate():
        return _seed(setter, form, 422)
    with transaction():
        if (locked := _lock(setter)) is None:
            return redirect(url_for("sign_in.show_factor_choice", next=_onward()))
        refusal = second_factor.confirm_app(
            setter.person_id, form.code.data or "", afresh=locked.starts_afresh, real_now=now
        )
        secret, codes = ("", []) if refusal else _finish(locked, now)
    if isinstance(refusal, RateLimited):
        return page(429, seconds=refusal.seconds)
    if refusal:
        form.code.errors = [_("The code is not right. Enter the one that your app shows now.")]
        return _seed(setter, form, 422)
    return _added(setter, secret, codes)


@bp.post("/sign-in/factors/passkey-options")
def ask_new_passkey() -> ResponseReturnValue:
    """Return the challenge for a new passkey."""
    setter = _setter()
    alias = people.names([setter.person_id])[setter.person_id]
    with transaction():
        asked = passkeys.begin_registration(setter.person_id, alias, current_session.relying_party(), clock.real_now())
    return current_session.challenge_response(asked)


@bp.post("/sign-in/factors/passkey")
def add_passkey() -> ResponseReturnValue:
    """Add the passkey of the browser."""
    setter = _setter(
        lambda session: factors.was_passkey(
            session.person_id, session.started_at, passkeys.credential_id(request.form.get("credential", ""))
        )
    )
    form = PasskeyForm(request.form)
    if not form.validate():
        return _choose(setter, 422)
    secret, codes, now = "", list[str](), clock.real_now()
    with transaction():
        if (locked := _lock(setter)) is None:
            return redirect(url_for("sign_in.show_factor_choice", next=_onward()))
        challenge, answer = current_session.take_challenge(), form.credential.data or ""
        site, afresh = current_session.relying_party(), locked.starts_afresh
        added = passkeys.add(setter.person_id, challenge, answer, site, now, afresh=afresh)
        if added:
            secret, codes = _finish(locked, now)
    if added:
        return _added(setter, secret, codes)
    flash(_("This passkey was not added. Try again."), "error")
    return redirect(url_for("sign_in.show_factor_choice", next=_onward()))


@bp.post("/sign-in/factors/printed")
def make_list() -> ResponseReturnValue:
    """Create a printed list of codes, if the country accepts it as a factor."""
    setter = _setter(lambda session: factors.was_list(session.person_id, session.started_at), CodeKind.PRINTED)
    now = clock.real_now()
    if not factors.printed_codes_are_allowed(setter.person_id, clock.today()):
        return page(403)
    with transaction():
        if (locked := _lock(setter)) is None:
            return redirect(url_for("sign_in.show_factor_choice", next=_onward()))
        if locked.starts_afresh:
            second_factor.delete_factors(setter.person_id)
        second_factor.clear_factors_void(setter.person_id)
        codes = second_factor.make_codes(setter.person_id, CodeKind.PRINTED, now, now + UNSEEN if locked.half else None)
        record(FactorAdded(person_id=setter.person_id, factor=Factor.PRINTED, actor_id=setter.person_id))
        secret = _upgrade(locked.half, now)
    return _added(setter, secret, codes, CodeKind.PRINTED)


@bp.post("/sign-in/factors/recovery")
def make_recovery() -> ResponseReturnValue:
    """Create new recovery codes in place of the old ones, if the person has another factor."""
    setter = _setter()
    if setter.half is not None or factors.factors(setter.person_id).count == 0:
        return redirect(url_for("sign_in.show_factor_choice"))
    with transaction():
        if _lock(setter) is None:
            return redirect(url_for("sign_in.show_factor_choice"))
        codes = second_factor.make_codes(setter.person_id, CodeKind.RECOVERY, clock.real_now())
    return _added(setter, "", codes)


def _setter(same: Same | None = None, kind: CodeKind = CodeKind.RECOVERY) -> Setter:
    """Return the person who may set up a factor; abort with a response for others: a password alone allows this once.

    `same` returns whether this request repeats the one that set up the first factor of an upgraded session.
    """
    if current_user.is_authenticated:
        if current_session.recently_fully_authenticated():
            return Setter(current_user.id, None)
        abort(redirect(url_for("settings.show_security")))
    half = current_session.pending_session()
    if half is None:
        abort((_sent_again(same, kind) if same else None) or current_session.ask_to_sign_in())
    if not factors.may_choose_factors(half, factors.factors(half.person_id), clock.real_now()):
        abort(redirect(url_for("sign_in.show_second_factor")))
    return Setter(half.person_id, half)


def _lock(setter: Setter) -> Setter | None:
    """Lock the session of the setter; return None if it has ended or a pending session has a factor by then."""
    now = clock.real_now()
    if setter.half is None:
        return setter if second_factor.lock_open_session(current_session.open_session(), now) else None
    half = second_factor.lock_pending_session(setter.half, now)
    if half is None or not factors.may_choose_factors(half, factors.factors(half.person_id), now):
        return None
    return Setter(half.person_id, half)


def _sent_again(same: Same, kind: CodeKind) -> Response | None:
    """Respond to a repeated setup of the first factor, after the response with the codes was lost.

    The person gets new codes in place of the lost ones. None: nothing was sent before, or it is not the `same`.
    """
    hashed, now = current_session.pending_hash(), clock.real_now()
    with transaction():
        if (risen := sessions.lock_upgraded(hashed, now, first=True)) is None:
            return None
        if (late := second_factor.code_rate_limit(risen.person_id, now)) is not None:
            return page(429, seconds=late.seconds)
        if not same(risen):
            second_factor.record_failed_code(risen.person_id, now)
            return None
        ends_at = now + UNSEEN if kind is CodeKind.PRINTED else None
        codes = second_factor.make_codes(risen.person_id, kind, now, ends_at)
        secret = sessions.rotate_upgraded_secret(risen)
    half = PendingSession(risen.session_id, hashed, risen.person_id, readmitted=False, shared=risen.shared)
    return make_response(_added(Setter(risen.person_id, half), secret, codes, kind))


def _finish(setter: Setter, now: datetime) -> tuple[str, list[str]]:
    """Create missing recovery codes and upgrade a pending session, in the transaction that added a factor."""
    codes = list[str]()
    second_factor.clear_factors_void(setter.person_id)
    if setter.half is not None or factors.factors(setter.person_id).recovery == 0:
        codes = second_factor.make_codes(setter.person_id, CodeKind.RECOVERY, now)
    return _upgrade(setter.half, now), codes


def _upgrade(half: PendingSession | None, now: datetime) -> str:
    """Upgrade a pending session by its first factor and return the new secret, "" for an open session."""
    if half is None:
        return ""
    return second_factor.upgrade(half, browser=current_session.browser_info(), real_now=now, first=True)


def _added(
    setter: Setter, secret: str, codes: Sequence[str], kind: CodeKind = CodeKind.RECOVERY
) -> ResponseReturnValue:
    onward = own_path(_onward(), "/" if setter.half else url_for("settings.show_security"))
    if setter.half is not None:
        current_session.store_session(secret, setter.person_id, shared=setter.half.shared)
        if current_session.warn_without_passkey(setter.person_id):
            onward = url_for("sign_in.show_factor_choice", next=onward)
    if not codes:
        flash(_("The second factor is added."))
        return redirect(onward)
    shown = [in_two_halves(code) for code in codes]
    return render_template("sign_in/codes.html", codes=shown, printed=kind is CodeKind.PRINTED, onward=onward)


def _choose(setter: Setter, status: int) -> Response:
    has = factors.factors(setter.person_id)
    allowed = factors.printed_codes_are_allowed(setter.person_id, clock.today())
    page = render_template(
        "sign_in/factors.html",
        has=has,
        printed_allowed=allowed,
        first=setter.half is not None,
        passkey_first=current_session.lacks_passkey(setter.person_id),
        onward=_onward(),
    )
    return make_response(page, status)


def _seed(setter: Setter, form: CodeForm, status: int) -> Response:
    shown = factors.app_seed(setter.person_id, confirmed=False)
    if shown is None:
        return make_response(redirect(url_for("sign_in.show_factor_choice", next=_onward())))
    alias = people.names([setter.person_id])[setter.person_id]
    address = pyotp.TOTP(shown[1]).provisioning_uri(name=alias, issuer_name=settings().mail.name)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, light="#fff", dark="#000")
    seed = " ".join(shown[1][at : at + 4] for at in range(0, len(shown[1]), 4))
    page = render_template("sign_in/app.html", form=form, picture=picture, seed=seed, onward=_onward())
    return make_response(page, status)


def _onward() -> str | None:
    return request.values.get("next")
