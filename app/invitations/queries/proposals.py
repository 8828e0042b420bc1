"""Read the role proposals that a user may see."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from app.access.policy import Actor, Role
from app.db.session import db
from app.identity.models import Agency, Person
from app.invitations.models import Invitation
from app.invitations.shapes import ProposalDetails
from app.rights.models import RoleProposal

MOST = 50  # open proposals of a list
_PROPOSER, _SECOND = aliased(Person), aliased(Person)


def proposal(actor: Actor, proposal_id: UUID) -> ProposalDetails:
    """Return a proposal that the actor may see; raises NoResultFound."""
    return _details(db.session.execute(_DETAILS.where(RoleProposal.id == proposal_id, _visible(actor))).one())


def open_proposals(actor: Actor) -> list[ProposalDetails]:
    """Return the open proposals that the actor may see, the oldest first."""
    query = _DETAILS.where(RoleProposal.ended_at.is_(None), _visible(actor))
    rows = db.session.execute(query.order_by(RoleProposal.proposed_at, RoleProposal.id).limit(MOST))
    return [_details(row) for row in rows]


def pending_count_query(actor: Actor) -> Select[int]:
    """Return the counting query of the proposals that the actor can answer."""
    of_actor = or_(RoleProposal.proposed_by == actor.id, RoleProposal.person_id == actor.id)
    waits: ColumnElement[bool] = RoleProposal.agreed_at.is_(None)
    if Role.CONTACT_POINT in actor.roles:  # they can stop what two coordinators agreed to
        waits = or_(waits, RoleProposal.country == actor.country)
    conditions = (
        RoleProposal.ended_at.is_(None),
        RoleProposal.approved_at.is_(None),
        ~func.coalesce(of_actor, false()),
    )
    return select(func.count()).select_from(RoleProposal).where(*conditions, waits, _visible(actor))


def proposer_of(proposal_id: UUID) -> UUID:
    """Return the id of the person who proposed a role."""
    return db.session.get_one(RoleProposal, proposal_id).proposed_by


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on visible proposals: a contact point sees the country's, an administrator coordinators'."""
    if Role.COORDINATOR in actor.roles:
        return RoleProposal.id.is_not(None)
    parts: list[ColumnElement[bool]] = [false()]
    if Role.CONTACT_POINT in actor.roles and actor.country:
        parts.append(and_(RoleProposal.role == Role.CONTACT_POINT, RoleProposal.country == actor.country))
    if Role.ADMINISTRATOR in actor.roles:
        parts.append(RoleProposal.role == Role.COORDINATOR)
    return or_(*parts)


def _details(row: Row[*tuple[Any, ...]]) -> ProposalDetails:
    proposal: RoleProposal = row[0]
    agreed_as = Role(proposal.agreed_as) if proposal.agreed_as else None
    return ProposalDetails(
        id=proposal.id, role=proposal.role, country=proposal.country, person_id=proposal.person_id,
        alias=row.person_alias or row.invitation_alias or "", protected=bool(row.protected),
        agency=row.agency or "" if proposal.person_id is None else "", since=proposal.since, until=proposal.until,
        proposed_by=proposal.proposed_by, proposer=row.proposer, proposed_at=proposal.proposed_at,
        agreed_by=proposal.agreed_by, second=row.second or "", agreed_as=agreed_as, agreed_at=proposal.agreed_at,
        due_at=proposal.due_at, approved_at=proposal.approved_at, ended_at=proposal.ended_at, outcome=proposal.outcome,
    )  # fmt: skip


_DETAILS = (
    select(
        RoleProposal,
        Person.alias.label("person_alias"),
        Person.protected.label("protected"),
        Invitation.alias.label("invitation_alias"),
        Agency.name.label("agency"),
        _PROPOSER.alias.label("proposer"),
        _SECOND.alias.label("second"),
    )
    .outerjoin(Person, Person.id == RoleProposal.person_id)
    .outerjoin(Invitation, Invitation.id == RoleProposal.invitation_id)
    .outerjoin(Agency, Agency.id == Invitation.agency_id)
    .join(_PROPOSER, _PROPOSER.id == RoleProposal.proposed_by)
    .outerjoin(_SECOND, _SECOND.id == RoleProposal.agreed_by)
)
