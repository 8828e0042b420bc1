"""Sessions: opening one after the password, a whole or half a one, within the limits on guessing; ending it."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, select, update

from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.domain.people import PersonState
from app.identity.models import Person
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
NOBODY = UUID(int=0)
KNOWN_BROWSER_LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """The password was right: the secret for the cookie, shown this once."""

    person_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class SecondFactorRequired:
    """The password was right and a second step follows: the secret of a session that opens nothing else."""

    person_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """Unknown name or wrong password: nobody learns which."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Too many failures; try again after `seconds`."""

    seconds: int


SignInResult = SessionOpened | SecondFactorRequired | WrongCredentials | RateLimited


@dataclass(frozen=True, slots=True)
class UpgradedSession:
    """A session that half a one has become, held until the transaction ends; nobody has come back to it yet.

    The answer that brought its secret may be lost. Until it comes back, for as long as half a session lasts, what
    opened the session opens it again in the browser that holds the half's secret; a list or a passkey that was set up
    for the first time needs nothing beside that.
    """

    session_id: int
    person_id: UUID
    stage: Stage
    shared: bool
    started_at: datetime
    former: str


def hash_secret(secret: str) -> str:
    """Return what the table holds of a cookie's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def upgraded_hash(hashed: str, *, first: bool = False) -> str:
    """Return what the table holds of half a session's secret, given its hash, once it is whole.

    `first`: by a factor that was set up.

    The cookie of a whole session never holds what comes to this: half a secret opens nothing without what opened it.
    """
    return hash_secret(f"{'first' if first else 'half'} {hashed}")


def known_browser_id(person_id: UUID | None, mark: str) -> str:
    """Return the mark of a browser in which this person has signed in, "" for any other."""
    found = db.session.get(KnownBrowser, (person_id or NOBODY, hash_secret(mark))) if mark else None
    return mark if found is not None else ""


def rate_limit_key(person_id: UUID | None, typed: str) -> str:
    """Return what guesses count against where it is known whose they are: the person; else the name that was typed.

    No name that somebody types is taken for a person or for a browser.
    """
    return f"\0person {person_id}" if person_id else typed.replace("\0", "")


def check_rate_limit(name: str, address: str, real_now: datetime, *, mark: str = "") -> RateLimited | None:
    """Say how long this name from this address has to wait before a password is even looked at (security S4).

    A name that was typed is given as `counted_as` has it: of a stranger's browser as the name alone, for to wait at one
    name after guesses at another would tell that both are one person's, who exists (security S6). A browser that the
    person has signed in with (`mark`) has a count of its own: strangers who go on guessing keep nobody out of where
    they are known.
    """
    account, place = _limit_indexes(name, address, mark)
    by_account, by_address, every = sessions.failures(account=account, address=place, since=real_now - LONGEST_WINDOW)
    left = remaining_wait(by_account, ACCOUNT_LIMITS, real_now)
    if not mark:
        left = max(
            left, remaining_wait(by_address, ACCOUNT_LIMITS, real_now), remaining_wait(every, TOTAL_LIMITS, real_now)
        )
    return RateLimited(int(left.total_seconds()) + 1) if left else None


def sign_in(
    found: tuple[UUID, bool] | None,
    *,
    name: str,
    address: str,
    shared: bool,
    real_now: datetime,
    place: BrowserInfo = UNKNOWN_BROWSER,
    against: str | None = None,
) -> SignInResult:
    """Open a session for a person whose password was checked (id, right or wrong; None: nobody of that name).

    Where a second step follows it opens nothing but that. The slow check of the password happens before, outside of
    the transaction: it would hold the write lock. `against` is the hash that it was checked against; the one of now
    must be the same. None: nothing was checked, the account is new.

    Guesses at the mail address and at the number of one person count together (security S4), but where the name that
    was typed needs not wait, too many of them are answered as a wrong password is.
    """
    person_id = found[0] if found else None
    mark = known_browser_id(person_id, place.mark)
    is_known = bool(mark) or against is None
    name = rate_limit_key(person_id if is_known else None, name)
    lock_key(*_limit_indexes(name, address, mark), *_limit_indexes(rate_limit_key(person_id, name), address, mark))
    if (late := check_rate_limit(name, address, real_now, mark=mark)) is not None:
        return late
    guessed = not is_known and person_id is not None and _is_rate_limited(person_id, real_now)
    if person_id is None or found is None or guessed or not found[1] or not _has_same_password(person_id, against):
        record_failed_sign_in(name, address, real_now, mark=mark)
        if person_id is not None and not is_known:
            db.session.add(FailedSignIn(account=person_limit_index(person_id), address=NO_ADDRESS, at=real_now))
        return WrongCredentials()
    if factors.second_factor_follows(person_id, clock.today()):
        record(PasswordAccepted(person_id=person_id, actor_id=person_id))
        secret = open_session(person_id, shared=shared, real_now=real_now, stage=Stage.HALF, place=place)
        return SecondFactorRequired(person_id, secret)
    return SessionOpened(person_id, start_session(person_id, shared=shared, real_now=real_now, place=place))


def record_failed_sign_in(name: str, address: str, real_now: datetime, *, mark: str = "") -> None:
    """Keep that a sign-in failed."""
    account, place = _limit_indexes(name, address, mark)
    db.session.add(FailedSignIn(account=account, address=place, at=real_now))
    record(SignInFailed(account=blind_index.index("account", name)))


def start_session(
    person_id: UUID, *, shared: bool, real_now: datetime, place: BrowserInfo, former: str | None = None
) -> str:
    """Open a whole session for somebody who has proved who they are, and return its secret.

    `former` is for the case that the answer which brings the secret is lost: see `Risen`.
    """
    record(SignedIn(person_id=person_id, actor_id=person_id, shared_computer=shared))
    secret = open_session(person_id, shared=shared, real_now=real_now, place=place, former=former)
    if place.mark:
        _record_browser(person_id, place.mark, hash_secret(secret), real_now)
    return secret


def open_session(
    person_id: UUID,
    *,
    shared: bool,
    real_now: datetime,
    stage: Stage = Stage.WHOLE,
    place: BrowserInfo = UNKNOWN_BROWSER,
    fully: bool = True,
    former: str | None = None,
) -> str:
    """Open a session and return its secret; `fully` is false where less was proved than the account asks for."""
    life = lifetime(roles.roles_of(person_id, real_now.date()))
    if stage is not Stage.WHOLE:
        life = Lifetime(PENDING_SESSION_LIFETIME, PENDING_SESSION_LIFETIME)
    whole = min(life.whole, _time_until_role_begins(person_id, life.whole))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session = SignInSession(
        secret_hash=hash_secret(secret),
        former_hash=former,
        person_id=person_id,
        stage=stage,
        browser=place.browser,
        system=place.system,
        shared_computer=shared,
        started_at=real_now,
        proved_at=real_now,
        fully_proved_at=real_now if fully and stage is Stage.WHOLE else None,
        seen_at=real_now,
        idle_seconds=int(life.idle.total_seconds()),
        ends_at=real_now + whole,
    )
    db.session.add(session)
    return secret


def lock_person(person_id: UUID) -> str | None:
    """Hold a person until the transaction ends and return the hash of their password; None for a closed account.

    A new password, or whatever else ends sessions, was there before or waits until then, and ends what is opened now.
    """
    query = select(Person.password_hash).where(Person.id == person_id, Person.state == PersonState.ACTIVE)
    return db.session.scalars(query.with_for_update(key_share=True)).one_or_none()


def expire_reauthentication(secret: str, real_now: datetime) -> None:
    """Let the password that opened a session count for nothing else, as if it had been given long ago."""
    mine = SignInSession.secret_hash == hash_secret(secret)
    values = {"proved_at": real_now - REAUTHENTICATION_LIFETIME, "fully_proved_at": None}
    db.session.execute(update(SignInSession).where(mine).values(**values))


def sign_out(session_id: int, person_id: UUID) -> None:
    """End this session."""
    db.session.execute(delete(SignInSession).where(SignInSession.id == session_id))
    record(SignedOut(person_id=person_id))


def end_all(person_id: UUID) -> None:
    """End all sessions of a person at once, those that the transaction opened before included."""
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))


def touch(session_id: int, real_now: datetime) -> None:
    """Note that a session is in use: an idle one ends."""
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=real_now))


def rotate_secret(session_id: int, presented: str, values: Mapping[str, Any]) -> str:
    """Let a session go on under a new secret, with these values of its row, and return the secret.

    The answer that brings it may be lost: until it comes back, the one that was `presented` (its hash) still opens
    the session, as one in which nobody proved anything.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = db.session.get_one(SignInSession, session_id, with_for_update=True)
    row.former_hash, row.secret_hash = presented, hash_secret(secret)
    for name, value in values.items():
        setattr(row, name, value)
    return secret


