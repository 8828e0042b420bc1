"""Agree to, stop and carry out role proposals of `rights`, together with the invitations they belong to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from app.access.people_rules import AssignableRole, Granter
from app.access.policy import Actor, Role, contact_point
from app.db.session import db, record
from app.identity.domain.people import PersonState
from app.identity.models import RoleGrant
from app.identity.queries import people, person_details, postings, roles
from app.identity.queries.roles import role_condition
from app.invitations.domain.invitations import scope_and_reach
from app.invitations.models import Invitation
from app.invitations.service import invitations
from app.kernel import clock
from app.rights.domain.proposals import OBJECTION_TIME, ProposalOutcome, ProposalRefusal, Voter, agreement
from app.rights.domain.roles import RoleRequest, refusal
from app.rights.events import RoleProposalAgreed
from app.rights.queries import roles as rights_roles
from app.rights.service import proposals, roles as rights_service_roles
from app.rights.service.proposals import OpenProposal


def agree(actor: Actor, proposal_id: UUID, today: date, now: datetime) -> ProposalRefusal | None:
    """Agree to a proposed role, assigned at once or after the objection period. Return why not, or None."""
    proposal = _lock(proposal_id)
    if proposal is None:
        return ProposalRefusal.OVER
    vote = agreement(
        proposal.role, _voter(actor, proposal, today), proposer_id=proposal.proposed_by,
        subject_id=proposal.person_id, today=today,
    )  # fmt: skip
    if isinstance(vote, ProposalRefusal):
        return vote
    if proposal.approved_at is not None or (proposal.agreed_at is not None and not vote.at_once):
        return ProposalRefusal.AGREED
    proposal.agreed_by, proposal.agreed_as, proposal.agreed_at = actor.id, vote.role, now
    record(
        RoleProposalAgreed(
            proposal_id=proposal.id, person_id=proposal.person_id, role=proposal.role, country=proposal.country,
            agreed_as=vote.role, actor_id=actor.id,
        )
    )  # fmt: skip
    if not vote.at_once:
        proposal.due_at = now + OBJECTION_TIME
        return None
    return _approve(proposal, today, now, actor.id)


def stop(actor: Actor, proposal_id: UUID, now: datetime) -> ProposalRefusal | None:
    """Stop a proposed role or withdraw an own proposal, with its invitation. Return why not, or None."""
    proposal = _lock(proposal_id)
    if proposal is None:
        return ProposalRefusal.OVER
    own = actor.id == proposal.proposed_by
    proposals.end(proposal, ProposalOutcome.WITHDRAWN if own else ProposalOutcome.STOPPED, now, actor.id)
    _withdraw_invitation(proposal)
    return None


def carry_out(proposal_id: UUID, today: date, now: datetime) -> None:
    """Assign a role after its objection period, or let the proposal lapse without an agreement."""
    proposal = _lock(proposal_id)
    if proposal is None or proposal.due_at > now or proposal.approved_at is not None:
        return
    if proposal.agreed_at is None:
        _lapse(proposal, now)
    else:
        _approve(proposal, today, now, None)


def _approve(proposal: OpenProposal, today: date, now: datetime, approved_by: UUID | None) -> ProposalRefusal | None:
    """Assign the role, or record the approval if the invitation is not yet accepted."""
    if not _both_entitled(proposal, today):
        _lapse(proposal, now)
        return ProposalRefusal.UNFIT
    if proposal.person_id is None:
        proposal.approved_at = now
        return None
    return _assign(proposal, proposal.person_id, today, now, approved_by)


def _assign(
    proposal: OpenProposal, person_id: UUID, today: date, now: datetime, approved_by: UUID | None
) -> ProposalRefusal | None:
    postings.lock(person_id)
    scope, country = scope_and_reach(proposal.role, proposal.country)
    since = max(proposal.since, today)
    wish = RoleRequest(AssignableRole(proposal.role), scope, country, since, proposal.until)
    proposer = _granter(proposal.proposed_by, today)
    if refusal(wish, proposer, person_details.any_person(person_id, today).receiver, today) is not None:
        _lapse(proposal, now)
        return ProposalRefusal.UNFIT
    rights_service_roles.add_role(
        person_id, proposal.role, scope=scope, reach=country, since=since, until=proposal.until
    )
    proposals.end(proposal, ProposalOutcome.ASSIGNED, now, approved_by)
    return None


def _lapse(proposal: OpenProposal, now: datetime) -> None:
    proposals.end(proposal, ProposalOutcome.LAPSED, now)
    _withdraw_invitation(proposal)


def _withdraw_invitation(proposal: OpenProposal) -> None:
    if proposal.invitation_id is not None and proposal.person_id is None:
        invitations.withdraw(proposal.invitation_id, clock.real_now())


def _both_entitled(proposal: OpenProposal, today: date) -> bool:
    """Return whether the proposer and the person who agreed still have the roles in which they acted."""
    if not _has_role(proposal.proposed_by, Role.COORDINATOR, today):
        return False
    return proposal.agreed_by is not None and _has_role(proposal.agreed_by, proposal.agreed_as, today)


def _has_role(person_id: UUID, role: str | None, today: date) -> bool:
    active = people.get(person_id).state is PersonState.ACTIVE
    return active and role in roles.roles_of(person_id, today)


def _granter(person_id: UUID, today: date) -> Granter:
    assigned = person_details.grants([person_id], today).get(person_id, [])
    posting = postings.posting_on(person_id, today)
    return Granter(person_id, posting.country if posting else "", [grant.assignment for grant in assigned])


def _voter(actor: Actor, proposal: OpenProposal, today: date) -> Voter:
    decides = contact_point(actor) and actor.id in rights_roles.deciders_of(proposal.country, today)
    return Voter(actor.id, actor.roles, _coordinator_since(actor.id, today), decides)


def _coordinator_since(person_id: UUID, today: date) -> date | None:
    """Return the first day of the longest assignment of today as a coordinator, or None."""
    query = select(func.min(RoleGrant.since)).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == Role.COORDINATOR,
        *role_condition(RoleGrant, today),
    )
    return db.session.scalar(query)


def _lock(proposal_id: UUID) -> OpenProposal | None:
    """Lock an open proposal and return it, or None. Order of locks: invitation, role, proposal, person."""
    invitation_id = proposals.invitation_of(proposal_id)
    if invitation_id is not None:
        db.session.execute(select(Invitation.id).where(Invitation.id == invitation_id).with_for_update())
    return proposals.lock(proposal_id)
