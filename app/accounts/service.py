"""Changing people, roles and sessions: one function per thing that can be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from app.access.policy import Role, Scope
from app.accounts import passwords, queries
from app.accounts.domain import AgencyKind, Appearance, CodeKind, MailRhythm, PersonState
from app.accounts.events import PasswordChanged, PersonAdded, PersonDeactivated, RoleEnded, RoleGranted, SettingsChanged
from app.accounts.invitation_rules import is_number
from app.accounts.models import (
    Agency,
    Country,
    Identity,
    NameToken,
    OneTimeCode,
    Person,
    Posting,
    RoleGrant,
)
from app.accounts.sessions import (
    Halfway,
    TooMany,
    Welcome,
    Wrong,
    end_all,
    enter,
    fail,
    forget_old,
    hash_secret,
    known_mark,
    open_session,
    renew,
    settle,
    sign_in,
    sign_out,
    touch,
    waits,
)
from app.db import blind_index
from app.db.session import db, record

__all__ = [
    "Halfway", "TooMany", "Welcome", "Wrong", "enter", "fail", "forget_old", "hash_secret", "known_mark",
    "open_session", "renew", "settle", "sign_in", "sign_out", "touch", "waits",
]  # fmt: skip  # done through here


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
    shows_country: bool = False


def add_country(code: str, time_zone: str, *, second_factor: bool = True, printed_codes: bool = False) -> None:
    """Add a member country; it says whether practitioners need a second factor, and whether paper may be one."""
    country = Country(code=code, time_zone=time_zone, second_factor=second_factor, printed_codes=printed_codes)
    db.session.add(country)
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
        shows_country=new.shows_country,
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
        _make_practitioner(person.id, now.date())
    return person.id


def grant(
    person_id: UUID,
    role: Role,
    *,
    scope: Scope,
    since: date,
    reach: str = "",
    until: date | None = None,
    deputy: bool = False,
) -> None:
    """Give a person a role; a new one ends their sessions, which last as long as the roles held at sign-in allow.

    So does one for a whole service, which opens names, to whom had the role for a country or for another service.
    A code that was handed over is of no use any more: somebody else may have to know them again now.
    """
    held = queries.roles_of(person_id, since)
    given = RoleGrant(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy)
    db.session.add(given)
    if role not in held or scope is Scope.AGENCY:
        end_all(person_id)
        handed_over = (OneTimeCode.person_id == person_id, OneTimeCode.kind == CodeKind.READMISSION)
        db.session.execute(delete(OneTimeCode).where(*handed_over))
    record(
        RoleGranted(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy)
    )


def take_back(person_id: UUID, role: Role, *, scope: Scope, today: date, reach: str = "") -> bool:
    """End a role of a person at once, one that was to begin later too; say whether there was any.

    Nobody signs in anew: what a session may do is asked of the roles of the moment.
    """
    mine = (
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.scope == scope,
        RoleGrant.reach == reach,
        or_(RoleGrant.until.is_(None), RoleGrant.until >= today),
    )
    held = list(db.session.scalars(select(RoleGrant).where(*mine).with_for_update()))
    if not held:
        return False
    since, deputy = min(one.since for one in held), all(one.deputy for one in held)
    until = today - timedelta(days=1) if since < today else None  # the last day counts whole
    for one in held:
        if one.since < today:
            one.until = until
        else:
            db.session.delete(one)
    db.session.flush()
    record(RoleEnded(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy))
    return True


def set_password(person_id: UUID, password_hash: str) -> None:
    """Set a new password and end every session of the person; the event ends the links to another password."""
    queries.get(person_id).password_hash = password_hash
    end_all(person_id)
    record(PasswordChanged(person_id=person_id))


def deactivate(person_id: UUID, today: date) -> None:
    """Close an account; postings and roles end today, and the past stays as it was. The event ends the sessions."""
    queries.get(person_id).state = PersonState.DEACTIVATED
    for table in (Posting, RoleGrant):
        mine = table.person_id == person_id
        db.session.execute(delete(table).where(mine, table.since > today))
        still = or_(table.until.is_(None), table.until > today)
        db.session.execute(update(table).where(mine, still).values(until=today))
    record(PersonDeactivated(person_id=person_id))


def change_settings(person_id: UUID, changes: Mapping[str, object]) -> None:
    """Set a person's own choices: language, content_language, appearance, more_contrast, data_saver, mail_rhythm."""
    person = queries.get(person_id)
    changed = tuple(sorted(name for name, value in changes.items() if getattr(person, name) != value))
    for name in changed:
        setattr(person, name, changes[name])
    if changed:
        record(SettingsChanged(person_id=person_id, changed=changed))


def number_index(number: str | None) -> str | None:
    """Return the index under which a service number is kept, None for none; raise ValueError for a mail address."""
    if not number:
        return None
    if not is_number(number):
        raise ValueError("a service number must not be read as a mail address")
    return blind_index.index("service", number)


def make_password_hash(password: str) -> str:
    """Return the hash of a password, for whoever makes accounts."""
    return passwords.make_hash(password)


def _make_practitioner(person_id: UUID, since: date) -> None:
    """Add the practitioner's role of a new person, who has no session yet that it would have to end."""
    role, scope = Role.PRACTITIONER, Scope.SELF
    db.session.add(RoleGrant(person_id=person_id, role=role, scope=scope, reach="", since=since))
    record(RoleGranted(person_id=person_id, role=role, scope=scope, reach="", since=since, until=None, deputy=False))


def _identify(person_id: UUID, new: NewPerson) -> None:
    number = new.service_number
    identity = Identity(
        person_id=person_id,
        name=new.name,
        latin_name=new.latin_name,
        mail=new.mail,
        mail_index=blind_index.index("mail", new.mail),
        service_number=number,
        service_index=number_index(number),
    )
    db.session.add(identity)
    for token in sorted(blind_index.tokens(new.country, new.name, new.latin_name or "")):
        db.session.add(NameToken(person_id=person_id, token=token))
