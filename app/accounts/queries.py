"""Reading people and sessions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Date, Row, Select, and_, bindparam, exists, func, or_, select

from app.access.policy import Role, Scope
from app.accounts.alias_order import alias_key
from app.accounts.domain import NO_ADDRESS, Appearance, MailRhythm, PersonState, Stage
from app.accounts.models import (
    Agency,
    Country,
    FailedSignIn,
    Identity,
    Incident,
    Person,
    Posting,
    RoleGrant,
    SignInSession,
)
from app.accounts.rights_rules import holds_where
from app.accounts.roster import PostingSpan, lock, nearest, posting_on, posting_page, postings, serving_in
from app.db import blind_index
from app.db.session import db

__all__ = [
    "PostingSpan", "lock", "nearest", "posting_on", "posting_page", "postings", "serving_in",
]  # fmt: skip  # read through here


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session with what every page needs of its person."""

    session_id: int
    person_id: UUID
    alias: str
    language: str
    content_language: str | None
    appearance: Appearance
    more_contrast: bool
    data_saver: bool
    mail_rhythm: MailRhythm
    time_zone: str
    extra_time: int
    shared_computer: bool
    seen_at: datetime
    idle_seconds: int
    ends_at: datetime
    former: bool  # the secret is the one before: the answer that brought the new one may be lost; it proves nothing
    arrived: bool  # the secret came back while the one before still opened
    country: str
    posting_roles: tuple[str, ...]
    shows_country: bool
    incident_at: datetime | None  # when the incident that lasts began; None: none does
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where and how a notice reaches a person."""

    person_id: UUID
    alias: str
    mail: str
    language: str
    time_zone: str
    mail_rhythm: MailRhythm


@dataclass(frozen=True, slots=True)
class LinkMail:
    """Where the mail with a link goes, in which language, and the link's secret part."""

    mail: str
    language: str
    token: str


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer in the list of the own contact point."""

    alias: str
    person_id: UUID
    roles: tuple[str, ...]
    agency: str
    practitioner: bool  # who serves as an officer need not hold the role


def signed_in(secret_hash: str, *, real_now: datetime, today: date) -> SignedIn | None:
    """Return the live session of a cookie's secret, or None when it has ended, idled out or its person is gone."""
    given = {"secret_hash": secret_hash, "real_now": real_now, "today": today}
    rows = db.session.execute(_SIGNED_IN, given).all()
    former = not rows
    if former:
        rows = db.session.execute(_SIGNED_IN_BEFORE, given).all()
    if not rows:
        return None
    row = rows[0]
    if row.seen_at + timedelta(seconds=row.idle_seconds) <= real_now:
        return None
    if row.begun_at is not None and row.started_at < row.begun_at:  # opened while everything was being shut
        return None
    return SignedIn(
        session_id=row[0], shared_computer=row[1], seen_at=row[2], idle_seconds=row[3], ends_at=row[4],
        former=former, arrived=not former and row.former_hash is not None,
        person_id=row[5], alias=row[6], language=row[7], content_language=row[8], appearance=row[9],
        more_contrast=row[10], data_saver=row[11], mail_rhythm=row[12], time_zone=row[13], extra_time=row[14],
        country=row[15] or "", posting_roles=tuple((row[16] or "").split()), shows_country=row[17],
        incident_at=row.begun_at if row.ended_at is None else None,
        roles=frozenset(
            r.role for r in rows if r.role is not None and holds_where(r.scope, r.reach, r.country, r.agency_id)
        ),
    )  # fmt: skip


def by_sign_in_name(name: str) -> tuple[UUID, str] | None:
    """Return id and password hash of the active person with this mail address, or else with this service number."""
    found = of_indexes(blind_index.index("mail", name), blind_index.index("service", name))
    return (found[0], found[1]) if found else None


