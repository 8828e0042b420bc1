"""Pages on which a person sets up a second factor: between the two steps when none is there, else from the settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import segno
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db.session import record, transaction
from app.identity.queries import people
from app.kernel import clock
from app.sign_in.domain import CodeKind, Factor, read_code, spaced
from app.sign_in.events import FactorAdded
from app.sign_in.forms import PasskeyForm
from app.sign_in.queries import factors
from app.sign_in.queries.factors import PendingSession
from app.sign_in.service import passkeys, second_factor, sessions
from app.sign_in.service.sessions import RateLimited, UpgradedSession
from app.sign_in.views._blueprint import bp
from app.sign_in.web import current_session
from app.sign_in.web.forms import CodeForm
from app.web.errors import page
from app.web.redirects import own_path
from app.web.settings import settings

Same = Callable[[UpgradedSession], bool]
UNSEEN = timedelta(hours=24)  # what a first list lasts until its reader goes on from it; then it lasts


@dataclass(frozen=True, slots=True)
class Setter:
    """Who sets up a factor: from half a session, or from a whole one in which everything was proved lately."""

    person_id: UUID
    half: PendingSession | None


@bp.get("/sign-in/factors")
def show_factor_choice() -> ResponseReturnValue:
    """Offer the factors that a person may set up."""
    who = _who()
    return _choose(who, 200) if isinstance(who, Setter) else who


@bp.post("/sign-in/factors/app")
def begin_app() -> ResponseReturnValue:
    """Make a seed for an app."""
    who = _who()
    if not isinstance(who, Setter):
        return who
    with transaction():
        second_factor.begin_app(who.person_id, clock.real_now())
    return redirect(url_for("sign_in.app", next=_onward()))


@bp.get("/sign-in/factors/app")
def app() -> ResponseReturnValue:
    """Show the seed of an app, as a picture and as text."""
    who = _who()
    return _seed(who, CodeForm(), 200) if isinstance(who, Setter) else who


@bp.post("/sign-in/factors/app/code")
def confirm_app() -> ResponseReturnValue:
    """Take a first code of the app."""
    who = _who(lambda it: factors.was_app_code(it.person_id, it.started_at, read_code(request.form.get("code", ""))))
    if not isinstance(who, Setter):
        return who
    form, now = CodeForm(request.form), clock.real_now()
    if not form.validate():
        return _seed(who, form, 422)
    with transaction():
        if (held := _hold(who)) is None:
            return redirect(url_for("sign_in.show_factor_choice", next=_onward()))
        afresh = held.half is not None and held.half.readmitted
        wrong = second_factor.confirm_app(who.person_id, form.code.data or "", afresh=afresh, real_now=now)
        secret, codes = ("", []) if wrong else _finish(held, now)
    if isinstance(wrong, RateLimited):
        return page(429, seconds=wrong.seconds)
    if wrong:
        form.code.errors = [_("The code is not right. Enter the one that your app shows now.")]
        return _seed(who, form, 422)
    return _added(who, secret, codes)


@bp.post("/sign-in/factors/passkey-options")
def ask_new_passkey() -> ResponseReturnValue:
    """Say what a new passkey has to sign."""
    who = _who()
    if not isinstance(who, Setter):
        return who
    alias = people.names([who.person_id])[who.person_id]
    with transaction():
        asked = passkeys.begin_registration(who.person_id, alias, current_session.relying_party(), clock.real_now())
    return current_session.challenge_response(asked)


@bp.post("/sign-in/factors/passkey")
def add_passkey() -> ResponseReturnValue:
    """Add the passkey that the browser made."""
    who = _who(
        lambda it: factors.was_passkey(
            it.person_id, it.started_at, passkeys.credential_id(request.form.get("credential", ""))
        )
    )
    if not isinstance(who, Setter):
        return who
    form = PasskeyForm(request.form)
    if not form.validate():
        return _choose(who, 422)
    secret, codes, now = "", list[str](), clock.real_now()
    with transaction():
        if (held := _hold(who)) is None:
            return redirect(url_for("sign_in.show_factor_choice", next=_onward()))
        afresh = held.half is not None and held.half.readmitted
        challenge, answer = current_session.take_challenge(), form.credential.data or ""
        added = passkeys.add(who.person_id, challenge, answer, current_session.relying_party(), now, afresh=afresh)
        if added:
            secret, codes = _finish(held, now)
    if added:
        return _added(who, secret, codes)
    flash(_("This passkey was not added. Try again."), "error")
    return redirect(url_for("sign_in.show_factor_choice", next=_onward()))


@bp.post("/sign-in/factors/printed")
def make_list() -> ResponseReturnValue:
    """Make a list of codes to print, where the country takes it for a factor."""
    who, now = _who(lambda it: factors.was_list(it.person_id, it.started_at), CodeKind.PRINTED), clock.real_now()
    if not isinstance(who, Setter):
        return who
    if not factors.printed_codes_are_allowed(who.person_id, clock.today()):
        return page(403)
    with transaction():
        if (held := _hold(who)) is None:
            return redirect(url_for("sign_in.show_factor_choice", next=_onward()))
        if held.half is not None and held.half.readmitted:
            second_factor.delete_factors(who.person_id)
        second_factor.clear_factors_void(who.person_id)
        codes = second_factor.make_codes(who.person_id, CodeKind.PRINTED, now, now + UNSEEN if held.half else None)
        record(FactorAdded(person_id=who.person_id, factor=Factor.PRINTED, actor_id=who.person_id))
        secret = (
            second_factor.upgrade(held.half, browser=current_session.browser_info(), real_now=now, first=True)
            if held.half
            else ""
        )
    return _added(who, secret, codes, CodeKind.PRINTED)


@bp.post("/sign-in/factors/recovery")
def make_recovery() -> ResponseReturnValue:
    """Make new recovery codes in place of the old ones, for who has a factor that they stand in for."""
    who = _who()
    if not isinstance(who, Setter):
        return who
    if who.half is not None or factors.factors(who.person_id).count == 0:
        return redirect(url_for("sign_in.show_factor_choice"))
    with transaction():
        if _hold(who) is None:
            return redirect(url_for("sign_in.show_factor_choice"))
        codes = second_factor.make_codes(who.person_id, CodeKind.RECOVERY, clock.real_now())
    return _added(who, "", codes)


def _who(same: Same | None = None, kind: CodeKind = CodeKind.RECOVERY) -> Setter | Response:
    """Return who may set up a factor, or the answer for who may not: a password alone opens this once, never again.

    `same` says of what set up a first factor whether this request is that one, sent once more.
    """
    if current_user.is_authenticated:
        if current_session.recently_fully_authenticated():
            return Setter(current_user.id, None)
        return make_response(redirect(url_for("settings.show_security")))
    half = current_session.pending_session()
    if half is None:
        return (_sent_again(same, kind) if same else None) or current_session.ask_to_sign_in()
    if factors.may_choose_factors(half, factors.factors(half.person_id), clock.real_now()):
        return Setter(half.person_id, half)
    return make_response(redirect(url_for("sign_in.show_second_factor")))


def _hold(who: Setter) -> Setter | None:
    """Hold who sets up a factor until the transaction ends; None when they may not by now.

    Their session may have ended, or, between the steps, a factor be there.
    """
    now = clock.real_now()
    if who.half is None:
        return who if second_factor.lock_open_session(current_session.open_session(), now) else None
    half = second_factor.lock_pending_session(who.half, now)
    if half is None or not factors.may_choose_factors(half, factors.factors(half.person_id), now):
        return None
    return Setter(half.person_id, half)


def _sent_again(same: Same, kind: CodeKind) -> Response | None:
    """Answer whoever sends once more what made their session whole, the answer with the codes being lost.

    They get new codes in place of those that nobody has seen. None: nothing was sent before, or not the `same`.
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
        codes, secret = (
            second_factor.make_codes(risen.person_id, kind, now, ends_at),
            sessions.rotate_upgraded_secret(risen),
        )
    half = PendingSession(risen.session_id, hashed, risen.person_id, readmitted=False, shared=risen.shared)
    return make_response(_added(Setter(risen.person_id, half), secret, codes, kind))


