"""Create people, countries and agencies; change identities and settings; close accounts."""

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
    """The complete new identity of a person, except the mail address, which does not change."""

    person_id: UUID
    country: str
    name: str
    latin_name: str
    service_number: str
    changed: tuple[str, ...]  # names of the changed fields


def portions(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the values in portions of at most PORTION, for one statement each."""
    for start in range(0, len(things), PORTION):
        yield things[start : start + PORTION]


def lock_people(ids: Collection[UUID]) -> None:
    """Lock the rows of these people, in the order of their ids, until the transaction ends."""
    for some in portions(sorted(ids)):
        query = select(Person.id).where(Person.id.in_(some)).order_by(Person.id)
        db.session.execute(query.with_for_update(key_share=True)).all()


def change_identities(changes: Sequence[NewIdentity]) -> None:
    """Save new identities; two people may exchange their service numbers."""
    for portion in portions(changes):
        _clear_indexes(portion)
    for portion in portions(changes):
        _save_identities(portion)
    for identity in changes:
        record(IdentityChanged(person_id=identity.person_id, changed=identity.changed))


def _clear_indexes(identities: Sequence[NewIdentity]) -> None:
    """Clear changed service numbers and all name tokens, so that no unique index is violated between two people."""
    renumbered = [identity.person_id for identity in identities if "service_number" in identity.changed]
    if renumbered:
        numbers = update(Identity).where(Identity.person_id.in_(renumbered))
        db.session.execute(numbers.values(service_number=None, service_index=None))
    ids = [identity.person_id for identity in identities]
    db.session.execute(delete(NameToken).where(NameToken.person_id.in_(ids)))
    db.session.flush()


def _save_identities(identities: Sequence[NewIdentity]) -> None:
    db.session.execute(update(Identity), [_identity(identity) for identity in identities])
    tokens = [
        {"person_id": identity.person_id, "token": token}
        for identity in identities
        for token in sorted(blind_index.tokens(identity.country, identity.name, identity.latin_name))
    ]
    if tokens:
        db.session.execute(insert(NameToken), tokens)


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
    """The data of a person who gets an account."""

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


def add_country(
    code: str,
    time_zone: str,
    *,
    second_factor: bool = True,
    printed_codes: bool = False,
    exact_counts: bool | None = None,
) -> None:
    """Add a member country with its rules for second factors, printed codes and exact counts (None: not answered)."""
    rules = {"second_factor": second_factor, "printed_codes": printed_codes, "exact_counts": exact_counts}
    db.session.add(Country(code=code, time_zone=time_zone, **rules))
    db.session.flush()  # rows that refer to it by its code follow, and no relationship orders the inserts


def add_agency(country: str, kind: AgencyKind, name: str) -> UUID:
    """Add an agency of a country and return its id."""
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
    _add_identity(person.id, new)
    posting = Posting(
        person_id=person.id, country=new.country, agency_id=new.agency_id, roles=" ".join(new.roles), since=now.date()
    )
    db.session.add(posting)
    record(PersonAdded(at=now, person_id=person.id, country=new.country))
    if new.roles:
        _add_practitioner_role(person.id, now.date())
    return person.id


def deactivate(person_id: UUID, today: date) -> None:
    """Close an account and end postings and roles today; past days stay unchanged. The event ends the sessions."""
    people.get(person_id).state = PersonState.DEACTIVATED
    for table in (Posting, RoleGrant):
        of_person = table.person_id == person_id
        db.session.execute(delete(table).where(of_person, table.since > today))
        current = or_(table.until.is_(None), table.until > today)
        db.session.execute(update(table).where(of_person, current).values(until=today))
    record(PersonDeactivated(person_id=person_id))


def change_settings(person_id: UUID, changes: Mapping[str, object]) -> None:
    """Save the settings of a person: language, appearance, mail rhythm and other columns of the person row."""
    person = people.get(person_id)
    changed = tuple(sorted(name for name, value in changes.items() if getattr(person, name) != value))
    for name in changed:
        setattr(person, name, changes[name])
    if changed:
        record(SettingsChanged(person_id=person_id, changed=changed))


def delete_personal_data(person_id: UUID) -> bool:
    """Delete the identity of a person and the tokens of the name; return whether there was an identity."""
    identity = db.session.get(Identity, person_id)
    if identity is not None:
        db.session.delete(identity)
        db.session.flush()
    db.session.execute(delete(NameToken).where(NameToken.person_id == person_id))
    return identity is not None


def number_index(number: str | None) -> str | None:
    """Return the blind index of a service number, None for none. Raises ValueError for a mail address."""
    if not number:
        return None
    if not is_number(number):
        raise ValueError("a service number must not be read as a mail address")
    return blind_index.index("service", number)


def _add_practitioner_role(person_id: UUID, since: date) -> None:
    """Add the practitioner role of a new person, who has no sessions to end yet."""
    role, scope = Role.PRACTITIONER, Scope.SELF
    db.session.add(RoleGrant(person_id=person_id, role=role, scope=scope, reach="", since=since))
    record(RoleGranted(person_id=person_id, role=role, scope=scope, reach="", since=since, until=None, deputy=False))


def _add_identity(person_id: UUID, new: NewPerson) -> None:
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
