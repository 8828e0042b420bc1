"""Frozen values of an invitation and of a role proposal, which the queries return to views and pages."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.access.policy import Role
from app.invitations.domain.invitations import InvitationState, InvitationTerm
from app.rights.domain.proposals import ProposalOutcome, ProposalState, proposal_state


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation for users who may see it; `name` and `mail` are empty once it is closed."""

    id: UUID
    alias: str
    role: Role
    country: str
    agency: str
    language: str
    term: InvitationTerm
    made_at: datetime
    bounced_at: datetime | None
    name: str
    mail: str

    def state(self, now: datetime) -> InvitationState:
        """Return the state."""
        return self.term.state(now)


@dataclass(frozen=True, slots=True)
class ProposalDetails:
    """A proposed role; all people in it are shown by alias."""

    id: UUID
    role: Role
    country: str
    person_id: UUID | None
    alias: str
    protected: bool
    agency: str  # of an invitation; "" for a person with an account
    since: date
    until: date | None
    proposed_by: UUID
    proposer: str
    proposed_at: datetime
    agreed_by: UUID | None
    second: str
    agreed_as: Role | None
    agreed_at: datetime | None
    due_at: datetime
    approved_at: datetime | None
    ended_at: datetime | None
    outcome: ProposalOutcome | None

    @property
    def state(self) -> ProposalState:
        """Return the state."""
        return proposal_state(self.outcome, self.agreed_at, self.approved_at)
