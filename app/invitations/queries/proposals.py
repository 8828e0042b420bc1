"""Read the role proposals of `rights` together with the invitations that they belong to."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select

from app.access.policy import Actor, Role
from app.db.session import db
from app.identity.models import Agency
from app.invitations.models import Invitation
from app.invitations.shapes import ProposalDetails
from app.rights.queries import proposals

MOST = 50  # open proposals of a list


def proposal(actor: Actor, proposal_id: UUID) -> ProposalDetails:
    """Return a proposal that the actor may see; raises NoResultFound."""
    return _details(db.session.execute(_with_invitation(proposals.proposal_query(actor, proposal_id))).one())


def open_proposals(actor: Actor) -> list[ProposalDetails]:
    """Return the open proposals that the actor may see, the oldest first."""
    rows = db.session.execute(_with_invitation(proposals.open_proposals_query(actor)).limit(MOST))
    return [_details(row) for row in rows]


def _with_invitation(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.add_columns(Invitation.alias.label("invitation_alias"), Agency.name.label("agency"))
        .outerjoin(Invitation, Invitation.id == proposals.INVITATION_ID)
        .outerjoin(Agency, Agency.id == Invitation.agency_id)
    )


def _details(row: Row[*tuple[Any, ...]]) -> ProposalDetails:
    proposal = row.RoleProposal
    agreed_as = Role(proposal.agreed_as) if proposal.agreed_as else None
    return ProposalDetails(
        id=proposal.id, role=proposal.role, country=proposal.country, person_id=proposal.person_id,
        alias=row.person_alias or row.invitation_alias or "", protected=bool(row.protected),
        agency=row.agency or "" if proposal.person_id is None else "", since=proposal.since, until=proposal.until,
        proposed_by=proposal.proposed_by, proposer=row.proposer, proposed_at=proposal.proposed_at,
        agreed_by=proposal.agreed_by, second=row.second or "", agreed_as=agreed_as, agreed_at=proposal.agreed_at,
        due_at=proposal.due_at, approved_at=proposal.approved_at, ended_at=proposal.ended_at, outcome=proposal.outcome,
    )  # fmt: skip
