"""Queries of the role proposals that a user may see; `invitations.queries` joins the invitations."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from app.access.policy import Actor, Role, administrator, contact_point, coordinator
from app.db.session import db
from app.identity.models import Person
from app.rights.models import RoleProposal

INVITATION_ID = RoleProposal.invitation_id  # a higher package joins its invitations to these queries
_PROPOSER, _SECOND = aliased(Person), aliased(Person)


def proposal_query(actor: Actor, proposal_id: UUID) -> Select[*tuple[Any, ...]]:
    """Return the query of a proposal that the actor may see, with the aliases of its people."""
    return _ROWS.where(RoleProposal.id == proposal_id, visible(actor))


def open_proposals_query(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the query of the open proposals that the actor may see, the oldest first."""
    query = _ROWS.where(RoleProposal.ended_at.is_(None), visible(actor))
    return query.order_by(RoleProposal.proposed_at, RoleProposal.id)


def pending_count_query(actor: Actor) -> Select[int]:
    """Return the counting query of the proposals that the actor can answer."""
    of_actor = or_(RoleProposal.proposed_by == actor.id, RoleProposal.person_id == actor.id)
    is_pending: ColumnElement[bool] = RoleProposal.agreed_at.is_(None)
    if contact_point(actor):  # they can stop what two coordinators agreed to
        is_pending = or_(is_pending, RoleProposal.country == actor.country)
    conditions = (
        RoleProposal.ended_at.is_(None),
        RoleProposal.approved_at.is_(None),
        ~func.coalesce(of_actor, false()),
    )
    return select(func.count()).select_from(RoleProposal).where(*conditions, is_pending, visible(actor))


def proposer_of(proposal_id: UUID) -> UUID:
    """Return the id of the person who proposed a role."""
    return db.session.get_one(RoleProposal, proposal_id).proposed_by


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition for `people_rules.sees_proposal`."""
    if coordinator(actor):
        return RoleProposal.id.is_not(None)
    parts: list[ColumnElement[bool]] = [false()]
    if contact_point(actor):
        parts.append(and_(RoleProposal.role == Role.CONTACT_POINT, RoleProposal.country == actor.country))
    if administrator(actor):
        parts.append(RoleProposal.role == Role.COORDINATOR)
    return or_(*parts)


_ROWS = (
    select(
        RoleProposal,
        Person.alias.label("person_alias"),
        Person.protected.label("protected"),
        _PROPOSER.alias.label("proposer"),
        _SECOND.alias.label("second"),
    )
    .outerjoin(Person, Person.id == RoleProposal.person_id)
    .join(_PROPOSER, _PROPOSER.id == RoleProposal.proposed_by)
    .outerjoin(_SECOND, _SECOND.id == RoleProposal.agreed_by)
)