def lock_upgraded(hashed: str, real_now: datetime, *, first: bool = False) -> UpgradedSession | None:
    """Return what half a session has become, of whose secret this is the hash; `first`: by a factor that was set up."""
    mine = (
        SignInSession.former_hash == upgraded_hash(hashed, first=first),
        SignInSession.stage != Stage.HALF,
        SignInSession.started_at > real_now - PENDING_SESSION_LIFETIME,
        SignInSession.ends_at > real_now,
    )
    person_id = db.session.scalars(select(SignInSession.person_id).where(*mine)).one_or_none()
    if person_id is None:
        return None
    lock_key(person_id.hex)
    if lock_person(person_id) is None:
        return None
    query = select(SignInSession).where(*mine).with_for_update()
    row = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        return None
    return UpgradedSession(
        row.id, person_id, row.stage, row.shared_computer, row.started_at, upgraded_hash(hashed, first=first)
    )


def rotate_upgraded_secret(risen: UpgradedSession) -> str:
    """Let a session go on under a new secret, and return it; half a one's still serves until it comes back."""
    return rotate_secret(risen.session_id, risen.former, {})


def confirm_secret(session_id: int) -> None:
    """Let the secret before open nothing more: the new one came back. A list that was made with it has been seen."""
    mine = SignInSession.id == session_id
    db.session.execute(update(SignInSession).where(mine).values(former_hash=None))
    unseen = (
        OneTimeCode.person_id == select(SignInSession.person_id).where(mine).scalar_subquery(),
        OneTimeCode.kind == CodeKind.PRINTED,
        OneTimeCode.ends_at.is_not(None),
    )
    db.session.execute(update(OneTimeCode).where(*unseen).values(ends_at=None))


