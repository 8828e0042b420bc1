"""The second step: codes of an app, codes that serve once, and the way from half a session to a whole one."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import pyotp
from sqlalchemy import delete, or_, update

from app.access.policy import Role
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
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

IN_SESSION = "in a session"  # whose failures are counted apart: who asks is signed in


@dataclass(frozen=True, slots=True)
class OpenSession:
    """An open session, and the hash of the secret by which its browser came."""

    person_id: UUID
    session_id: int
    presented: str


@dataclass(frozen=True, slots=True)
class ResetCodeAccepted:
    """The code was given by the contact point: the person may now set new factors, and nothing else."""

    secret: str  # of the session between the steps, from here on


def check_code(
    half: PendingSession, text: str, *, by_passkey: bool = False, place: BrowserInfo, real_now: datetime
) -> SessionOpened | ResetCodeAccepted | WrongCredentials | RateLimited | None:
    """Check a code of any kind; the right one makes half a session whole, under a new secret.

    None: half the session has ended meanwhile, and the code was not looked at. `by_passkey` is true of an
    administrator with a passkey: no code of an app or a printed list is taken in its place.
    """
    if lock_pending_session(half, real_now) is None:
        return None
    if (late := code_rate_limit(half.person_id, real_now)) is not None:
        return late
    kinds = [kind for kind in CodeKind if not (by_passkey and kind is CodeKind.PRINTED)]
    kind = _use_code(half.person_id, read_code(text), real_now, app=not by_passkey, kinds=kinds)
    if kind is None:
        record_failed_code(half.person_id, real_now)
        return WrongCredentials()
    if kind is CodeKind.READMISSION:
        secret, former = secrets.token_urlsafe(SECRET_BYTES), sign_in_sessions.upgraded_hash(half.secret_hash)
        values = {"stage": Stage.READMITTED, "secret_hash": sign_in_sessions.hash_secret(secret), "former_hash": former}
        db.session.execute(update(SignInSession).where(SignInSession.id == half.session_id).values(**values))
        return ResetCodeAccepted(secret)
    return SessionOpened(half.person_id, upgrade(half, place=place, real_now=real_now))


def repeat_code(
    hashed: str, text: str, real_now: datetime
) -> tuple[SessionOpened | ResetCodeAccepted | WrongCredentials | RateLimited, bool] | None:
    """Let somebody in by the code that opened their session, sent again, and say whether the computer is shared.

    `hashed` is the hash of half a session's secret; None where nothing has become of it. A wrong code counts as ever.
    """
    if (risen := sign_in_sessions.lock_upgraded(hashed, real_now)) is None:
        return None
    if (late := code_rate_limit(risen.person_id, real_now)) is not None:
        return late, risen.shared
    if not factors.was_opened_by(risen.person_id, risen.stage, risen.started_at, read_code(text)):
        record_failed_code(risen.person_id, real_now)
        return WrongCredentials(), risen.shared
    secret = sign_in_sessions.rotate_upgraded_secret(risen)
    return (
        SessionOpened(risen.person_id, secret) if risen.stage is Stage.WHOLE else ResetCodeAccepted(secret)
    ), risen.shared


def lock_pending_session(half: PendingSession, real_now: datetime) -> PendingSession | None:
    """Hold half a session and its person until the transaction ends; return it as it is by now, None when it is over.

    It was read before: a new password may have ended it since, and an incident or a helper's code taken its factors.
    """
    lock_key(half.person_id.hex)
    return (
        None if sign_in_sessions.lock_person(half.person_id) is None else factors.reload_pending_session(half, real_now)
    )


def lock_open_session(opened: OpenSession, real_now: datetime) -> bool:
    """Hold a whole session and its person until the transaction ends; say whether it is still there."""
    lock_key(opened.person_id.hex)
    if sign_in_sessions.lock_person(opened.person_id) is None:
        return False
    return factors.lock_session(opened.session_id, opened.presented, real_now)


def code_rate_limit(person_id: UUID, real_now: datetime) -> RateLimited | None:
    """Say how long a person's next code has to wait (security S4)."""
    left = remaining_wait(factors.failed_codes(person_id, real_now), CODE_LIMITS, real_now)
    return RateLimited(int(left.total_seconds()) + 1) if left else None


def record_failed_code(person_id: UUID, real_now: datetime) -> None:
    """Keep that a second step failed."""
    db.session.add(FailedCode(person_id=person_id, at=real_now))
    record(SecondStepFailed(person_id=person_id, actor_id=person_id))


def upgrade(half: PendingSession, *, place: BrowserInfo, real_now: datetime, first: bool = False) -> str:
    """End half a session, which is held, open a whole one and return its secret; `first`: by a factor that was set up.

    The same may be sent again where the answer is lost: see `repeat`.
    """
    db.session.execute(delete(SignInSession).where(SignInSession.id == half.session_id))
    former = sign_in_sessions.upgraded_hash(half.secret_hash, first=first)
    return sign_in_sessions.start_session(
        half.person_id, shared=half.shared, real_now=real_now, place=place, former=former
    )


