"""Events about administrator requests, role proposals and supervision, for the audit log and notices."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorAsked(Event):
    """An administrator asked for another administrator; a second one has to agree."""

    person_id: UUID
    asked_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorAnswered(Event):
    person_id: UUID
    asked_id: UUID
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProposed(Event):
    """A role needs a second person (`person_id` None: for an invitation without an account)."""

    proposal_id: UUID
    person_id: UUID | None
    role: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProposalAgreed(Event):
    """Another person agreed to a proposed role."""

    proposal_id: UUID
    person_id: UUID | None
    role: str
    country: str
    agreed_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProposalEnded(Event):
    """A proposed role was assigned, stopped or withdrawn, or the proposal lapsed."""

    proposal_id: UUID
    person_id: UUID | None
    role: str
    country: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorAssigned(Event):
    """A supervisor was assigned to an officer."""

    person_id: UUID
    supervisor_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorReleased(Event):
    person_id: UUID
    supervisor_id: UUID
    country: str
