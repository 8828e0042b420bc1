"""Reading one person by right, and the list of people for those who look after roles: by alias, never by name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Scope, allows
from app.accounts import roster
from app.accounts.alias_order import alias_key
from app.accounts.domain import PersonState
from app.accounts.events import RoleGranted
from app.accounts.models import AdministratorRequest, Agency, Identity, Invitation, Passkey, Person, Posting, RoleGrant
from app.accounts.rights_rules import Giver, Held, Receiver, decides_for, holds_where
from app.accounts.roster import PostingSpan
from app.audit import queries as audit
from app.db.session import db
from app.kernel import clock
from app.web.settings import settings
from config import Mode

PAGE = 50


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds or will hold."""

    id: UUID
    person_id: UUID
    held: Held


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """A person as those see one who have the right: the country is where they serve or, left, last served."""

    person_id: UUID
    alias: str
    state: PersonState
    country: str
    agency_id: UUID | None
    posting_roles: tuple[str, ...]
    grants: tuple[Grant, ...]
    protected: bool = False  # under threat: the country is for the own contact point alone

    @property
    def active(self) -> bool:
        """Say whether the account is open."""
        return self.state is PersonState.ACTIVE

    @property
    def receiver(self) -> Receiver:
        """Return what the rules of roles need to know."""
        held = [one.held for one in self.grants]
        return Receiver(self.person_id, self.country, self.active, held, agency_id=self.agency_id)


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the list of all."""

    person_id: UUID
    alias: str
    state: PersonState
    country: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows the list of all; empty for all. Not a country: who looks after roles learns it of nobody."""

    role: Role | None = None
    state: PersonState | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class Ties:
    """Who owes a role or the account to somebody, and to whom that one owes theirs."""

    made: frozenset[UUID]
    makers: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Name:
    """How a person is really called, and where they serve."""

    name: str
    latin_name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whom one administrator wants as another one."""

    id: UUID
    person_id: UUID
    alias: str
    asked_by: UUID
    since: date
    until: date | None
    ends_at: datetime


def person(actor: Actor, person_id: UUID, **_rest: object) -> SeenPerson:
    """Return a person whom the actor may see, or raise NoResultFound."""
    # a door gives no time, and postings and roles end by the day
    found = any_person(person_id, clock.today())
    if not allows(actor, Action.SEE_PERSON, found):
        raise NoResultFound
    return found


def any_person(person_id: UUID, today: date) -> SeenPerson:
    """Return a person, whoever asks, or raise NoResultFound."""
    found = select(Person.alias, Person.state, Person.protected)
    row = db.session.execute(found.where(Person.id == person_id, Person.erased_at.is_(None))).one()
    active = row[1] is PersonState.ACTIVE
    served = _served(roster.postings([person_id]).get(person_id, []), today, active=active)
    return SeenPerson(
        person_id=person_id,
        alias=row[0],
        state=row[1],
        country=served.country if served else "",
        agency_id=served.agency_id if served else None,
        posting_roles=served.roles if served else (),
        grants=tuple(grants([person_id], today).get(person_id, [])),
        protected=row[2],
    )


def giver(actor: Actor, today: date) -> Giver:
    """Return what the rules of roles need to know of who gives them: a role that rests at the door gives nothing."""
    held = [one.held for one in grants([actor.id], today).get(actor.id, [])]
    return Giver(actor.id, actor.country, [one for one in held if one.role in actor.roles])


def decides(actor: Actor, today: date) -> bool:
    """Say whether somebody decides for the own country, and does not only stand in for whoever does."""
    held = grants([actor.id], today).get(actor.id, [])
    return decides_for([one.held for one in held], actor.country, today)


def countrymen(person_id: UUID) -> Select[UUID]:
    """Return the query for those who ever served in a country where this person did, for conditions of other rooms."""
    there = select(Posting.country).where(Posting.person_id == person_id)
    return select(Posting.person_id).where(Posting.country.in_(there), Posting.person_id != person_id)


def deciding(country: str, today: date) -> frozenset[UUID]:
    """Return who decides for a country today: its contact points who serve there, and no deputies."""
    query = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.CONTACT_POINT, RoleGrant.scope == Scope.COUNTRY, RoleGrant.reach == country,
        RoleGrant.deputy.is_(False), RoleGrant.since <= today,
        or_(RoleGrant.until.is_(None), RoleGrant.until >= today),
        RoleGrant.person_id.in_(roster.serving_in(country, today)),
    )  # fmt: skip
    return frozenset(db.session.scalars(query))


def ties(person_id: UUID, others: Collection[UUID]) -> Ties:
    """Return whom of these others somebody ever gave a role or invited, and who of them did so to that one."""
    if not others:
        return Ties(frozenset(), frozenset())
    invited = select(Invitation.invited_by, Invitation.person_id).where(
        or_(
            and_(Invitation.invited_by == person_id, Invitation.person_id.in_(others)),
            and_(Invitation.person_id == person_id, Invitation.invited_by.in_(others)),
        )
    )
    pairs = {(by, to) for by, to in db.session.execute(invited) if to}
    pairs |= audit.between(RoleGranted.__name__, person_id, others)
    return Ties(
        frozenset(to for by, to in pairs if by == person_id), frozenset(by for by, to in pairs if to == person_id)
    )


def grants(ids: Collection[UUID], today: date) -> Mapping[UUID, list[Grant]]:
    """Return the roles that these people hold or will hold, in the order of their first days."""
    query = (
        select(RoleGrant)
        .where(RoleGrant.person_id.in_(ids), or_(RoleGrant.until.is_(None), RoleGrant.until >= today))
        .order_by(RoleGrant.since, RoleGrant.role, RoleGrant.id)
    )
    found: dict[UUID, list[Grant]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.person_id, []).append(Grant(one.id, one.person_id, _held(one)))
    return found


def stood_in(person_id: UUID, since: date) -> list[Held]:
    """Return for whom somebody stands in as a deputy, or did until this day or a later one."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.deputy, RoleGrant.until >= since)
    return [_held(one) for one in db.session.scalars(query)]


