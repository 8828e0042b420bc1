"""Read who supervises whom today: officers assigned one by one, or all of an agency by the supervisor's role.

Supervisor and officer serve in the same country, for a whole agency in the same agency, and supervision lasts as long
as the role. A whole agency does not include protected officers: the contact point assigns each of them by name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.access.policy import Action, Actor, Role, Scope, allows
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Agency, Person, Posting, RoleGrant
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails
from app.identity.queries.roles import role_condition
from app.kernel import clock
from app.rights.models import Supervision

Day = date | BindParameter[date]
Q = TypeVar("Q", bound="Select[*tuple[Any, ...]]")
MOST = 500  # in a list that has no pages
_ABOVE, _BELOW = aliased(Posting), aliased(Posting)
_SUPERVISOR, _OFFICER = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class SupervisionLine:
    """The supervisor of an officer, or the reverse; `since` is None if only the shared agency connects them."""

    person_id: UUID
    alias: str
    since: date | None


@dataclass(frozen=True, slots=True)
class SupervisedOfficer:
    """An officer as the supervisor sees them."""

    person_id: UUID
    alias: str
    roles: tuple[str, ...]  # of the framework
    country: str
    protected: bool


def person(actor: Actor, person_id: UUID) -> PersonDetails:
    """Return another person of the actor's country for its contact point, or raise NoResultFound."""
    # the guard passes no time, and postings and roles end by the day
    details = person_details.any_person(person_id, clock.today())
    if person_id == actor.id or not details.active or not allows(actor, Action.ASSIGN_SUPERVISOR, details):
        raise NoResultFound
    return details


def officers_of(supervisor_id: UUID, today: date) -> Select[UUID]:
    """Return the query of the officers whom a person supervises today, for conditions of other packages."""
    return select(_below(supervisor_id, today).c.officer_id)


def supervisors_of(officer_id: UUID, today: date) -> frozenset[UUID]:
    """Return the supervisors of an officer today."""
    return frozenset(supervisors_of_each([officer_id], today).get(officer_id, ()))


def supervisors_of_each(officers: Collection[UUID], today: date) -> dict[UUID, list[UUID]]:
    """Return the supervisors of these officers today by officer; officers without one are left out."""
    return _each(_SUPERVISORS_OF_EACH, officers, today)


def supervised_among(officers: Select[UUID], today: date) -> Select[UUID]:
    """Return the query of those of these officers who have a supervisor today, for conditions of other packages."""
    pairs = _pairs(today, Supervision.officer_id.in_(officers), _OFFICER.id.in_(officers))
    return select(pairs.c.officer_id)


def officers_of_each(supervisors: Collection[UUID], today: date) -> dict[UUID, list[UUID]]:
    """Return the officers whom these people supervise today by supervisor; those without officers are left out."""
    return _each(_OFFICERS_OF_EACH, supervisors, today)


def _each(statement: Select[UUID, UUID], ids: Collection[UUID], today: date) -> dict[UUID, list[UUID]]:
    people: dict[UUID, list[UUID]] = {}
    for key, value in db.session.execute(statement, {"ids": list(ids), "today": today}):
        people.setdefault(key, []).append(value)
    return people


def is_assigned(officer_id: UUID, supervisor_id: UUID, today: date) -> bool:
    """Return whether a supervisor was assigned to an officer and still is today; the shared agency does not count."""
    pair = (Supervision.officer_id == officer_id, Supervision.supervisor_id == supervisor_id)
    return db.session.scalar(_assigned(select(Supervision.id), today).where(*pair)) is not None


def supervisor_lines(officer_id: UUID, today: date) -> list[SupervisionLine]:
    """Return the supervisors of an officer today, by alias."""
    pairs = _above(officer_id, today)
    pair = (Supervision.supervisor_id == pairs.c.supervisor_id, Supervision.officer_id == officer_id)
    one_by_one = _assigned(select(func.max(Supervision.since)), today).where(*pair).scalar_subquery()
    query = select(pairs.c.supervisor_id, Person.alias, one_by_one).join(Person, Person.id == pairs.c.supervisor_id)
    return [SupervisionLine(*row) for row in db.session.execute(query.order_by(Person.alias_key))]


def supervised_lines(supervisor_id: UUID, today: date) -> list[SupervisionLine]:
    """Return the officers who are assigned to a supervisor today, by alias."""
    query = select(Supervision.officer_id, _OFFICER.alias, Supervision.since)
    query = _assigned(query, today).where(Supervision.supervisor_id == supervisor_id)
    return [SupervisionLine(*row) for row in db.session.execute(query.order_by(_OFFICER.alias_key).limit(MOST))]


def officers(supervisor_id: UUID, today: date, *, offset: int, size: int) -> list[SupervisedOfficer]:
    """Return a page of the officers whom a person supervises today, by alias."""
    pairs = _below(supervisor_id, today)
    query = (
        select(_OFFICER.id, _OFFICER.alias, _BELOW.roles, _BELOW.country, _OFFICER.protected)
        .select_from(pairs)
        .join(_OFFICER, _OFFICER.id == pairs.c.officer_id)
        .join(_BELOW, and_(_BELOW.person_id == _OFFICER.id, *role_condition(_BELOW, today)))
    )
    rows = db.session.execute(query.order_by(_OFFICER.alias_key).offset(offset).limit(size))
    return [SupervisedOfficer(row[0], row[1], tuple(row[2].split()), row[3], row[4]) for row in rows]


def count(supervisor_id: UUID, today: date) -> int:
    """Return how many officers a person supervises today."""
    return db.session.scalar(select(func.count()).select_from(_below(supervisor_id, today))) or 0


