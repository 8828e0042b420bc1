"""Sign in by password within the rate limits; open sessions, rotate their secrets, end and delete them."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import changed_rows, db, record
from app.identity.queries import roles
from app.kernel import clock
from app.sign_in.domain import (
    ACCOUNT_LIMITS,
    CODE_SECONDS,
    LONGEST_CODE_WINDOW,
    LONGEST_WINDOW,
    NO_ADDRESS,
    PENDING_SESSION_LIFETIME,
    REAUTHENTICATION_LIFETIME,
    TOTAL_LIMITS,
    BrowserInfo,
    CodeKind,
    Lifetime,
    Stage,
    lifetime,
    remaining_wait,
)
from app.sign_in.events import BrowserFirstSeen, PasswordAccepted, SignedIn, SignedOut, SignInFailed
from app.sign_in.models import Challenge, FailedCode, FailedSignIn, KnownBrowser, OneTimeCode, SignInSession, UsedStep
from app.sign_in.queries import factors, sessions

SECRET_BYTES = 24  # 192 bits, security 4 "Forms and sessions" rule 2
UNKNOWN_BROWSER = BrowserInfo()
NO_PERSON = UUID(int=0)
KNOWN_BROWSER_LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """The password was right: the secret for the cookie, returned only once."""

    person_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class SecondFactorRequired:
    """The password was right and a second factor follows: the secret of the pending session."""

    person_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """Unknown name or wrong password: the response does not reveal which."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Too many failures; try again after `seconds`."""

    seconds: int


SignInResult = SessionOpened | SecondFactorRequired | WrongCredentials | RateLimited


@dataclass(frozen=True, slots=True)
class UpgradedSession:
    """A session that replaced a pending session, locked until the transaction ends and not used yet.

    The response with its secret may be lost. Until the secret comes back, within the lifetime of a pending session, the
    same code opens the session again in the browser that has the pending secret; a printed list or a passkey that was
    set up for the first time needs nothing else.
    """

    session_id: int
    person_id: UUID
    stage: Stage
    shared: bool
    started_at: datetime
    former: str


