"""Notices and mails about proposed roles, for `RoleProposed` and `RoleProposalEnded`."""

from datetime import date
from uuid import UUID

from app.access.policy import Role, Scope
from app.access.targets import Target
from app.identity.queries import roles as accounts
from app.messages.domain import MailKind, NoticeKind, NoticeResult
from app.messages.service import outbox
from app.ports import ports
from app.rights.domain.proposals import ProposalOutcome
from app.rights.events import RoleProposalEnded, RoleProposed
from app.rights.queries import proposals, roles


def on_role_proposed(event: RoleProposed) -> None:
    """Notify all who may agree or stop; the contact points of the country get a mail, too."""
    today, uninvolved = event.at.date(), {event.person_id, event.actor_id}
    contact_points = _holders(Scope.COUNTRY, event.country, Role.CONTACT_POINT, today) - uninvolved
    staff = _holders(Scope.ALL, "", Role.COORDINATOR, today)
    if event.role == Role.COORDINATOR:
        staff |= roles.administrators(today)
    occasion = _occasion(event.proposal_id)
    outbox.tell_all(
        sorted(contact_points | (staff - uninvolved)),
        NoticeKind.ROLE_PROPOSED,
        occasion=occasion,
        facts={"role": event.role},
        path=_path(event.proposal_id),
        now=event.at,
    )
    outbox.mail_all(sorted(contact_points), MailKind.ROLE_PROPOSED, occasion=occasion, now=event.at)


def on_role_proposal_ended(event: RoleProposalEnded) -> None:
    """Settle the notices, and notify the proposer and the person of a role that was assigned by a job."""
    assigned = event.outcome == ProposalOutcome.ASSIGNED
    became = NoticeResult.ROLE_ASSIGNED if assigned else NoticeResult.ROLE_NOT_ASSIGNED
    outbox.settle_notices(_occasion(event.proposal_id), became, event.at)
    proposer = proposals.proposer_of(event.proposal_id)
    if proposer != event.actor_id:
        outbox.notify(
            proposer,
            NoticeKind.ROLE_PROPOSED,
            occasion=f"role proposal ended {event.proposal_id}",
            facts={"role": event.role, "became": became},
            path=_path(event.proposal_id),
            now=event.at,
        )
    if assigned and event.person_id is not None and event.actor_id is None:
        outbox.notify(
            event.person_id,
            NoticeKind.ROLE_GIVEN,
            occasion=f"role given {event.proposal_id}",
            facts={"role": event.role, "until": ""},
            path=ports().path_to(Target.ACCESS_TABLE),
            now=event.at,
        )


def _holders(scope: Scope, reach: str, role: Role, today: date) -> set[UUID]:
    if scope is Scope.COUNTRY and not reach:
        return set()
    return {person_id for held, person_id in accounts.holders(scope, reach, today) if held is role}


def _occasion(proposal_id: UUID) -> str:
    return f"role proposed {proposal_id}"


def _path(proposal_id: UUID) -> str:
    return ports().path_to(Target.ROLE_PROPOSAL, proposal_id)