def name(person_id: UUID) -> Name:
    """Return how a person is really called, for who has the right and has written that they look; "" where erased."""
    row = db.session.execute(
        select(Identity.name, Identity.latin_name).where(Identity.person_id == person_id)
    ).one_or_none()
    return Name(row[0], row[1] or "") if row else Name("", "")


def names(ids: Collection[UUID]) -> Mapping[UUID, Name]:
    """Return how people are really called, for who has the right and has written that they look; not the erased."""
    query = select(Identity.person_id, Identity.name, Identity.latin_name).where(Identity.person_id.in_(ids))
    return {row[0]: Name(row[1], row[2] or "") for row in db.session.execute(query)}


def agency(agency_id: UUID | None) -> str:
    """Return the name of a service."""
    if agency_id is None:
        return ""
    return db.session.scalars(select(Agency.name).where(Agency.id == agency_id)).one()


def everybody(narrowed: Narrowed, today: date, among: Collection[Role] = ()) -> list[Line]:
    """Return a page of people by alias and one more, when there are more; `among`: only who holds one of these roles.

    A condition that few meet is asked first, one that many meet person by person: so a page takes no longer the more
    people there are.
    """
    query = select(Person.id, Person.alias, Person.state, Person.protected).where(
        Person.alias_key > alias_key(narrowed.after)
    )
    query = query.where(Person.erased_at.is_(None))
    if narrowed.state is not None:
        query = query.where(Person.state == narrowed.state)
    if narrowed.role is not None:
        query = query.where(_in_role([narrowed.role], today))
    if among:
        query = query.where(_in_role(among, today))
    rows = db.session.execute(query.order_by(Person.alias_key).limit(PAGE + 1)).all()
    ids = [row[0] for row in rows]
    spans, held = roster.postings(ids), grants(ids, today)
    lines = [_line(row[0], row[1], row[2], spans.get(row[0], []), held.get(row[0], []), today) for row in rows]
    return [replace(line, country="") if row[3] else line for line, row in zip(lines, rows, strict=True)]


def known(person_id: UUID | None, alias: str) -> UUID | None:
    """Return the person of this id or alias, whether the account is open or closed, or None."""
    mine = Person.alias == alias if person_id is None else Person.id == person_id
    return db.session.scalars(select(Person.id).where(mine)).one_or_none()


def administrators(today: date, *, resting: bool = False) -> frozenset[UUID]:
    """Return who is an administrator today and has an open account.

    On a live site the role rests of whoever has no passkey: they count only where `resting` is asked for, too.
    """
    query = select(Person.id).where(Person.state == PersonState.ACTIVE, _in_role([Role.ADMINISTRATOR], today))
    if settings().mode is Mode.LIVE and not resting:
        query = query.where(Person.id.in_(select(Passkey.person_id)))
    return frozenset(db.session.scalars(query))


def requests(real_now: datetime, person_id: UUID | None = None) -> list[Waiting]:
    """Return who waits for a second administrator, or this person alone; the oldest request first."""
    query = (
        select(AdministratorRequest, Person.alias)
        .join(Person, Person.id == AdministratorRequest.person_id)
        .where(AdministratorRequest.answered_at.is_(None), AdministratorRequest.ends_at > real_now)
        .order_by(AdministratorRequest.asked_at, AdministratorRequest.id)
    )
    if person_id is not None:
        query = query.where(AdministratorRequest.person_id == person_id)
    return [
        Waiting(one.id, one.person_id, alias, one.asked_by, one.since, one.until, one.ends_at)
        for one, alias in db.session.execute(query)
    ]


def _held(one: RoleGrant) -> Held:
    return Held(one.role, one.scope, one.reach, one.since, one.until, one.deputy)


def _line(
    person_id: UUID, alias: str, state: PersonState, spans: list[PostingSpan], held: list[Grant], today: date
) -> Line:
    served = _served(spans, today, active=state is PersonState.ACTIVE)
    country, agency_id = (served.country, served.agency_id) if served else ("", None)
    roles = {one.held.role: None for one in held if holds(one.held, country, agency_id, today)}
    return Line(person_id, alias, state, country, tuple(roles))


def holds(held: Held, country: str, agency_id: UUID | None, today: date) -> bool:
    """Say whether a role that is not over holds today for somebody who serves here."""
    return held.since <= today and holds_where(held.scope, held.reach, country, agency_id)


def _served(spans: list[PostingSpan], today: date, *, active: bool) -> PostingSpan | None:
    """Return where somebody serves today or, whose account is closed, served last."""
    begun = [span for span in spans if span.since <= today]
    if active:
        begun = [span for span in begun if span.until is None or span.until >= today]
    return begun[-1] if begun else None


def _in_role(roles: Collection[Role], today: date) -> ColumnElement[bool]:
    holds = (
        RoleGrant.role.in_(roles),
        RoleGrant.since <= today,
        or_(RoleGrant.until.is_(None), RoleGrant.until >= today),
    )
    if Role.PRACTITIONER in roles:  # nearly everybody
        return select(RoleGrant.id).where(RoleGrant.person_id == Person.id, *holds).exists()
    return Person.id.in_(select(RoleGrant.person_id).where(*holds))