def of_indexes(mail_index: str, service_index: str) -> tuple[UUID, str] | None:
    """Return id and password hash of the active person of a mail address, or else of a service number.

    A number that is somebody's mail address is never taken for them, nor in place of them once they have left. It is
    one statement whoever is asked for (security S6).
    """
    by_mail = Identity.mail_index == mail_index
    query = (
        select(Person.id, Person.password_hash, Person.state)
        .join(Identity, Identity.person_id == Person.id)
        .where(or_(by_mail, Identity.service_index == service_index))
        .order_by(by_mail.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row and row[2] is PersonState.ACTIVE else None


def failures(*, account: str, address: str, since: datetime) -> tuple[list[datetime], list[datetime], list[datetime]]:
    """Return the times of failed sign-ins since then: of the account, of the address, of all (1,000 at most)."""
    account_times = select(FailedSignIn.at).where(FailedSignIn.account == account, FailedSignIn.at > since)
    address_times = select(FailedSignIn.at).where(FailedSignIn.address == address, FailedSignIn.at > since)
    each = (FailedSignIn.at > since, FailedSignIn.address != NO_ADDRESS)
    all_times = select(FailedSignIn.at).where(*each).order_by(FailedSignIn.at.desc()).limit(1000)
    return (
        list(db.session.scalars(account_times.limit(1000))),
        list(db.session.scalars(address_times.limit(1000))),
        list(db.session.scalars(all_times)),
    )


def failed_sign_ins(since: datetime) -> int:
    """Return how many sign-ins failed since then; rows are kept for an hour."""
    each = (FailedSignIn.at > since, FailedSignIn.address != NO_ADDRESS)
    return db.session.scalar(select(func.count()).select_from(FailedSignIn).where(*each)) or 0


def roles_of(person_id: UUID, today: date) -> frozenset[Role]:
    """Return the roles that a person holds today."""
    query = select(RoleGrant.role).where(RoleGrant.person_id == person_id, *_holds(RoleGrant, today))
    return frozenset(db.session.scalars(query))


def held_from(person_id: UUID, today: date) -> list[tuple[Role, Scope]]:
    """Return the roles that a person holds today or will hold, each as often as given, and how far they reach."""
    still = or_(RoleGrant.until.is_(None), RoleGrant.until >= today)
    query = select(RoleGrant.role, RoleGrant.scope).where(RoleGrant.person_id == person_id, still)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def practitioners(ids: Collection[UUID], today: date) -> frozenset[UUID]:
    """Return which of these people hold the role of a practitioner today."""
    mine = (RoleGrant.person_id.in_(ids), RoleGrant.role == Role.PRACTITIONER)
    return frozenset(db.session.scalars(select(RoleGrant.person_id).where(*mine, *_holds(RoleGrant, today))))


def next_role_day(person_id: UUID, today: date) -> date | None:
    """Return the first day after today on which a role of the person begins."""
    later = select(func.min(RoleGrant.since)).where(RoleGrant.person_id == person_id, RoleGrant.since > today)
    return db.session.scalar(later)


def addressees(ids: Collection[UUID]) -> Mapping[UUID, Addressee]:
    """Return how to reach these people; deactivated ones are left out."""
    query = (
        select(Person.id, Person.alias, Identity.mail, Person.language, Person.time_zone, Person.mail_rhythm)
        .join(Identity, Identity.person_id == Person.id)
        .where(Person.id.in_(ids), Person.state == PersonState.ACTIVE)
    )
    return {row[0]: Addressee(*row) for row in db.session.execute(query)}


def reminded(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the time zones of those of these people who want reminders by mail; no address is opened for it."""
    query = (
        select(Person.id, Person.time_zone)
        .join(Identity, Identity.person_id == Person.id)
        .where(Person.id.in_(ids), Person.state == PersonState.ACTIVE, Person.mail_rhythm != MailRhythm.NEVER)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the aliases of these people: the name by which other rooms may show them."""
    rows = db.session.execute(select(Person.id, Person.alias).where(Person.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def active_page(after: UUID | None, size: int) -> list[UUID]:
    """Return the next ids of active people in the order of their ids, for jobs that walk all of them."""
    query = select(Person.id).where(Person.state == PersonState.ACTIVE).order_by(Person.id).limit(size)
    if after is not None:
        query = query.where(Person.id > after)
    return list(db.session.scalars(query))


def serving(roles: Collection[str], today: date) -> list[UUID]:
    """Return the ids of active practitioners whose posting names one of these roles (any, when none is given)."""
    named = [(" " + Posting.roles + " ").contains(f" {role} ", autoescape=True) for role in sorted(roles)]
    query = (
        select(Person.id)
        .join(Posting, and_(Posting.person_id == Person.id, *_holds(Posting, today)))
        .join(RoleGrant, and_(RoleGrant.person_id == Person.id, *_holds(RoleGrant, today)))
        .where(Person.state == PersonState.ACTIVE, RoleGrant.role == Role.PRACTITIONER)
        .distinct()
    )
    return list(db.session.scalars(query.where(or_(*named)) if named else query))


def holders(scope: Scope, reach: str, today: date) -> list[tuple[Role, UUID]]:
    """Return who holds a role today that reaches to this country, course or event."""
    query = select(RoleGrant.role, RoleGrant.person_id).where(
        RoleGrant.scope == scope, RoleGrant.reach == reach, *_holds(RoleGrant, today)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def led(countries: Collection[str]) -> frozenset[str]:
    """Return which of these countries have or had a contact point, or will have one."""
    grants = (RoleGrant.role == Role.CONTACT_POINT, RoleGrant.scope == Scope.COUNTRY, RoleGrant.reach.in_(countries))
    return frozenset(db.session.scalars(select(RoleGrant.reach).where(*grants).distinct()))


def reaches(person_id: UUID, scope: Scope, roles: Collection[Role], today: date) -> list[str]:
    """Return to which countries, courses or events these roles of a person reach today."""
    query = select(RoleGrant.reach).where(
        RoleGrant.person_id == person_id,
        RoleGrant.scope == scope,
        RoleGrant.role.in_(roles),
        *_holds(RoleGrant, today),
    )
    return list(db.session.scalars(query.distinct()))


def own_name(person_id: UUID) -> str:
    """Return a person's name for their own eyes alone, as on certificates; "" when no identity is kept."""
    return db.session.scalars(select(Identity.name).where(Identity.person_id == person_id)).one_or_none() or ""


def officers_of(
    country: str,
    today: date,
    *,
    role: str = "",
    having: Callable[[ColumnElement[UUID]], ColumnElement[bool]] | None = None,
    after: str = "",
    size: int = 100,
) -> list[Officer]:
    """Return active officers of a country by alias, beginning after this one.

    `role` of the framework and `having` (a condition on a person's id) narrow the list.
    """
    query = _officers(country, today).where(Person.alias_key > alias_key(after)).order_by(Person.alias_key).limit(size)
    if role:
        query = query.where((" " + Posting.roles + " ").contains(f" {role} ", autoescape=True))
    if having is not None:
        query = query.where(having(Person.__table__.c.id))
    return [_officer(row) for row in db.session.execute(query)]


def count_officers_of(
    country: str, today: date, *, having: Callable[[ColumnElement[UUID]], ColumnElement[bool]] | None = None
) -> int:
    """Return how many active officers of a country there are, narrowed by a condition on a person's id."""
    query = _officers(country, today)
    if having is not None:
        query = query.where(having(Person.__table__.c.id))
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def officer(person_id: UUID, country: str, today: date) -> Officer:
    """Return an active officer of a country, or raise NoResultFound."""
    return _officer(db.session.execute(_officers(country, today).where(Person.id == person_id)).one())


def _officers(country: str, today: date) -> Select[str, UUID, str, str, bool]:
    mine = (RoleGrant.person_id == Person.id, RoleGrant.role == Role.PRACTITIONER)
    practises = exists().where(*mine, *_holds(RoleGrant, today)).label("practises")
    return (
        select(Person.alias, Person.id, Posting.roles, Agency.name, practises)
        .join(Posting, and_(Posting.person_id == Person.id, *_holds(Posting, today)))
        .join(Agency, Agency.id == Posting.agency_id)
        .where(Posting.country == country, Person.state == PersonState.ACTIVE, Posting.roles != "")
    )


def _officer(row: Row[str, UUID, str, str, bool]) -> Officer:
    return Officer(row[0], row[1], tuple(row[2].split()), row[3], row[4])


def person_by_alias(alias: str, *, closed: bool = False) -> UUID | None:
    """Return the id of the active person with this alias; with `closed`, of one whose account is closed, too."""
    query = select(Person.id).where(Person.alias == alias)
    return db.session.scalar(query if closed else query.where(Person.state == PersonState.ACTIVE))


def people_by_alias(aliases: Collection[str]) -> dict[str, UUID]:
    """Return the ids of the active people with these aliases; an alias that nobody has is left out."""
    query = select(Person.alias, Person.id).where(Person.alias.in_(aliases), Person.state == PersonState.ACTIVE)
    return {row[0]: row[1] for row in db.session.execute(query)}


def is_person(person_id: UUID) -> bool:
    """Say whether this is somebody's id, whatever became of the account."""
    return db.session.get(Person, person_id) is not None


def agency(country: str, name: str) -> UUID | None:
    """Return the id of a country's service by its name."""
    return db.session.scalar(select(Agency.id).where(Agency.country == country, Agency.name == name))


def get(person_id: UUID) -> Person:
    """Return the person or raise NoResultFound."""
    return db.session.get_one(Person, person_id)


def countries() -> list[str]:
    """Return the codes of the member countries."""
    return list(db.session.scalars(select(Country.code).order_by(Country.code)))


def _holds(table: type[Posting | RoleGrant], today: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    return (table.since <= today, or_(table.until.is_(None), table.until >= today))


_today: BindParameter[date] = bindparam("today", type_=Date)
# put together once: every page of somebody signed in asks this
_ANY = (
    select(
        SignInSession.id, SignInSession.shared_computer, SignInSession.seen_at,
        SignInSession.idle_seconds, SignInSession.ends_at,
        Person.id, Person.alias, Person.language, Person.content_language, Person.appearance,
        Person.more_contrast, Person.data_saver, Person.mail_rhythm, Person.time_zone, Person.extra_time,
        Posting.country, Posting.roles, Person.shows_country, RoleGrant.role, RoleGrant.scope, RoleGrant.reach,
        Incident.begun_at, Incident.ended_at, SignInSession.started_at, SignInSession.former_hash, Posting.agency_id,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, *_holds(RoleGrant, _today)))
    .outerjoin(Posting, and_(Posting.person_id == Person.id, *_holds(Posting, _today)))
    .outerjoin(Incident, Incident.id == 1)
    .where(
        SignInSession.ends_at > bindparam("real_now"),
        SignInSession.stage == Stage.WHOLE,
        Person.state == PersonState.ACTIVE,
    )
)  # fmt: skip
_SIGNED_IN = _ANY.where(SignInSession.secret_hash == bindparam("secret_hash"))
_SIGNED_IN_BEFORE = _ANY.where(SignInSession.former_hash == bindparam("secret_hash"))
