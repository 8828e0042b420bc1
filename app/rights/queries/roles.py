"""Read administrators, their requests and granters, and which roles of a person a user may see."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.access import policy, visibility
from app.access.people_rules import Granter, RoleAssignment
from app.access.policy import Actor, Role, Scope
from app.access.visibility import IdentityField, OfficerVisibility, Viewer
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Person, RoleGrant
from app.identity.queries import postings
from app.identity.queries.person_details import GrantedRole, PersonDetails, grants, people_in_role, role_assignment
from app.identity.queries.roles import role_condition
from app.rights.domain.roles import ASSIGNED_BY_COORDINATORS
from app.rights.models import AdministratorRequest
from app.sign_in.queries import factors
from app.web.settings import settings
from config import Mode


@dataclass(frozen=True, slots=True)
class AdministratorRequestLine:
    """An open request of one administrator for another one."""

    id: UUID
    person_id: UUID
    alias: str
    asked_by: UUID
    since: date
    until: date | None
    ends_at: datetime


def granter(actor: Actor, today: date) -> Granter:
    """Return the actor as a granter of roles: a role that is inactive in this session allows nothing."""
    assignments = [grant.assignment for grant in grants([actor.id], today).get(actor.id, [])]
    active = [assignment for assignment in assignments if assignment.role in actor.roles]
    return Granter(actor.id, actor.country, active)


def deciders_of(country: str, today: date) -> frozenset[UUID]:
    """Return the people who decide for a country today: contact points who serve there, without deputies."""
    query = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.CONTACT_POINT, RoleGrant.scope == Scope.COUNTRY, RoleGrant.reach == country,
        RoleGrant.deputy.is_(False), *role_condition(RoleGrant, today),
        RoleGrant.person_id.in_(postings.serving_in(country, today)),
    )  # fmt: skip
    return frozenset(db.session.scalars(query))


def deputy_days(person_id: UUID, since: date) -> list[RoleAssignment]:
    """Return the assignments of a person as a deputy that last until this day or a later one."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.deputy, RoleGrant.until >= since)
    return [role_assignment(grant) for grant in db.session.scalars(query)]


def administrators(today: date, *, resting: bool = False) -> frozenset[UUID]:
    """Return the administrators of today whose account is open.

    On a live site the role of an administrator without a passkey is inactive; `resting` includes these, too.
    """
    query = select(Person.id).where(Person.state == PersonState.ACTIVE, people_in_role([Role.ADMINISTRATOR], today))
    if settings().mode is Mode.LIVE and not resting:
        query = query.where(Person.id.in_(factors.passkey_owners()))
    return frozenset(db.session.scalars(query))


def administrator_requests(real_now: datetime, person_id: UUID | None = None) -> list[AdministratorRequestLine]:
    """Return the open requests for administrators, or for this person alone; the oldest first."""
    query = (
        select(AdministratorRequest, Person.alias)
        .join(Person, Person.id == AdministratorRequest.person_id)
        .where(AdministratorRequest.answered_at.is_(None), AdministratorRequest.ends_at > real_now)
        .order_by(AdministratorRequest.asked_at, AdministratorRequest.id)
    )
    if person_id is not None:
        query = query.where(AdministratorRequest.person_id == person_id)
    return [
        AdministratorRequestLine(
            id=row.id,
            person_id=row.person_id,
            alias=alias,
            asked_by=row.asked_by,
            since=row.since,
            until=row.until,
            ends_at=row.ends_at,
        )
        for row, alias in db.session.execute(query)
    ]


def sees_name(actor: Actor, person: PersonDetails) -> bool:
    """Return whether the actor sees the name of a person: the contact point of the country where the person serves."""
    officer = OfficerVisibility(person.country, protected=person.protected)
    parts = visibility.visible_fields(Viewer.CONTACT_POINT, actor.country, officer)
    return policy.contact_point(actor) and IdentityField.NAME in parts


def sees_country_of_roles(actor: Actor, person: PersonDetails) -> bool:
    """Return whether the actor sees to which country or agency the roles of a person extend: granters have to."""
    return sees_name(actor, person) or (policy.coordinator(actor) and not person.protected)


def visible_roles(actor: Actor, person: PersonDetails) -> list[GrantedRole]:
    """Return the roles of a person that the actor sees: a coordinator sees those that coordinators assign."""
    if sees_name(actor, person) or policy.administrator(actor):
        return list(person.grants)
    return [grant for grant in person.grants if grant.assignment.role in ASSIGNED_BY_COORDINATORS]