def begin_app(person_id: UUID, real_now: datetime) -> None:
    """Make a seed to show; it counts once a code of it is confirmed."""
    _delete_apps(person_id, confirmed=False)
    db.session.add(AuthenticatorApp(person_id=person_id, seed=pyotp.random_base32(), made_at=real_now))
    record(FactorBegun(person_id=person_id, factor=Factor.APP, actor_id=person_id))


def confirm_app(
    person_id: UUID, text: str, *, afresh: bool, real_now: datetime
) -> WrongCredentials | RateLimited | None:
    """Let the seed that was shown count, in place of an older one, when a code of it is right.

    `afresh` removes all older factors: the person was let back in.
    """
    lock_key(person_id.hex)
    if (late := code_rate_limit(person_id, real_now)) is not None:
        return late
    shown = factors.app_seed(person_id, confirmed=False)
    step = _step(shown[1], read_code(text), real_now) if shown else None
    if shown is None or step is None or not _use_step(person_id, step):
        record_failed_code(person_id, real_now)
        return WrongCredentials()
    if afresh:
        delete_factors(person_id)
    _delete_apps(person_id, confirmed=True)
    db.session.get_one(AuthenticatorApp, shown[0]).confirmed_at = real_now
    record(FactorAdded(person_id=person_id, factor=Factor.APP, actor_id=person_id))
    return None


def make_codes(person_id: UUID, kind: CodeKind, real_now: datetime, ends_at: datetime | None = None) -> list[str]:
    """Make new codes of a kind in place of the old ones; they are told this once."""
    codes: set[str] = set()
    while len(codes) < CODE_COUNTS[kind]:
        codes.add(f"{secrets.randbelow(10 ** CODE_DIGITS[kind]):0{CODE_DIGITS[kind]}}")
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.person_id == person_id, OneTimeCode.kind == kind))
    for code in codes:
        hashed = _code_index(person_id, code)
        db.session.add(OneTimeCode(person_id=person_id, kind=kind, code_hash=hashed, made_at=real_now, ends_at=ends_at))
    record(CodesMade(person_id=person_id, kind=kind))
    return sorted(codes)


def remove_factor(person_id: UUID, factor: Factor, key: UUID | None) -> bool:
    """Remove a factor; say False and keep it when it is the last of those that the person needs.

    Every session of the person ends.
    """
    lock_key(person_id.hex)
    has, roles = factors.factors(person_id), identity_roles.roles_of(person_id, clock.today())
    last = has.count <= 1 and factors.factor_is_required(person_id, clock.today())
    last_passkey = factor is Factor.PASSKEY and len(has.passkeys) <= 1 and Role.ADMINISTRATOR in roles
    if last or last_passkey:
        return False
    mine = OneTimeCode.person_id == person_id
    gone: Any = {
        Factor.APP: delete(AuthenticatorApp).where(AuthenticatorApp.person_id == person_id),
        Factor.PASSKEY: delete(Passkey).where(Passkey.person_id == person_id, Passkey.id == key),
        Factor.PRINTED: delete(OneTimeCode).where(mine, OneTimeCode.kind == CodeKind.PRINTED),
    }[factor]
    if not cast("Any", db.session.execute(gone)).rowcount:
        return True  # it had gone already
    if factors.factors(person_id).count == 0:
        db.session.execute(delete(OneTimeCode).where(mine))
    end_sessions(person_id)
    record(FactorRemoved(person_id=person_id, factor=factor))
    return True


def clear_factors_void(person_id: UUID) -> None:
    """Let factors count that are set up after an incident took the older ones, or by a code that was handed over."""
    void = update(Person).where(Person.id == person_id, Person.factors_void)
    db.session.execute(void.values(factors_void=False), execution_options={"synchronize_session": False})


def void_factors_if_none_left(person_id: UUID) -> None:
    """Let a password alone set up nothing for who needs a factor and has none left: a helper's code does, or a session.

    Only whoever never had one sets up the first by the password.
    """
    if factors.factors(person_id).count == 0 and factors.factor_is_required(person_id, clock.today()):
        void = update(Person).where(Person.id == person_id).values(factors_void=True)
        db.session.execute(void, execution_options={"synchronize_session": False})


def delete_factors(person_id: UUID) -> None:
    """Remove all that proved a person: they were let back in, and set up something new."""
    _delete_apps(person_id, confirmed=True)
    db.session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.person_id == person_id))
    db.session.execute(
        delete(SignInSession).where(SignInSession.person_id == person_id, SignInSession.stage == Stage.WHOLE)
    )


