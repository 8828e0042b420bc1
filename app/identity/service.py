"""Create and change people, countries and agencies."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update

from app.access.policy import Role, Scope
from app.db import blind_index
from app.db.session import db, record
from app.identity.domain.contact import is_number
from app.identity.domain.people import AgencyKind, Appearance, MailRhythm, PersonState
from app.identity.events import IdentityChanged, PersonAdded, PersonDeactivated, RoleGranted, SettingsChanged
from app.identity.models import Agency, Country, Identity, NameToken, Person, Posting, RoleGrant
from app.identity.queries import people

PORTION = 500  # rows a statement


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """How somebody is called from now on: all of it, the mail address apart, which stays."""

    person_id: UUID
    country: str
    name: str
    latin_name: str
    service_number: str
    changed: tuple[str, ...]  # names of what is new


def portions(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield things in portions of a statement's size."""
    for start in range(0, len(things), PORTION):
        yield things[start : start + PORTION]


def lock_people(ids: Collection[UUID]) -> None:
    """Hold the rows of these people, in the order of their ids, until the transaction ends."""
    for some in portions(sorted(ids)):
        query = select(Person.id).where(Person.id.in_(some)).order_by(Person.id)
        db.session.execute(query.with_for_update(key_share=True)).all()


def change_identities(changes: Sequence[NewIdentity]) -> None:
    """Write how people are called; two may exchange their numbers."""
    for some in portions(changes):
        ids = [one.person_id for one in some]
        renumbered = [one.person_id for one in some if "service_number" in one.changed]
        if renumbered:
            free = update(Identity).where(Identity.person_id.in_(renumbered))
            db.session.execute(free.values(service_number=None, service_index=None))
        db.session.execute(delete(NameToken).where(NameToken.person_id.in_(ids)))
        db.session.flush()
    for some in portions(changes):
        db.session.execute(update(Identity), [_identity(one) for one in some])
        tokens = [
            {"person_id": one.person_id, "token": token}
            for one in some
            for token in sorted(blind_index.tokens(one.country, one.name, one.latin_name))
        ]
        if tokens:
            db.session.execute(insert(NameToken), tokens)
    for one in changes:
        record(IdentityChanged(person_id=one.person_id, changed=one.changed))


def _identity(new: NewIdentity) -> dict[str, Any]:
    number = new.service_number or None
    return {
        "person_id": new.person_id,
        "name": new.name,
        "latin_name": new.latin_name or None,
        "service_number": number,
        "service_index": number_index(number),
    }


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


def deactivate(person_id: UUID, today: date) -> None:
    """Close an account; postings and roles end today, and the past stays as it was. The event ends the sessions."""
    people.get(person_id).state = PersonState.DEACTIVATED
    for table in (Posting, RoleGrant):
        mine = table.person_id == person_id
        db.session.execute(delete(table).where(mine, table.since > today))
        still = or_(table.until.is_(None), table.until > today)
        db.session.execute(update(table).where(mine, still).values(until=today))
    record(PersonDeactivated(person_id=person_id))


def change_settings(person_id: UUID, changes: Mapping[str, object]) -> None:
    """Set a person's own choices: language, content_language, appearance, more_contrast, data_saver, mail_rhythm."""
    person = people.get(person_id)
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
