"""Read administrator requests and the rights of granters."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.access.people_rules import Granter, RoleAssignment
from app.access.policy import Actor, Role, Scope
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Person, RoleGrant
from app.identity.queries import postings
from app.identity.queries.person_details import grants, people_in_role, role_assignment
from app.rights.models import AdministratorRequest
from app.sign_in.models import Passkey
from app.web.settings import settings
from config import Mode


@dataclass(frozen=True, slots=True)
class AdministratorRequestLine:
    """Somebody whom one administrator wants as another one."""

    id: UUID
    person_id: UUID
    alias: str
    asked_by: UUID
    since: date
    until: date | None
    ends_at: datetime


def granter(actor: Actor, today: date) -> Granter:
    """Return what the rules of roles need to know of who gives them: a role that rests at the door gives nothing."""
    held = [one.held for one in grants([actor.id], today).get(actor.id, [])]
    return Granter(actor.id, actor.country, [one for one in held if one.role in actor.roles])


def deciding(country: str, today: date) -> frozenset[UUID]:
    """Return who decides for a country today: its contact points who serve there, and no deputies."""
    query = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.CONTACT_POINT, RoleGrant.scope == Scope.COUNTRY, RoleGrant.reach == country,
        RoleGrant.deputy.is_(False), RoleGrant.since <= today,
        or_(RoleGrant.until.is_(None), RoleGrant.until >= today),
        RoleGrant.person_id.in_(postings.serving_in(country, today)),
    )  # fmt: skip
    return frozenset(db.session.scalars(query))


def deputy_days(person_id: UUID, since: date) -> list[RoleAssignment]:
    """Return for whom somebody stands in as a deputy, or did until this day or a later one."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.deputy, RoleGrant.until >= since)
    return [role_assignment(one) for one in db.session.scalars(query)]


def administrators(today: date, *, resting: bool = False) -> frozenset[UUID]:
    """Return who is an administrator today and has an open account.

    On a live site the role rests of whoever has no passkey: they count only where `resting` is asked for, too.
    """
    query = select(Person.id).where(Person.state == PersonState.ACTIVE, people_in_role([Role.ADMINISTRATOR], today))
    if settings().mode is Mode.LIVE and not resting:
        query = query.where(Person.id.in_(select(Passkey.person_id)))
    return frozenset(db.session.scalars(query))


def administrator_requests(real_now: datetime, person_id: UUID | None = None) -> list[AdministratorRequestLine]:
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
        AdministratorRequestLine(one.id, one.person_id, alias, one.asked_by, one.since, one.until, one.ends_at)
        for one, alias in db.session.execute(query)
    ]
