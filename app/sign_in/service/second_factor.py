"""Second factors: check codes, upgrade a pending session, set up and remove factors, reauthenticate, end sessions."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

import pyotp
from sqlalchemy import delete, or_, update

from app.access.policy import Role
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import changed_rows, db, record
from app.identity.models import Person
from app.identity.queries import roles as identity_roles
from app.kernel import clock
from app.sign_in.domain import (
    APP_DIGITS,
    CODE_COUNTS,
    CODE_DIGITS,
    CODE_LIMITS,
    CODE_SECONDS,
    BrowserInfo,
    CodeKind,
    Factor,
    Stage,
    read_code,
    remaining_wait,
)
from app.sign_in.events import (
    CodesMade,
    CodeUsed,
    FactorAdded,
    FactorBegun,
    FactorRemoved,
    ProvedAgain,
    SecondStepFailed,
    SessionsEnded,
)
from app.sign_in.models import AuthenticatorApp, FailedCode, OneTimeCode, Passkey, SignInSession, UsedStep
from app.sign_in.queries import factors
from app.sign_in.queries.factors import PendingSession
from app.sign_in.service import sessions as sign_in_sessions
from app.sign_in.service.sessions import SECRET_BYTES, RateLimited, SessionOpened, WrongCredentials

IN_SESSION = "in a session"  # a separate count of failures: the user is signed in


@dataclass(frozen=True, slots=True)
class OpenSession:
    """An open session, and the hash of the secret that its browser presented."""

    person_id: UUID
    session_id: int
    presented: str


@dataclass(frozen=True, slots=True)
class ResetCodeAccepted:
    """The code was a reset code: the person can now set up new factors, and nothing else."""

    secret: str  # the new secret of the pending session


def check_code(
    pending: PendingSession, text: str, *, by_passkey: bool = False, browser: BrowserInfo, real_now: datetime
) -> SessionOpened | ResetCodeAccepted | WrongCredentials | RateLimited | None:
    """Check a code of any kind; the right code upgrades a pending session, under a new secret.

    None: the pending session has ended meanwhile, and the code was not checked. `by_passkey` is true for an
    administrator with a passkey: codes of an app or a printed list are not accepted instead.
    """
    if lock_pending_session(pending, real_now) is None:
        return None
    if (late := code_rate_limit(pending.person_id, real_now)) is not None:
        return late
    kinds = [kind for kind in CodeKind if not (by_passkey and kind is CodeKind.PRINTED)]
    kind = _use_code(pending.person_id, read_code(text), real_now, app=not by_passkey, kinds=kinds)
    if kind is None:
        record_failed_code(pending.person_id, real_now)
        return WrongCredentials()
    if kind is CodeKind.READMISSION:
        secret, former = secrets.token_urlsafe(SECRET_BYTES), sign_in_sessions.upgraded_hash(pending.secret_hash)
        values = {"stage": Stage.READMITTED, "secret_hash": sign_in_sessions.hash_secret(secret), "former_hash": former}
        db.session.execute(update(SignInSession).where(SignInSession.id == pending.session_id).values(**values))
        return ResetCodeAccepted(secret)
    return SessionOpened(pending.person_id, upgrade(pending, browser=browser, real_now=real_now))


def repeat_code(
    hashed: str, text: str, real_now: datetime
) -> tuple[SessionOpened | ResetCodeAccepted | WrongCredentials | RateLimited, bool] | None:
    """Open a session by the code that upgraded it, sent again, and return the result and `shared` of the session.

    `hashed` is the hash of the pending secret; None if it was not upgraded. A wrong code counts for the rate limit.
    """
    if (upgraded := sign_in_sessions.lock_upgraded(hashed, real_now)) is None:
        return None
    if (late := code_rate_limit(upgraded.person_id, real_now)) is not None:
        return late, upgraded.shared
    if not factors.was_opened_by(upgraded.person_id, upgraded.stage, upgraded.started_at, read_code(text)):
        record_failed_code(upgraded.person_id, real_now)
        return WrongCredentials(), upgraded.shared
    secret = sign_in_sessions.rotate_upgraded_secret(upgraded)
    is_whole = upgraded.stage is Stage.WHOLE
    return SessionOpened(upgraded.person_id, secret) if is_whole else ResetCodeAccepted(secret), upgraded.shared


def lock_pending_session(pending: PendingSession, real_now: datetime) -> PendingSession | None:
    """Lock a pending session and its person and return its current state, or None if it has ended.

    It was read before: a new password may have ended it since, an incident or a reset code may have voided its factors.
    """
    lock_key(pending.person_id.hex)
    if sign_in_sessions.lock_person(pending.person_id) is None:
        return None
    return factors.reload_pending_session(pending, real_now)


def lock_open_session(opened: OpenSession, real_now: datetime) -> bool:
    """Lock an open session and its person; return whether the session still exists."""
    lock_key(opened.person_id.hex)
    if sign_in_sessions.lock_person(opened.person_id) is None:
        return False
    return factors.lock_session(opened.session_id, opened.presented, real_now)


def code_rate_limit(person_id: UUID, real_now: datetime) -> RateLimited | None:
    """Return the wait before the next code of a person, or None."""
    left = remaining_wait(factors.failed_codes(person_id, real_now), CODE_LIMITS, real_now)
    return RateLimited(int(left.total_seconds()) + 1) if left else None


def record_failed_code(person_id: UUID, real_now: datetime) -> None:
    """Record a wrong code for the rate limit."""
    db.session.add(FailedCode(person_id=person_id, at=real_now))
    record(SecondStepFailed(person_id=person_id, actor_id=person_id))


def upgrade(pending: PendingSession, *, browser: BrowserInfo, real_now: datetime, first: bool = False) -> str:
    """Replace a locked pending session by an open one and return its secret; `first`: by a factor that was set up.

    The same request may come again if its response is lost: see `repeat_code`.
    """
    db.session.execute(delete(SignInSession).where(SignInSession.id == pending.session_id))
    former = sign_in_sessions.upgraded_hash(pending.secret_hash, first=first)
    return sign_in_sessions.start_session(
        pending.person_id, shared=pending.shared, real_now=real_now, browser=browser, former=former
    )


def begin_app(person_id: UUID, real_now: datetime) -> None:
    """Create a seed for an app; it is valid after a code of it was confirmed."""
    _delete_apps(person_id, confirmed=False)
    db.session.add(AuthenticatorApp(person_id=person_id, seed=pyotp.random_base32(), made_at=real_now))
    record(FactorBegun(person_id=person_id, factor=Factor.APP, actor_id=person_id))


def confirm_app(
    person_id: UUID, text: str, *, afresh: bool, real_now: datetime
) -> WrongCredentials | RateLimited | None:
    """Confirm the new seed, in place of an older one, by a right code of it.

    `afresh` deletes all older factors: the access of the person was restored.
    """
    lock_key(person_id.hex)
    if (late := code_rate_limit(person_id, real_now)) is not None:
        return late
    app_seed = factors.app_seed(person_id, confirmed=False)
    step = _step(app_seed[1], read_code(text), real_now) if app_seed else None
    if app_seed is None or step is None or not _use_step(person_id, step):
        record_failed_code(person_id, real_now)
        return WrongCredentials()
    if afresh:
        delete_factors(person_id)
    _delete_apps(person_id, confirmed=True)
    db.session.get_one(AuthenticatorApp, app_seed[0]).confirmed_at = real_now
    record(FactorAdded(person_id=person_id, factor=Factor.APP, actor_id=person_id))
    return None


def make_codes(person_id: UUID, kind: CodeKind, real_now: datetime, ends_at: datetime | None = None) -> list[str]:
    """Create new codes of a kind in place of the old ones and return them; only their hashes are stored."""
    codes: set[str] = set()
    while len(codes) < CODE_COUNTS[kind]:
        codes.add(f"{secrets.randbelow(10 ** CODE_DIGITS[kind]):0{CODE_DIGITS[kind]}}")
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.person_id == person_id, OneTimeCode.kind == kind))
    for code in codes:
        hashed = _code_index(person_id, code)
        db.session.add(OneTimeCode(person_id=person_id, kind=kind, code_hash=hashed, made_at=real_now, ends_at=ends_at))
    record(CodesMade(person_id=person_id, kind=kind))
    return sorted(codes)


def delete_reset_codes(person_id: UUID) -> None:
    """Delete the codes with which a helper restored access to an account."""
    codes = (OneTimeCode.person_id == person_id, OneTimeCode.kind == CodeKind.READMISSION)
    db.session.execute(delete(OneTimeCode).where(*codes))


def remove_factor(person_id: UUID, factor: Factor, key: UUID | None) -> bool:
    """Remove a factor and end all sessions of the person; return False if it is the last factor that they need."""
    lock_key(person_id.hex)
    if _is_last(person_id, factor):
        return False
    if not changed_rows(_deletion(person_id, factor, key)):
        return True  # removed before
    if factors.factors(person_id).count == 0:
        db.session.execute(delete(OneTimeCode).where(OneTimeCode.person_id == person_id))
    end_sessions(person_id)
    record(FactorRemoved(person_id=person_id, factor=factor))
    return True


def _is_last(person_id: UUID, factor: Factor) -> bool:
    """Return whether the person needs this factor: their only one, or the only passkey of an administrator."""
    has, roles = factors.factors(person_id), identity_roles.roles_of(person_id, clock.today())
    is_last = has.count <= 1 and factors.factor_is_required(person_id, clock.today())
    return is_last or (factor is Factor.PASSKEY and len(has.passkeys) <= 1 and Role.ADMINISTRATOR in roles)


def _deletion(person_id: UUID, factor: Factor, key: UUID | None) -> Any:
    match factor:
        case Factor.APP:
            return delete(AuthenticatorApp).where(AuthenticatorApp.person_id == person_id)
        case Factor.PASSKEY:
            return delete(Passkey).where(Passkey.person_id == person_id, Passkey.id == key)
        case Factor.PRINTED:
            return delete(OneTimeCode).where(OneTimeCode.person_id == person_id, OneTimeCode.kind == CodeKind.PRINTED)
        case _:
            assert_never(factor)


def clear_factors_void(person_id: UUID) -> None:
    """Accept factors that were set up after an incident voided the older ones, or with a reset code."""
    void = update(Person).where(Person.id == person_id, Person.factors_void)
    db.session.execute(void.values(factors_void=False), execution_options={"synchronize_session": False})


def void_factors_if_none_left(person_id: UUID) -> None:
    """Void the factors of a person who needs a factor and has none left: a password alone sets up no new one.

    A reset code or an open session does. Only a person who never had a factor sets up the first one by password.
    """
    if factors.factors(person_id).count == 0 and factors.factor_is_required(person_id, clock.today()):
        void = update(Person).where(Person.id == person_id).values(factors_void=True)
        db.session.execute(void, execution_options={"synchronize_session": False})


def delete_factors(person_id: UUID) -> None:
    """Delete all factors and open sessions of a person whose access was restored and who sets up a new factor."""
    _delete_apps(person_id, confirmed=True)
    db.session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.person_id == person_id))
    sessions = (SignInSession.person_id == person_id, SignInSession.stage == Stage.WHOLE)
    db.session.execute(delete(SignInSession).where(*sessions))


def end_sessions(person_id: UUID, *, but: int | None = None, device: UUID | None = None) -> int:
    """End the sessions of a person: all, all except `but`, or that of a device; return the number."""
    sign_in_sessions.lock_person(person_id)
    ending = delete(SignInSession).where(SignInSession.person_id == person_id)
    if but is not None:
        ending = ending.where(SignInSession.id != but)
    if device is not None:
        ending = ending.where(SignInSession.public_id == device)
    count = changed_rows(ending)
    if count:
        record(SessionsEnded(person_id=person_id, count=count))
    return count


def password_rate_limit(person_id: UUID, address: str, real_now: datetime) -> RateLimited | None:
    """Return the wait before the next password in an open session, or None: only own failures count."""
    return sign_in_sessions.check_rate_limit(
        sign_in_sessions.rate_limit_key(person_id, ""), address, real_now, browser_id=IN_SESSION
    )


def reauthenticate(
    opened: OpenSession,
    *,
    right: bool,
    code: str | None = None,
    by_passkey: bool = False,
    address: str,
    real_now: datetime,
) -> WrongCredentials | RateLimited | SessionOpened | None:
    """Record the password check of an open session, within the rate limits of signing in.

    None: the session has ended during the check. With a `code` it is a full authentication; without, only if the
    account has no other factor. The session gets a new secret. `by_passkey` is as for `check_code`.
    """
    person_id, name = opened.person_id, sign_in_sessions.rate_limit_key(opened.person_id, "")
    lock_key(blind_index.index("account", name), blind_index.index("address", address), person_id.hex)
    if not lock_open_session(opened, real_now):
        return None
    if (late := _reauthentication_rate_limit(person_id, address, real_now, by_code=code is not None)) is not None:
        return late
    if not right:
        sign_in_sessions.record_failed_sign_in(name, address, real_now, browser_id=IN_SESSION)
        return WrongCredentials()
    if code is not None and not _reauthenticate_by_code(person_id, code, real_now, by_passkey=by_passkey):
        return WrongCredentials()
    fully = code is not None or factors.factors(person_id).count == 0
    return record_reauthentication(opened, fully=fully, real_now=real_now)


def _reauthentication_rate_limit(
    person_id: UUID, address: str, real_now: datetime, *, by_code: bool
) -> RateLimited | None:
    late = password_rate_limit(person_id, address, real_now)
    return code_rate_limit(person_id, real_now) if late is None and by_code else late


def record_reauthentication(opened: OpenSession, *, fully: bool, real_now: datetime) -> SessionOpened:
    """Record a reauthentication and give the session a new secret.

    `fully`: with every factor that the account requires.
    """
    values = {"proved_at": real_now, **({"fully_proved_at": real_now} if fully else {})}
    record(ProvedAgain(person_id=opened.person_id))
    return SessionOpened(opened.person_id, sign_in_sessions.rotate_secret(opened.session_id, opened.presented, values))


def _reauthenticate_by_code(person_id: UUID, code: str, real_now: datetime, *, by_passkey: bool) -> bool:
    kinds = (CodeKind.RECOVERY, *(() if by_passkey else (CodeKind.PRINTED,)))
    if _use_code(person_id, read_code(code), real_now, app=not by_passkey, kinds=kinds) is not None:
        return True
    record_failed_code(person_id, real_now)
    return False


def _use_code(
    person_id: UUID, digits: str, real_now: datetime, *, app: bool, kinds: Collection[CodeKind]
) -> Factor | CodeKind | None:
    """Use up a code and return its kind, which its length shows, or None if it is wrong."""
    if len(digits) == APP_DIGITS:
        return _use_app_code(person_id, digits, real_now) if app else None
    if len(digits) not in CODE_DIGITS.values():
        return None
    if len(digits) == CODE_DIGITS[CodeKind.PRINTED] and not factors.printed_codes_are_allowed(person_id, clock.today()):
        kinds = [kind for kind in kinds if kind is not CodeKind.PRINTED]
    return _use_one_time_code(person_id, digits, real_now, kinds)


def _use_app_code(person_id: UUID, digits: str, real_now: datetime) -> Factor | None:
    app_seed = factors.app_seed(person_id, confirmed=True)
    step = _step(app_seed[1], digits, real_now) if app_seed else None
    return Factor.APP if step is not None and _use_step(person_id, step) else None


def _use_one_time_code(
    person_id: UUID, digits: str, real_now: datetime, kinds: Collection[CodeKind]
) -> CodeKind | None:
    unused = (
        OneTimeCode.person_id == person_id,
        OneTimeCode.code_hash.in_(blind_index.indexes("code", f"{person_id} {digits}")),
        OneTimeCode.used_at.is_(None),
        or_(OneTimeCode.ends_at.is_(None), OneTimeCode.ends_at > real_now),
        OneTimeCode.kind.in_(kinds),
    )
    # one conditional statement: of two requests at once only one uses the code
    taken = update(OneTimeCode).where(*unused).values(used_at=real_now).returning(OneTimeCode.kind)
    kind = db.session.scalars(taken, execution_options={"synchronize_session": False}).one_or_none()
    if kind is not None:
        has = factors.factors(person_id)
        left = {CodeKind.RECOVERY: has.recovery, CodeKind.PRINTED: has.printed}.get(kind, 0)
        record(CodeUsed(person_id=person_id, actor_id=person_id, kind=kind, left=left))
        if kind is CodeKind.PRINTED:
            void_factors_if_none_left(person_id)
    return kind


def _step(seed: str, digits: str, real_now: datetime) -> int | None:
    """Return the time step of a code, at most one step from now: clocks differ, and typing takes time."""
    at = int(clock.to_machine(real_now).timestamp()) // CODE_SECONDS  # the app uses its own clock
    steps = [step for step in (at - 1, at, at + 1) if factors.is_code(seed, step, digits)]
    return steps[0] if steps else None


def _use_step(person_id: UUID, step: int) -> bool:
    """Use up a time step; return False if it was used before. The caller has locked the key of the person."""
    if db.session.get(UsedStep, (person_id, step)) is not None:
        return False
    db.session.add(UsedStep(person_id=person_id, step=step))
    return True


def _delete_apps(person_id: UUID, *, confirmed: bool) -> None:
    state = AuthenticatorApp.confirmed_at.is_not(None) if confirmed else AuthenticatorApp.confirmed_at.is_(None)
    db.session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.person_id == person_id, state))


def _code_index(person_id: UUID, code: str) -> str:
    return blind_index.index("code", f"{person_id} {code}")
