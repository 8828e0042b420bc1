"""Read people by id or alias, addressees of mails, active officers of a country, agencies and countries."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from app.access.policy import Role, Scope
from app.db.session import db
from app.identity.domain.alias_order import alias_key
from app.identity.domain.people import MailRhythm, PersonState
from app.identity.models import Agency, Country, Identity, Person, Posting, RoleGrant
from app.identity.queries.roles import role_condition


def agencies(country: str = "") -> list[tuple[UUID, str, str]]:
    """Return id, country and name of the agencies of a country, or of all agencies."""
    query = select(Agency.id, Agency.country, Agency.name).order_by(Agency.country, Agency.name)
    rows = db.session.execute(query.where(Agency.country == country) if country else query)
    return [(row[0], row[1], row[2]) for row in rows]


def country_of(code: str) -> Country:
    """Return a member country or raise NoResultFound."""
    return db.session.get_one(Country, code)


@dataclass(frozen=True, slots=True)
class Addressee:
    """The mail address and the preferences for notices of a person."""

    person_id: UUID
    alias: str
    mail: str
    language: str
    time_zone: str
    mail_rhythm: MailRhythm


@dataclass(frozen=True, slots=True)
class LinkMail:
    """The recipient address and the language of a mail with a link, and the secret of the link."""

    mail: str
    language: str
    token: str


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer in the list of their contact point."""

    alias: str
    person_id: UUID
    roles: tuple[str, ...]
    agency: str
    practitioner: bool  # an officer may be without the role


def addressees(ids: Collection[UUID]) -> Mapping[UUID, Addressee]:
    """Return the addressees of these people, without deactivated accounts."""
    query = (
        select(Person.id, Person.alias, Identity.mail, Person.language, Person.time_zone, Person.mail_rhythm)
        .join(Identity, Identity.person_id == Person.id)
        .where(Person.id.in_(ids), Person.state == PersonState.ACTIVE)
    )
    return {row[0]: Addressee(*row) for row in db.session.execute(query)}