def hash_secret(secret: str) -> str:
    """Return the stored hash of the secret of a cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


def upgraded_hash(hashed: str, *, first: bool = False) -> str:
    """Return the stored hash of a pending secret after the upgrade of its session, from the hash of the secret.

    `first`: the session was upgraded by the setup of a factor. No cookie of a session hashes to this value: the pending
    secret opens nothing without the code that upgraded the session.
    """
    return hash_secret(f"{'first' if first else 'half'} {hashed}")


def known_browser_id(person_id: UUID | None, browser_id: str) -> str:
    """Return the id of a browser in which this person has signed in, "" for any other browser."""
    row = db.session.get(KnownBrowser, (person_id or NO_PERSON, hash_secret(browser_id))) if browser_id else None
    return browser_id if row is not None else ""


def rate_limit_key(person_id: UUID | None, typed: str) -> str:
    """Return the key that guesses count against: the person in a known browser, else the typed name.

    A typed name is never mistaken for a person or a browser.
    """
    return f"\0person {person_id}" if person_id else typed.replace("\0", "")


def check_rate_limit(name: str, address: str, real_now: datetime, *, browser_id: str = "") -> RateLimited | None:
    """Return the remaining wait of this name and address, or None; called before the password is checked.

    `name` is a result of `rate_limit_key`. From an unknown browser it is the typed name only: a wait at one name
    after guesses at another name would reveal that both belong to one existing person. A browser in which the person
    has signed in (`browser_id`) has its own count: guesses of strangers do not lock out the person there.
    """
    account, network = _limit_indexes(name, address, browser_id)
    by_account, by_address, every = sessions.failures(account=account, address=network, since=real_now - LONGEST_WINDOW)
    left = remaining_wait(by_account, ACCOUNT_LIMITS, real_now)
    if not browser_id:
        left = max(
            left,
            remaining_wait(by_address, ACCOUNT_LIMITS, real_now),
            remaining_wait(every, TOTAL_LIMITS, real_now),
        )
    return RateLimited(int(left.total_seconds()) + 1) if left else None


def sign_in(
    account: tuple[UUID, bool] | None,
    *,
    name: str,
    address: str,
    shared: bool,
    real_now: datetime,
    browser: BrowserInfo = UNKNOWN_BROWSER,
    against: str | None = None,
) -> SignInResult:
    """Open a session for a person whose password was checked (`account`: id and whether the password is right).

    If a second factor follows, the session opens the second factor only. The slow check of the password happens
    before, outside the transaction, since it would hold the write lock. `against` is the hash that was checked, which
    must still be stored. None: nothing was checked, the account is new.

    Guesses at the mail address and at the service number of one person count together, but if the typed name has no
    wait, too many of them get the same response as a wrong password.
    """
    person_id = account[0] if account else None
    browser_id = known_browser_id(person_id, browser.browser_id)
    is_known = bool(browser_id) or against is None
    name = rate_limit_key(person_id if is_known else None, name)
    lock_key(
        *_limit_indexes(name, address, browser_id),
        *_limit_indexes(rate_limit_key(person_id, name), address, browser_id),
    )
    if (late := check_rate_limit(name, address, real_now, browser_id=browser_id)) is not None:
        return late
    if account is None or not _is_accepted(account, against, real_now, is_known=is_known):
        record_failed_sign_in(name, address, real_now, browser_id=browser_id)
        if not is_known:
            _count_unknown_browser(person_id, real_now)
        return WrongCredentials()
    return _open(account[0], shared=shared, real_now=real_now, browser=browser)


def _count_unknown_browser(person_id: UUID | None, real_now: datetime) -> None:
    """Count a failure from a browser in which the person never signed in, at any of their names."""
    if person_id is not None:
        db.session.add(FailedSignIn(account=person_limit_index(person_id), address=NO_ADDRESS, at=real_now))


def _is_accepted(account: tuple[UUID, bool], against: str | None, real_now: datetime, *, is_known: bool) -> bool:
    """Return whether the password is right and valid, with few guesses from unknown browsers.

    The guesses are read first, for a wrong password too: the response takes the same time.
    """
    person_id, right = account
    guessed = not is_known and _is_rate_limited(person_id, real_now)
    return not guessed and right and _has_same_password(person_id, against)


def _open(
    person_id: UUID, *, shared: bool, real_now: datetime, browser: BrowserInfo
) -> SessionOpened | SecondFactorRequired:
    if factors.second_factor_follows(person_id, clock.today()):
        record(PasswordAccepted(person_id=person_id, actor_id=person_id))
        secret = open_session(person_id, shared=shared, real_now=real_now, stage=Stage.HALF, browser=browser)
        return SecondFactorRequired(person_id, secret)
    return SessionOpened(person_id, start_session(person_id, shared=shared, real_now=real_now, browser=browser))


def record_failed_sign_in(name: str, address: str, real_now: datetime, *, browser_id: str = "") -> None:
    """Record a failed sign-in attempt for the rate limit."""
    account, network = _limit_indexes(name, address, browser_id)
    db.session.add(FailedSignIn(account=account, address=network, at=real_now))
    record(SignInFailed(account=blind_index.index("account", name)))


def start_session(
    person_id: UUID, *, shared: bool, real_now: datetime, browser: BrowserInfo, former: str | None = None
) -> str:
    """Open a session for a person who is fully authenticated, and return its secret.

    `former` is for the case that the response with the secret is lost: see `UpgradedSession`.
    """
    record(SignedIn(person_id=person_id, actor_id=person_id, shared_computer=shared))
    secret = open_session(person_id, shared=shared, real_now=real_now, browser=browser, former=former)
    if browser.browser_id:
        _record_browser(person_id, browser.browser_id, hash_secret(secret), real_now)
    return secret


def open_session(
    person_id: UUID,
    *,
    shared: bool,
    real_now: datetime,
    stage: Stage = Stage.WHOLE,
    browser: BrowserInfo = UNKNOWN_BROWSER,
    fully: bool = True,
    former: str | None = None,
) -> str:
    """Open a session and return its secret; `fully`: authenticated with every factor that the account requires."""
    limits = lifetime(roles.roles_of(person_id, real_now.date()))
    if stage is not Stage.WHOLE:
        limits = Lifetime(PENDING_SESSION_LIFETIME, PENDING_SESSION_LIFETIME)
    longest = min(limits.whole, _time_until_role_begins(person_id, limits.whole))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session = SignInSession(
        secret_hash=hash_secret(secret),
        former_hash=former,
        person_id=person_id,
        stage=stage,
        browser=browser.browser,
        system=browser.system,
        shared_computer=shared,
        started_at=real_now,
        proved_at=real_now,
        fully_proved_at=real_now if fully and stage is Stage.WHOLE else None,
        seen_at=real_now,
        idle_seconds=int(limits.idle.total_seconds()),
        ends_at=real_now + longest,
    )
    db.session.add(session)
    return secret


def lock_person(person_id: UUID) -> str | None:
    """Lock the person row and return the password hash, or None if the account is closed.

    Changes that end sessions, such as a new password, happened before or wait for the lock: they end the new session.
    """
    return sessions.locked_password(person_id)


def expire_reauthentication(secret: str, real_now: datetime) -> None:
    """Expire the authentication of a session, so that its next sensitive action asks for the password."""
    by_secret = SignInSession.secret_hash == hash_secret(secret)
    values = {"proved_at": real_now - REAUTHENTICATION_LIFETIME, "fully_proved_at": None}
    db.session.execute(update(SignInSession).where(by_secret).values(**values))


def sign_out(session_id: int, person_id: UUID) -> None:
    """End this session."""
    db.session.execute(delete(SignInSession).where(SignInSession.id == session_id))
    record(SignedOut(person_id=person_id))


def end_all(person_id: UUID) -> None:
    """End all sessions of a person, including those that this transaction opened before."""
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))


def end_all_of_site() -> int:
    """End all sessions of all people and return their number."""
    return changed_rows(delete(SignInSession))


def touch(session_id: int, real_now: datetime) -> None:
    """Record the use of a session, since an idle session ends."""
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=real_now))


def rotate_secret(session_id: int, presented: str, values: Mapping[str, Any]) -> str:
    """Give a session a new secret and these column values, and return the secret.

    The response with the secret may be lost: until it comes back, the presented secret (`presented` is its hash) still
    opens the session, without a recent authentication.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = db.session.get_one(SignInSession, session_id, with_for_update=True)
    row.former_hash, row.secret_hash = presented, hash_secret(secret)
    for name, value in values.items():
        setattr(row, name, value)
    return secret