def _finish(who: Setter, now: datetime) -> tuple[str, list[str]]:
    """Make recovery codes if there are none, and half a session whole; inside the transaction that added a factor."""
    codes = list[str]()
    second_factor.clear_factors_void(who.person_id)
    if who.half is not None or factors.factors(who.person_id).recovery == 0:
        codes = second_factor.make_codes(who.person_id, CodeKind.RECOVERY, now)
    secret = (
        second_factor.upgrade(who.half, browser=current_session.browser_info(), real_now=now, first=True)
        if who.half
        else ""
    )
    return secret, codes


def _added(who: Setter, secret: str, codes: Sequence[str], kind: CodeKind = CodeKind.RECOVERY) -> ResponseReturnValue:
    onward = own_path(_onward(), "/" if who.half else url_for("settings.show_security"))
    if who.half is not None:
        current_session.store_session(secret, who.person_id, shared=who.half.shared)
        if current_session.warn_without_passkey(who.person_id):
            onward = url_for("sign_in.show_factor_choice", next=onward)
    if not codes:
        flash(_("It is added."))
        return redirect(onward)
    shown = [spaced(code) for code in codes]
    return render_template("sign_in/codes.html", codes=shown, printed=kind is CodeKind.PRINTED, onward=onward)


def _choose(who: Setter, status: int) -> Response:
    has = factors.factors(who.person_id)
    allowed = factors.printed_codes_are_allowed(who.person_id, clock.today())
    page = render_template(
        "sign_in/factors.html", has=has, printed_allowed=allowed, first=who.half is not None, onward=_onward()
    )
    return make_response(page, status)


def _seed(who: Setter, form: CodeForm, status: int) -> Response:
    shown = factors.app_seed(who.person_id, confirmed=False)
    if shown is None:
        return make_response(redirect(url_for("sign_in.show_factor_choice", next=_onward())))
    alias = people.names([who.person_id])[who.person_id]
    address = pyotp.TOTP(shown[1]).provisioning_uri(name=alias, issuer_name=settings().mail.name)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, light="#fff", dark="#000")
    seed = " ".join(shown[1][at : at + 4] for at in range(0, len(shown[1]), 4))
    page = render_template("sign_in/app.html", form=form, picture=picture, seed=seed, onward=_onward())
    return make_response(page, status)


def _onward() -> str | None:
    return request.values.get("next")
