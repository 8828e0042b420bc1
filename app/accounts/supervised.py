"""Reading who supervises whom today: while both serve in one country and the supervisor's role lasts."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased

from app.access.policy import Action, Actor, Role, allows
from app.accounts import seeing
from app.accounts.domain import PersonState, Scope
from app.accounts.models import Person, Posting, RoleGrant, Supervision
from app.accounts.seeing import SeenPerson
from app.db.session import db
from app.kernel import clock

Q = TypeVar("Q", bound="Select[*tuple[Any, ...]]")
MOST = 500  # in a list that has no pages
_ABOVE, _BELOW = aliased(Posting), aliased(Posting)
_SUPERVISOR, _OFFICER = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class Pair:
    """The other one of a pair of supervisor and officer."""

    person_id: UUID
    alias: str
    since: date


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer assigned, as the supervisor needs one."""

    person_id: UUID
    alias: str
    roles: tuple[str, ...]  # of the framework
    country: str
    protected: bool


def person(actor: Actor, person_id: UUID, **_rest: object) -> SeenPerson:
    """Return somebody else who serves in the actor's country for its contact point, or raise NoResultFound."""
    # a door gives no time, and postings and roles end by the day
    found = seeing.any_person(person_id, clock.today())
    if person_id == actor.id or not found.active or not allows(actor, Action.ASSIGN_SUPERVISOR, found):
        raise NoResultFound
    return found


def officers_of(supervisor_id: UUID, today: date) -> Select[UUID]:
    """Return the query for those whom somebody supervises today, for conditions of other rooms."""
    return _pairs(select(Supervision.officer_id), today).where(Supervision.supervisor_id == supervisor_id)


def supervisors_of(officer_id: UUID, today: date) -> frozenset[UUID]:
    """Return who supervises an officer today."""
    query = _pairs(select(Supervision.supervisor_id), today).where(Supervision.officer_id == officer_id)
    return frozenset(db.session.scalars(query))


def above(officer_id: UUID, today: date) -> list[Pair]:
    """Return who supervises an officer today, by alias."""
    query = select(Supervision.supervisor_id, _SUPERVISOR.alias, Supervision.since)
    query = _pairs(query, today).where(Supervision.officer_id == officer_id)
    return [Pair(*row) for row in db.session.execute(query.order_by(_SUPERVISOR.alias))]


def below(supervisor_id: UUID, today: date) -> list[Pair]:
    """Return whom somebody supervises today, by alias."""
    query = select(Supervision.officer_id, _OFFICER.alias, Supervision.since)
    query = _pairs(query, today).where(Supervision.supervisor_id == supervisor_id)
    return [Pair(*row) for row in db.session.execute(query.order_by(_OFFICER.alias).limit(MOST))]


def officers(supervisor_id: UUID, today: date, *, offset: int, size: int) -> list[Officer]:
    """Return a page of the officers whom somebody supervises today, by alias."""
    query = select(Supervision.officer_id, _OFFICER.alias, _BELOW.roles, _BELOW.country, _OFFICER.protected)
    query = _pairs(query, today).where(Supervision.supervisor_id == supervisor_id)
    rows = db.session.execute(query.order_by(_OFFICER.alias).offset(offset).limit(size))
    return [Officer(row[0], row[1], tuple(row[2].split()), row[3], row[4]) for row in rows]


def count(supervisor_id: UUID, today: date) -> int:
    """Return how many officers somebody supervises today."""
    return db.session.scalar(select(func.count()).select_from(officers_of(supervisor_id, today).subquery())) or 0


def candidates(country: str, today: date) -> list[tuple[UUID, str]]:
    """Return id and alias of the supervisors of a country, by alias."""
    query = (
        select(Person.id, Person.alias)
        .join(_ABOVE, and_(_ABOVE.person_id == Person.id, *_on(_ABOVE, today)))
        .where(Person.state == PersonState.ACTIVE, _ABOVE.country == country)
        .where(_holds_the_role(Person.__table__.c.id, today).exists())
    )
    rows = db.session.execute(query.order_by(Person.alias).limit(MOST))
    return [(row[0], row[1]) for row in rows]


def _pairs(query: Q, today: date) -> Q:
    """Narrow a query of supervisions to what holds today: a role given anew later does not bring back what ended."""
    role = _holds_the_role(Supervision.__table__.c.supervisor_id, today).where(RoleGrant.since <= Supervision.since)
    return (
        query.select_from(Supervision)
        .join(_SUPERVISOR, _SUPERVISOR.id == Supervision.supervisor_id)
        .join(_OFFICER, _OFFICER.id == Supervision.officer_id)
        .join(_ABOVE, and_(_ABOVE.person_id == Supervision.supervisor_id, *_on(_ABOVE, today)))
        .join(_BELOW, and_(_BELOW.person_id == Supervision.officer_id, *_on(_BELOW, today)))
        .where(
            *_on(Supervision, today),
            _ABOVE.country == _BELOW.country,
            _SUPERVISOR.state == PersonState.ACTIVE,
            _OFFICER.state == PersonState.ACTIVE,
            role.exists(),
        )
    )


def _holds_the_role(person_id: ColumnElement[UUID], today: date) -> Select[UUID]:
    """Return the query for the grant that makes somebody a supervisor today where they serve."""
    here = or_(RoleGrant.scope != Scope.COUNTRY, RoleGrant.reach == _ABOVE.country)
    mine = (RoleGrant.person_id == person_id, RoleGrant.role == Role.SUPERVISOR, here, *_on(RoleGrant, today))
    return select(RoleGrant.id).where(*mine)


def _on(table: Any, today: date) -> tuple[ColumnElement[bool], ...]:
    return (table.since <= today, or_(table.until.is_(None), table.until >= today))