def of_service(supervisor_id: UUID, today: date) -> str:
    """Return the name of the agency all of whose officers a person supervises today, or ""."""
    query = (
        select(Agency.name)
        .join(_ABOVE, _ABOVE.agency_id == Agency.id)
        .join(_SUPERVISOR, _SUPERVISOR.id == _ABOVE.person_id)
        .where(_SUPERVISOR.id == supervisor_id, *role_condition(_ABOVE, today))
        .where(_role(_SUPERVISOR.id, today).where(RoleGrant.scope == Scope.AGENCY).exists())
    )
    return db.session.scalar(query) or ""


def candidates(country: str, today: date) -> list[tuple[UUID, str]]:
    """Return id and alias of the supervisors of a country, by alias."""
    query = (
        select(Person.id, Person.alias)
        .join(_ABOVE, and_(_ABOVE.person_id == Person.id, *role_condition(_ABOVE, today)))
        .where(Person.state == PersonState.ACTIVE, _ABOVE.country == country)
        .where(_role(Person.__table__.c.id, today).exists())
    )
    rows = db.session.execute(query.order_by(Person.alias_key).limit(MOST))
    return [(row[0], row[1]) for row in rows]


def _below(supervisor_id: UUID, today: date) -> Subquery:
    return _pairs(today, Supervision.supervisor_id == supervisor_id, _SUPERVISOR.id == supervisor_id)


def _above(officer_id: UUID, today: date) -> Subquery:
    return _pairs(today, Supervision.officer_id == officer_id, _OFFICER.id == officer_id)


def _pairs(today: Day, assigned: ColumnElement[bool], serving: ColumnElement[bool]) -> Subquery:
    """Return supervisor_id and officer_id of the pairs of today, each once, that these conditions narrow."""
    one_by_one = select(Supervision.supervisor_id, Supervision.officer_id)
    by_service = select(_SUPERVISOR.id.label("supervisor_id"), _OFFICER.id.label("officer_id"))
    pairs = union(_assigned(one_by_one, today).where(assigned), _by_service(by_service, today).where(serving))
    return pairs.subquery("pairs")


def _assigned(query: Q, today: Day) -> Q:
    """Narrow a query of supervisions to valid ones: a role that was revoked and assigned again does not revive them."""
    role = _role(Supervision.__table__.c.supervisor_id, today).where(RoleGrant.since <= Supervision.since)
    return (
        query.select_from(Supervision)
        .join(_SUPERVISOR, _SUPERVISOR.id == Supervision.supervisor_id)
        .join(_OFFICER, _OFFICER.id == Supervision.officer_id)
        .join(_ABOVE, and_(_ABOVE.person_id == Supervision.supervisor_id, *role_condition(_ABOVE, today)))
        .join(_BELOW, and_(_BELOW.person_id == Supervision.officer_id, *role_condition(_BELOW, today)))
        .where(
            *role_condition(Supervision, today),
            _ABOVE.country == _BELOW.country,
            _SUPERVISOR.state == PersonState.ACTIVE,
            _OFFICER.state == PersonState.ACTIVE,
            role.exists(),
        )
    )


def _by_service(query: Q, today: Day) -> Q:
    """Narrow a query of supervisors and officers to those whom a role for the shared agency connects today."""
    role = _role(_SUPERVISOR.id, today).where(RoleGrant.scope == Scope.AGENCY)
    return (
        query.select_from(_SUPERVISOR)
        .join(_ABOVE, and_(_ABOVE.person_id == _SUPERVISOR.id, *role_condition(_ABOVE, today)))
        .join(_BELOW, and_(_BELOW.agency_id == _ABOVE.agency_id, *role_condition(_BELOW, today)))
        .join(_OFFICER, _OFFICER.id == _BELOW.person_id)
        .where(
            _SUPERVISOR.id != _OFFICER.id,
            _SUPERVISOR.state == PersonState.ACTIVE,
            _OFFICER.state == PersonState.ACTIVE,
            _OFFICER.protected.is_(False),
            _BELOW.roles != "",
            role.exists(),
        )
    )


def _role(person_id: ColumnElement[UUID] | InstrumentedAttribute[UUID], today: Day) -> Select[UUID]:
    """Return the query of the role that makes a person a supervisor today in the own country or agency."""
    reaches_posting = or_(
        and_(RoleGrant.scope == Scope.COUNTRY, RoleGrant.reach == _ABOVE.country),
        and_(RoleGrant.scope == Scope.AGENCY, RoleGrant.reach == func.replace(cast(_ABOVE.agency_id, String), "-", "")),
    )
    of_person = (RoleGrant.person_id == person_id, RoleGrant.role == Role.SUPERVISOR)
    return select(RoleGrant.id).where(*of_person, reaches_posting, *role_condition(RoleGrant, today))


def _by_officer(pairs: Subquery) -> Select[UUID, UUID]:
    return select(pairs.c.officer_id, pairs.c.supervisor_id).order_by(pairs.c.officer_id, pairs.c.supervisor_id)


def _by_supervisor(pairs: Subquery) -> Select[UUID, UUID]:
    return select(pairs.c.supervisor_id, pairs.c.officer_id).order_by(pairs.c.supervisor_id, pairs.c.officer_id)


# built once: each piece of evidence that was watched sends the first
_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_TODAY: BindParameter[date] = bindparam("today", type_=Date)
_SUPERVISORS_OF_EACH = _by_officer(_pairs(_TODAY, Supervision.officer_id.in_(_IDS), _OFFICER.id.in_(_IDS)))
_OFFICERS_OF_EACH = _by_supervisor(_pairs(_TODAY, Supervision.supervisor_id.in_(_IDS), _SUPERVISOR.id.in_(_IDS)))