def lock_upgraded(hashed: str, real_now: datetime, *, first: bool = False) -> UpgradedSession | None:
    """Lock and return the session that replaced a pending session, by its hash; `first`: upgraded by a new factor."""
    former = upgraded_hash(hashed, first=first)
    upgraded = (
        SignInSession.former_hash == former,
        SignInSession.stage != Stage.HALF,
        SignInSession.started_at > real_now - PENDING_SESSION_LIFETIME,
        SignInSession.ends_at > real_now,
    )
    person_id = db.session.scalars(select(SignInSession.person_id).where(*upgraded)).one_or_none()
    if person_id is None:
        return None
    lock_key(person_id.hex)
    if lock_person(person_id) is None:
        return None
    query = select(SignInSession).where(*upgraded).with_for_update()
    row = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        return None
    return UpgradedSession(row.id, person_id, row.stage, row.shared_computer, row.started_at, former)


def rotate_upgraded_secret(risen: UpgradedSession) -> str:
    """Give an upgraded session a new secret and return it; the pending secret stays valid until it comes back."""
    return rotate_secret(risen.session_id, risen.former, {})


def confirm_secret(session_id: int) -> None:
    """Invalidate the former secret after the new one came back, and confirm a printed list that came with it."""
    session = SignInSession.id == session_id
    db.session.execute(update(SignInSession).where(session).values(former_hash=None))
    unconfirmed = (
        OneTimeCode.person_id == select(SignInSession.person_id).where(session).scalar_subquery(),
        OneTimeCode.kind == CodeKind.PRINTED,
        OneTimeCode.ends_at.is_not(None),
    )
    db.session.execute(update(OneTimeCode).where(*unconfirmed).values(ends_at=None))


def delete_expired(real_now: datetime) -> int:
    """Delete ended sessions and failures older than the longest window; return the number of deleted rows."""
    hour = timedelta(hours=1)
    statements = (
        delete(SignInSession).where(SignInSession.ends_at <= real_now),
        delete(FailedSignIn).where(FailedSignIn.at <= real_now - max(LONGEST_WINDOW, hour)),
        delete(FailedCode).where(FailedCode.at <= real_now - LONGEST_CODE_WINDOW),
        delete(UsedStep).where(UsedStep.step <= int((real_now - hour).timestamp()) // CODE_SECONDS),
        delete(Challenge).where(Challenge.ends_at <= real_now),
        delete(KnownBrowser).where(KnownBrowser.seen_at <= real_now - KNOWN_BROWSER_LIFETIME),
    )
    return sum(map(changed_rows, statements))


def _limit_indexes(name: str, address: str, browser_id: str) -> tuple[str, str]:
    """Return the indexes that a failure counts against: account and address, each of a known browser only if given."""
    own = f"\0{browser_id}" if browser_id else ""
    return blind_index.index("account", f"{name}{own}"), blind_index.index("address", f"{address}{own}")


def _is_rate_limited(person_id: UUID, real_now: datetime) -> bool:
    """Return whether guesses at all names of a person together have reached the rate limit."""
    failures = sessions.failures_of_account(person_limit_index(person_id), since=real_now - LONGEST_WINDOW)
    return bool(remaining_wait(failures, ACCOUNT_LIMITS, real_now))


def person_limit_index(person_id: UUID) -> str:
    """Return the index for guesses of strangers at any name of a person, without reading the names."""
    return blind_index.index("account", f"\0names of {person_id}")


def _has_same_password(person_id: UUID, against: str | None) -> bool:
    stored = lock_person(person_id)
    return stored is not None and against in {None, stored}


def _time_until_role_begins(person_id: UUID, longest: timedelta) -> timedelta:
    """Return the time until a new role begins: a session from before lacks the authentication for it."""
    now = clock.now()
    day = roles.next_role_day(person_id, now.date())
    return longest if day is None else datetime.combine(day, time(), UTC) - now


def _record_browser(person_id: UUID, browser_id: str, secret_hash: str, real_now: datetime) -> None:
    row = db.session.get(KnownBrowser, (person_id, hash_secret(browser_id)))
    if row is not None:
        row.seen_at = real_now
        return
    db.session.add(KnownBrowser(person_id=person_id, mark_hash=hash_secret(browser_id), seen_at=real_now))
    db.session.flush()
    session_id = sessions.public_id(secret_hash)
    record(BrowserFirstSeen(person_id=person_id, session_id=session_id, actor_id=person_id))