def delete_expired(real_now: datetime) -> int:
    """Remove sessions that ended and failures older than the longest window; return how many rows went."""
    hour = timedelta(hours=1)
    old = (
        SignInSession.ends_at <= real_now,
        FailedSignIn.at <= real_now - max(LONGEST_WINDOW, hour),
        FailedCode.at <= real_now - LONGEST_CODE_WINDOW,
        UsedStep.step <= int((real_now - hour).timestamp()) // CODE_SECONDS,
        Challenge.ends_at <= real_now,
        KnownBrowser.seen_at <= real_now - KNOWN_BROWSER_LIFETIME,
    )
    tables = (SignInSession, FailedSignIn, FailedCode, UsedStep, Challenge, KnownBrowser)
    gone = [db.session.execute(delete(table).where(rule)) for table, rule in zip(tables, old, strict=True)]
    return sum(int(cast("Any", each).rowcount) for each in gone)


def _limit_indexes(name: str, address: str, mark: str) -> tuple[str, str]:
    """Return what a failure counts against: the account and the address, or of a known browser itself."""
    own = f"\0{mark}" if mark else ""
    return blind_index.index("account", f"{name}{own}"), blind_index.index("address", f"{address}{own}")


def _is_rate_limited(person_id: UUID, real_now: datetime) -> bool:
    """Say whether somebody's names together were guessed at so often that another guess has to wait."""
    mine = (FailedSignIn.account == person_limit_index(person_id), FailedSignIn.at > real_now - LONGEST_WINDOW)
    return bool(
        remaining_wait(
            list(db.session.scalars(select(FailedSignIn.at).where(*mine).limit(1000))), ACCOUNT_LIMITS, real_now
        )
    )


def person_limit_index(person_id: UUID) -> str:
    """Return what strangers' guesses at any name of somebody count against; the names need not be read for it."""
    return blind_index.index("account", f"\0names of {person_id}")


def _has_same_password(person_id: UUID, against: str | None) -> bool:
    stored = lock_person(person_id)
    return stored is not None and against in {None, stored}


def _time_until_role_begins(person_id: UUID, longest: timedelta) -> timedelta:
    """Return how long it is until a new role begins: what it opens, a session of before has not proved enough for."""
    now = clock.now()
    day = roles.next_role_day(person_id, now.date())
    return longest if day is None else datetime.combine(day, time(), UTC) - now


def _record_browser(person_id: UUID, mark: str, secret_hash: str, real_now: datetime) -> None:
    known = db.session.get(KnownBrowser, (person_id, hash_secret(mark)))
    if known is not None:
        known.seen_at = real_now
        return
    db.session.add(KnownBrowser(person_id=person_id, mark_hash=hash_secret(mark), seen_at=real_now))
    db.session.flush()
    session_id = db.session.scalars(
        select(SignInSession.public_id).where(SignInSession.secret_hash == secret_hash)
    ).one()
    record(BrowserFirstSeen(person_id=person_id, session_id=session_id, actor_id=person_id))
