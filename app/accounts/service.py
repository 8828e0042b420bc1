"""Changing people, roles and sessions: one function per thing that can be done."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, or_, update

from app.access.policy import Role
from app.accounts import blind, passwords, queries
from app.accounts.domain import (
    ALL,
    LONGEST,
    ONE,
    AgencyKind,
    Appearance,
    MailRhythm,
    PersonState,
    Scope,
    lifetime,
    wait,
)
from app.accounts.events import (
    PasswordChanged,
    PersonAdded,
    PersonDeactivated,
    RoleGranted,
    SettingsChanged,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from app.accounts.models import (
    Agency,
    Country,
    FailedSignIn,
    Identity,
    NameToken,
    Person,
    Posting,
    RoleGrant,
    SignInSession,
)
from app.db.session import db, record

SECRET_BYTES = 24  # 192 bits, security 4 "Forms and sessions" rule 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is known of somebody who gets an account."""

    alias: str
    name: str
    mail: str
    password_hash: str
    country: str
    agency_id: UUID
    roles: tuple[str, ...]
    language: str
    time_zone: str
    latin_name: str | None = None
    service_number: str | None = None
    content_language: str | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    """The password was right: the secret for the cookie, shown this once."""

    person_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Unknown name or wrong password: nobody learns which."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """Too many failures; try again after `seconds`."""

    seconds: int


Answer = Welcome | Wrong | TooMany


def hash_secret(secret: str) -> str:
    """Return what the table holds of a cookie's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add_country(code: str, time_zone: str) -> None:
    """Add a member country."""
    db.session.add(Country(code=code, time_zone=time_zone))
    db.session.flush()  # rows that name it by its code follow, and no relationship tells the session so


def add_agency(country: str, kind: AgencyKind, name: str) -> UUID:
    """Add a service of a country and return its id."""
    agency = Agency(country=country, kind=kind, name=name)
    db.session.add(agency)
    db.session.flush()
    return agency.id


def add_person(new: NewPerson, now: datetime) -> UUID:
    """Add a person with identity, posting and the practitioner's role, and return the id."""
    person = Person(
        alias=new.alias,
        state=PersonState.ACTIVE,
        password_hash=new.password_hash,
        language=new.language,
        content_language=new.content_language,
        appearance=Appearance.DEVICE,
        mail_rhythm=MailRhythm.WEEKLY,
        time_zone=new.time_zone,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    _identify(person.id, new)
    posting = Posting(
        person_id=person.id, country=new.country, agency_id=new.agency_id, roles=" ".join(new.roles), since=now.date()
    )
    db.session.add(posting)
    record(PersonAdded(at=now, person_id=person.id, country=new.country))
    if new.roles:
        grant(person.id, Role.PRACTITIONER, scope=Scope.SELF, since=now.date())
    return person.id


def grant(
    person_id: UUID, role: Role, *, scope: Scope, since: date, reach: str = "", until: date | None = None
) -> None:
    """Give a person a role; a new one ends their sessions, which last as long as the roles held at sign-in allow."""
    held = queries.roles_of(person_id, since)
    db.session.add(RoleGrant(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until))
    if role not in held:
        db.session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))
    record(RoleGranted(person_id=person_id, role=role, scope=scope, reach=reach))


def waits(name: str, address: str, real_now: datetime) -> TooMany | None:
    """Say how long this name from this address has to wait before a password is even looked at (security S4)."""
    account, place = blind.index("account", name), blind.index("address", address)
    by_account, by_address, every = queries.failures(account=account, address=place, since=real_now - LONGEST)
    left = max(wait(by_account, ONE, real_now), wait(by_address, ONE, real_now), wait(every, ALL, real_now))
    return TooMany(int(left.total_seconds()) + 1) if left else None


def sign_in(found: tuple[UUID, bool] | None, *, name: str, address: str, shared: bool, real_now: datetime) -> Answer:
    """Open a session for a person whose password was checked (id, right or wrong; None: nobody of that name).

    The slow check of the password happens before, outside of the transaction: it would hold the write lock.
    """
    if (late := waits(name, address, real_now)) is not None:
        return late
    if found is None or not found[1]:
        account = blind.index("account", name)
        db.session.add(FailedSignIn(account=account, address=blind.index("address", address), at=real_now))
        record(SignInFailed(account=account))
        return Wrong()
    record(SignedIn(person_id=found[0], actor_id=found[0], shared_computer=shared))
    return Welcome(found[0], open_session(found[0], shared=shared, real_now=real_now))


def open_session(person_id: UUID, *, shared: bool, real_now: datetime) -> str:
    """Open a session and return its secret."""
    life = lifetime(queries.roles_of(person_id, real_now.date()))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session = SignInSession(
        secret_hash=hash_secret(secret),
        person_id=person_id,
        shared_computer=shared,
        started_at=real_now,
        seen_at=real_now,
        idle_seconds=int(life.idle.total_seconds()),
        ends_at=real_now + life.whole,
    )
    db.session.add(session)
    return secret


def sign_out(session_id: int, person_id: UUID) -> None:
    """End this session."""
    db.session.execute(delete(SignInSession).where(SignInSession.id == session_id))
    record(SignedOut(person_id=person_id))


def touch(session_id: int, real_now: datetime) -> None:
    """Note that a session is in use: an idle one ends."""
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=real_now))


def set_password(person_id: UUID, password_hash: str) -> None:
    """Set a new password; every session of the person ends."""
    queries.get(person_id).password_hash = password_hash
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))
    record(PasswordChanged(person_id=person_id))


def deactivate(person_id: UUID, today: date) -> None:
    """Close an account; every session ends, postings and roles end today, and the past stays as it was."""
    queries.get(person_id).state = PersonState.DEACTIVATED
    for table in (Posting, RoleGrant):
        mine = table.person_id == person_id
        db.session.execute(delete(table).where(mine, table.since > today))
        still = or_(table.until.is_(None), table.until > today)
        db.session.execute(update(table).where(mine, still).values(until=today))
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))
    record(PersonDeactivated(person_id=person_id))


def change_settings(person_id: UUID, changes: Mapping[str, object]) -> None:
    """Set a person's own choices: language, content_language, appearance, more_contrast, data_saver, mail_rhythm."""
    person = queries.get(person_id)
    changed = tuple(sorted(name for name, value in changes.items() if getattr(person, name) != value))
    for name in changed:
        setattr(person, name, changes[name])
    if changed:
        record(SettingsChanged(person_id=person_id, changed=changed))


def forget_old(real_now: datetime) -> int:
    """Remove sessions that ended and failures older than the longest window; return how many rows went."""
    ended = db.session.execute(delete(SignInSession).where(SignInSession.ends_at <= real_now))
    old = db.session.execute(delete(FailedSignIn).where(FailedSignIn.at <= real_now - max(LONGEST, timedelta(hours=1))))
    return int(cast("Any", ended).rowcount) + int(cast("Any", old).rowcount)


def make_password_hash(password: str) -> str:
    """Return the hash of a password, for whoever makes accounts."""
    return passwords.make_hash(password)


def _identify(person_id: UUID, new: NewPerson) -> None:
    number = new.service_number
    identity = Identity(
        person_id=person_id,
        name=new.name,
        latin_name=new.latin_name,
        mail=new.mail,
        mail_index=blind.index("mail", new.mail),
        service_number=number,
        service_index=blind.index("service", number) if number else None,
    )
    db.session.add(identity)
    for token in sorted(blind.tokens(new.country, new.name, new.latin_name or "")):
        db.session.add(NameToken(person_id=person_id, token=token))