def end_sessions(person_id: UUID, *, but: int | None = None, device: UUID | None = None) -> int:
    """End a person's sessions: all, all but one, or the one of a device; return how many."""
    sign_in_sessions.lock_person(person_id)
    ending = delete(SignInSession).where(SignInSession.person_id == person_id)
    if but is not None:
        ending = ending.where(SignInSession.id != but)
    if device is not None:
        ending = ending.where(SignInSession.public_id == device)
    count = int(cast("Any", db.session.execute(ending)).rowcount)
    if count:
        record(SessionsEnded(person_id=person_id, count=count))
    return count


def password_rate_limit(person_id: UUID, address: str, real_now: datetime) -> RateLimited | None:
    """Say how long the next password in an open session has to wait: for their own failures alone, no stranger's."""
    return sign_in_sessions.check_rate_limit(
        sign_in_sessions.rate_limit_key(person_id, ""), address, real_now, mark=IN_SESSION
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
    """Take a password that was asked for in an open session, within the limits of signing in.

    None: the session has ended while the password was looked at.

    With a `code` it proves all that the account has; without one, only where the account has nothing but a password.
    The session goes on under a new secret. `by_passkey` is as for `take_code`.
    """
    person_id, name = opened.person_id, sign_in_sessions.rate_limit_key(opened.person_id, "")
    lock_key(blind_index.index("account", name), blind_index.index("address", address), person_id.hex)
    if not lock_open_session(opened, real_now):
        return None
    late = password_rate_limit(person_id, address, real_now)
    if late is None and code is not None:
        late = code_rate_limit(person_id, real_now)
    if late is not None:
        return late
    if not right:
        sign_in_sessions.record_failed_sign_in(name, address, real_now, mark=IN_SESSION)
        return WrongCredentials()
    if code is not None and not _reauthenticate_by_code(person_id, code, real_now, by_passkey=by_passkey):
        return WrongCredentials()
    fully = code is not None or factors.factors(person_id).count == 0
    return record_reauthentication(opened, fully=fully, real_now=real_now)


def record_reauthentication(opened: OpenSession, *, fully: bool, real_now: datetime) -> SessionOpened:
    """Keep that whoever is signed in proved who they are, and let the session go on under a new secret.

    `fully` is true where nothing was left out that the account asks for.
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
    if len(digits) == APP_DIGITS:
        counts = factors.app_seed(person_id, confirmed=True) if app else None
        step = _step(counts[1], digits, real_now) if counts else None
        return Factor.APP if step is not None and _use_step(person_id, step) else None
    if len(digits) not in CODE_DIGITS.values():
        return None
    if len(digits) == CODE_DIGITS[CodeKind.PRINTED] and not factors.printed_codes_are_allowed(person_id, clock.today()):
        kinds = [kind for kind in kinds if kind is not CodeKind.PRINTED]
    fresh = (
        OneTimeCode.person_id == person_id,
        OneTimeCode.code_hash.in_(blind_index.indexes("code", f"{person_id} {digits}")),
        OneTimeCode.used_at.is_(None),
        or_(OneTimeCode.ends_at.is_(None), OneTimeCode.ends_at > real_now),
        OneTimeCode.kind.in_(kinds),
    )
    # one conditional statement: of two at once only one gets it
    taken = update(OneTimeCode).where(*fresh).values(used_at=real_now).returning(OneTimeCode.kind)
    kind = db.session.scalars(taken, execution_options={"synchronize_session": False}).one_or_none()
    if kind is not None:
        has = factors.factors(person_id)
        left = {CodeKind.RECOVERY: has.recovery, CodeKind.PRINTED: has.printed}.get(kind, 0)
        record(CodeUsed(person_id=person_id, actor_id=person_id, kind=kind, left=left))
        if kind is CodeKind.PRINTED:
            void_factors_if_none_left(person_id)
    return kind


def _step(seed: str, digits: str, real_now: datetime) -> int | None:
    """Return the time step of a code, now or one step beside: clocks differ, and typing takes time."""
    at = int(clock.to_machine(real_now).timestamp()) // CODE_SECONDS  # the app counts by its own clock
    right = [step for step in (at - 1, at, at + 1) if factors.is_code(seed, step, digits)]
    return right[0] if right else None


def _use_step(person_id: UUID, step: int) -> bool:
    """Use up a time step; say False when it was used before. Who comes here has queued."""
    if db.session.get(UsedStep, (person_id, step)) is not None:
        return False
    db.session.add(UsedStep(person_id=person_id, step=step))
    return True


def _delete_apps(person_id: UUID, *, confirmed: bool) -> None:
    state = AuthenticatorApp.confirmed_at.is_not(None) if confirmed else AuthenticatorApp.confirmed_at.is_(None)
    db.session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.person_id == person_id, state))


def _code_index(person_id: UUID, code: str) -> str:
    return blind_index.index("code", f"{person_id} {code}")
