"""Read role assignments: roles of a person, people with a role, and the reach of roles."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, distinct, func, or_, select

from app.access.policy import Role, Scope
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Person, Posting, RoleGrant


def roles_of(person_id: UUID, today: date) -> frozenset[Role]:
    """Return the roles of a person today."""
    return frozenset(db.session.scalars(_ROLES, {"person_id": person_id, "today": today}))


def roles_valid_from(person_id: UUID, today: date) -> list[tuple[Role, Scope]]:
    """Return role and scope of all current and future assignments of a person."""
    not_ended = or_(RoleGrant.until.is_(None), RoleGrant.until >= today)
    query = select(RoleGrant.role, RoleGrant.scope).where(RoleGrant.person_id == person_id, not_ended)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def practitioners(ids: Collection[UUID], today: date) -> frozenset[UUID]:
    """Return the people who are practitioners today."""
    of_people = (RoleGrant.person_id.in_(ids), RoleGrant.role == Role.PRACTITIONER)
    return frozenset(
        db.session.scalars(select(RoleGrant.person_id).where(*of_people, *role_condition(RoleGrant, today)))
    )


def count_practitioners(agency_ids: Collection[UUID], today: date) -> dict[UUID, int]:
    """Return how many practitioners serve in each of these agencies today; agencies without any are left out."""
    query = (
        select(Posting.agency_id, func.count(distinct(Posting.person_id)))
        .join(RoleGrant, and_(RoleGrant.person_id == Posting.person_id, *role_condition(RoleGrant, today)))
        .where(Posting.agency_id.in_(agency_ids), RoleGrant.role == Role.PRACTITIONER)
        .where(*role_condition(Posting, today))
        .group_by(Posting.agency_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def next_role_day(person_id: UUID, today: date) -> date | None:
    """Return the first day after today on which a role of the person begins."""
    return db.session.scalar(_NEXT_DAY, {"person_id": person_id, "today": today})


def last_day_of(person_id: UUID, role: Role, today: date) -> date | None:
    """Return the last day of a role that a person has today, in any scope; None if it has no end."""
    query = select(RoleGrant.until).where(
        RoleGrant.person_id == person_id, RoleGrant.role == role, *role_condition(RoleGrant, today)
    )
    days = list(db.session.scalars(query))
    return max((day for day in days if day), default=None) if None not in days else None


def serving(roles: Collection[str], today: date) -> list[UUID]:
    """Return the ids of active practitioners whose posting names one of these roles (any role if empty)."""
    named = [(" " + Posting.roles + " ").contains(f" {role} ", autoescape=True) for role in sorted(roles)]
    query = (
        select(Person.id)
        .join(Posting, and_(Posting.person_id == Person.id, *role_condition(Posting, today)))
        .join(RoleGrant, and_(RoleGrant.person_id == Person.id, *role_condition(RoleGrant, today)))
        .where(Person.state == PersonState.ACTIVE, RoleGrant.role == Role.PRACTITIONER)
        .distinct()
    )
    return list(db.session.scalars(query.where(or_(*named)) if named else query))


def holders(scope: Scope, reach: str, today: date) -> list[tuple[Role, UUID]]:
    """Return role and person of the assignments of today for this country, course or event."""
    query = select(RoleGrant.role, RoleGrant.person_id).where(
        RoleGrant.scope == scope, RoleGrant.reach == reach, *role_condition(RoleGrant, today)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def offices(role: Role, today: date) -> dict[str, list[UUID]]:
    """Return the active people with a role for a country today, by country."""
    query = (
        select(RoleGrant.reach, RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == role, RoleGrant.scope == Scope.COUNTRY, *role_condition(RoleGrant, today))
        .where(Person.state == PersonState.ACTIVE)
        .distinct()
    )
    people: dict[str, list[UUID]] = {}
    for country, person_id in db.session.execute(query.order_by(RoleGrant.reach, RoleGrant.person_id)):
        people.setdefault(country, []).append(person_id)
    return people


def active_people(role: Role, today: date) -> frozenset[UUID]:
    """Return the active people with a role today, in any scope."""
    query = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == role, *role_condition(RoleGrant, today), Person.state == PersonState.ACTIVE)
    )
    return frozenset(db.session.scalars(query))


def reaches(person_id: UUID, scope: Scope, roles: Collection[Role], today: date) -> list[str]:
    """Return the countries, courses or events of these roles of a person today."""
    query = select(RoleGrant.reach).where(
        RoleGrant.person_id == person_id,
        RoleGrant.scope == scope,
        RoleGrant.role.in_(roles),
        *role_condition(RoleGrant, today),
    )
    return list(db.session.scalars(query.distinct()))


def reaches_of_many(
    person_ids: Collection[UUID], scope: Scope, roles: Collection[Role], today: date
) -> list[tuple[UUID, str]]:
    """Return each of these people with the countries, courses or events of these roles today."""
    query = select(RoleGrant.person_id, RoleGrant.reach).where(
        RoleGrant.person_id.in_(person_ids),
        RoleGrant.scope == scope,
        RoleGrant.role.in_(list(roles)),
        *role_condition(RoleGrant, today),
    )
    return [(row[0], row[1]) for row in db.session.execute(query.distinct())]


def role_reaches(person_id: UUID, scope: Scope, roles: Collection[Role], today: date) -> list[tuple[Role, str]]:
    """Return each of these roles of a person today with its country, course or event."""
    query = select(RoleGrant.role, RoleGrant.reach).where(
        RoleGrant.person_id == person_id,
        RoleGrant.scope == scope,
        RoleGrant.role.in_(roles),
        *role_condition(RoleGrant, today),
    )
    return [(row[0], row[1]) for row in db.session.execute(query.distinct())]


def scopes(person_id: UUID, role: Role, today: date) -> list[tuple[Scope, str]]:
    """Return the scopes of a role of a person today, each with its country, course or event."""
    query = select(RoleGrant.scope, RoleGrant.reach).where(
        RoleGrant.person_id == person_id, RoleGrant.role == role, *role_condition(RoleGrant, today)
    )
    return [(row[0], row[1]) for row in db.session.execute(query.distinct())]


def role_condition(table: Any, today: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a row with a first and a last day is valid today."""
    return (table.since <= today, or_(table.until.is_(None), table.until >= today))


# built once: every sign-in sends them
_PERSON = RoleGrant.person_id == bindparam("person_id")
_TODAY: BindParameter[date] = bindparam("today", type_=Date)
_ROLES = select(RoleGrant.role).where(_PERSON, *role_condition(RoleGrant, _TODAY))
_NEXT_DAY = select(func.min(RoleGrant.since)).where(_PERSON, RoleGrant.since > _TODAY)
