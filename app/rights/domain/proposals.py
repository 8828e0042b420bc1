"""Rules of role proposals: which role needs a second person, who may agree or stop, and when a proposal ends."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.access.people_rules import agreeing_role
from app.access.policy import Role

OBJECTION_TIME = timedelta(days=7)  # between the second coordinator's agreement and the role of a contact point
LIFE = timedelta(days=30)  # within which a second person has to agree
TENURE = timedelta(days=7)  # a coordinator of fewer days is no second person: their role may come from the first one
RETENTION = timedelta(days=90)  # after the end of a proposal
PROPOSED_ROLES = frozenset({Role.CONTACT_POINT, Role.COORDINATOR})


class ProposalOutcome(StrEnum):
    """How a proposal ended."""

    ASSIGNED = "assigned"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"  # by the proposer, or with the invitation
    LAPSED = "lapsed"  # no agreement in time, or the proposer or the second person lost the role


class ProposalState(StrEnum):
    """State of a proposal: the outcomes, and three states before them."""

    OPEN = "open"  # no agreement yet
    AGREED = "agreed"  # two coordinators agreed, the days of objection run
    APPROVED = "approved"  # the invited person has no account yet
    ASSIGNED = "assigned"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ProposalRefusal(StrEnum):
    """Why a proposal cannot be agreed to or stopped."""

    OVER = "over"
    OWN = "own"
    AGREED = "agreed"
    TENURE = "tenure"
    NOT_YOURS = "not_yours"
    UNFIT = "unfit"  # the person cannot have the role any more: the account is closed, or the role is assigned


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of a person: in which role, and whether the role is assigned at once."""

    role: Role
    at_once: bool


@dataclass(frozen=True, slots=True)
class Voter:
    """Person who answers; `decides_for_country`: a contact point of the country and no deputy."""

    person_id: UUID
    roles: Set[Role]
    coordinator_since: date | None
    decides_for_country: bool


def needs_proposal(role: Role, granter_roles: Set[Role], *, deputy: bool, has_contact_point: bool) -> bool:
    """Return whether a role needs a second person: a further contact point, or a coordinator made by a coordinator."""
    if role is Role.CONTACT_POINT:
        return has_contact_point and not deputy
    return role is Role.COORDINATOR and Role.ADMINISTRATOR not in granter_roles


def agreement(
    role: Role, voter: Voter, *, proposer_id: UUID, subject_id: UUID | None, today: date
) -> Agreement | ProposalRefusal:
    """Return in which role the voter agrees and whether the role is assigned at once, or why they cannot agree."""
    if voter.person_id in {proposer_id, subject_id}:
        return ProposalRefusal.OWN
    own_role = agreeing_role(role, voter.roles, decides_for_country=voter.decides_for_country)
    if own_role is None:
        return ProposalRefusal.NOT_YOURS
    if own_role is not Role.COORDINATOR:
        return Agreement(own_role, at_once=True)
    if voter.coordinator_since is None or voter.coordinator_since > today - TENURE:
        return ProposalRefusal.TENURE
    return Agreement(Role.COORDINATOR, at_once=role is not Role.CONTACT_POINT)


def proposal_state(
    outcome: ProposalOutcome | None, agreed_at: datetime | None, approved_at: datetime | None
) -> ProposalState:
    """Return the state of a proposal."""
    if outcome is not None:
        return ProposalState(outcome.value)
    if approved_at is not None:
        return ProposalState.APPROVED
    return ProposalState.OPEN if agreed_at is None else ProposalState.AGREED
