"""Read the active people with a role, and where they serve today."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select

from app.access.policy import Role
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Person, Posting, RoleGrant
from app.identity.queries.roles import role_condition


@dataclass(frozen=True, slots=True)
class RolePosting:
    """An active person with a role, in any scope, and the country and agency of the current posting."""

    person_id: UUID
    country: str
    agency_id: UUID


def of_role(role: Role, today: date, *, only: UUID | None = None) -> list[RolePosting]:
    """Return the active people with a role and a posting today, or `only` one of them if that is so."""
    query = (
        select(Person.id, Posting.country, Posting.agency_id)
        .join(Posting, and_(Posting.person_id == Person.id, *role_condition(Posting, today)))
        .where(
            Person.state == PersonState.ACTIVE,
            Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == role, *role_condition(RoleGrant, today))),
        )
        .order_by(Person.id)
    )
    rows = db.session.execute(query if only is None else query.where(Person.id == only))
    return [RolePosting(*row) for row in rows]