def languages(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the interface languages of these people."""
    rows = db.session.execute(select(Person.id, Person.language).where(Person.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def reminder_time_zones(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the time zones of the people who want reminders by mail, without decrypting addresses."""
    query = (
        select(Person.id, Person.time_zone)
        .join(Identity, Identity.person_id == Person.id)
        .where(Person.id.in_(ids), Person.state == PersonState.ACTIVE, Person.mail_rhythm != MailRhythm.NEVER)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the aliases of these people: the only name that other packages show."""
    rows = db.session.execute(select(Person.id, Person.alias).where(Person.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def active_page(after: UUID | None, size: int) -> list[UUID]:
    """Return the next ids of active people in the order of their ids, for jobs that process all people."""
    query = select(Person.id).where(Person.state == PersonState.ACTIVE).order_by(Person.id).limit(size)
    if after is not None:
        query = query.where(Person.id > after)
    return list(db.session.scalars(query))


def led_countries(countries: Collection[str]) -> frozenset[str]:
    """Return the countries that have, had or will have a contact point."""
    grants = (RoleGrant.role == Role.CONTACT_POINT, RoleGrant.scope == Scope.COUNTRY, RoleGrant.reach.in_(countries))
    return frozenset(db.session.scalars(select(RoleGrant.reach).where(*grants).distinct()))


def own_name(person_id: UUID) -> str:
    """Return the name of a person for themself only, as on certificates; "" without an identity."""
    return db.session.scalars(select(Identity.name).where(Identity.person_id == person_id)).one_or_none() or ""


def officers_of(
    country: str,
    today: date,
    *,
    role: str = "",
    having: Callable[[ColumnElement[UUID]], ColumnElement[bool]] | None = None,
    after: str = "",
    size: int = 100,
) -> list[OfficerLine]:
    """Return a page of the active officers of a country by alias, those after the alias `after`.

    `role` of the framework and `having` (a condition on a person's id) narrow the list.
    """
    query = _officers(country, today, role).where(Person.alias_key > alias_key(after))
    query = query.order_by(Person.alias_key).limit(size)
    if having is not None:
        query = query.where(having(Person.__table__.c.id))
    return [_officer(row) for row in db.session.execute(query)]


def count_officers_of(
    country: str,
    today: date,
    *,
    role: str = "",
    having: Callable[[ColumnElement[UUID]], ColumnElement[bool]] | None = None,
) -> int:
    """Return how many active officers of a country there are, narrowed by a role and a condition on a person's id."""
    query = _officers(country, today, role)
    if having is not None:
        query = query.where(having(Person.__table__.c.id))
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def serves_in(agency_id: UUID, today: date) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """Return the condition on a person's id that the person serves in an agency today, for `officers_of`."""
    own = aliased(Posting)
    serving = (own.agency_id == agency_id, *role_condition(own, today))
    return lambda person_id: exists().where(own.person_id == person_id, *serving)


def has_role_of(roles: Collection[str], today: date) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """Return the condition on a person's id that the person has one of these framework roles today."""
    own = aliased(Posting)
    served = or_(false(), *((" " + own.roles + " ").contains(f" {role} ", autoescape=True) for role in roles))
    return lambda person_id: exists().where(own.person_id == person_id, *role_condition(own, today), served)


def serves_as(roles: Collection[str]) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """Return the condition that an officer serves in one of these framework roles, for `officers_of` alone.

    It reads the posting that the list has joined: in a large country faster than `has_role_of`.
    """
    own = (" " + Posting.roles + " ").contains
    return lambda _person_id: or_(false(), *(own(f" {role} ", autoescape=True) for role in roles))


def has_alias_with(text: str) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """Return the condition that the alias of an officer contains a text, for `officers_of` alone."""
    return lambda _person_id: Person.alias.icontains(text, autoescape=True)


def officer(person_id: UUID, country: str, today: date) -> OfficerLine:
    """Return an active officer of a country, or raise NoResultFound."""
    return _officer(db.session.execute(_officers(country, today).where(Person.id == person_id)).one())


def _officers(country: str, today: date, role: str = "") -> Select[str, UUID, str, str, bool]:
    practitioner = (RoleGrant.person_id == Person.id, RoleGrant.role == Role.PRACTITIONER)
    practises = exists().where(*practitioner, *role_condition(RoleGrant, today)).label("practises")
    query = (
        select(Person.alias, Person.id, Posting.roles, Agency.name, practises)
        .join(Posting, and_(Posting.person_id == Person.id, *role_condition(Posting, today)))
        .join(Agency, Agency.id == Posting.agency_id)
        .where(Posting.country == country, Person.state == PersonState.ACTIVE, Posting.roles != "")
    )
    return query.where((" " + Posting.roles + " ").contains(f" {role} ", autoescape=True)) if role else query


def _officer(row: Row[str, UUID, str, str, bool]) -> OfficerLine:
    return OfficerLine(row[0], row[1], tuple(row[2].split()), row[3], row[4])


def person_by_alias(alias: str, *, closed: bool = False) -> UUID | None:
    """Return the id of the active person with this alias; with `closed`, of one whose account is closed, too."""
    query = select(Person.id).where(Person.alias == alias)
    return db.session.scalar(query if closed else query.where(Person.state == PersonState.ACTIVE))


def people_by_alias(aliases: Collection[str]) -> dict[str, UUID]:
    """Return the ids of the active people with these aliases; unknown aliases are left out."""
    query = select(Person.alias, Person.id).where(Person.alias.in_(aliases), Person.state == PersonState.ACTIVE)
    return {row[0]: row[1] for row in db.session.execute(query)}


def officers_by_text(country: str, today: date, texts: Mapping[str, str]) -> dict[str, OfficerLine]:
    """Return active officers of a country by alias or service number; `texts` has the blind index of each text."""
    wanted = set(texts)
    numbers = {index: text for text, index in texts.items()}
    matches = or_(Person.alias.in_(wanted), Identity.service_index.in_(numbers))
    query = _officers(country, today).outerjoin(Identity, Identity.person_id == Person.id).where(matches)
    lines: dict[str, OfficerLine] = {}
    for *columns, index in db.session.execute(query.add_columns(Identity.service_index)):
        line = OfficerLine(columns[0], columns[1], tuple(columns[2].split()), columns[3], columns[4])
        if index in numbers:
            lines[numbers[index]] = line
        if line.alias in wanted:
            lines[line.alias] = line
    return lines


def is_person(person_id: UUID) -> bool:
    """Return whether this is the id of a person, with any state of the account."""
    return db.session.get(Person, person_id) is not None


def agency(country: str, name: str) -> UUID | None:
    """Return the id of an agency of a country by its name."""
    return db.session.scalar(select(Agency.id).where(Agency.country == country, Agency.name == name))


def get(person_id: UUID) -> Person:
    """Return the person or raise NoResultFound."""
    return db.session.get_one(Person, person_id)


def countries() -> list[str]:
    """Return the codes of the member countries."""
    return list(db.session.scalars(select(Country.code).order_by(Country.code)))
