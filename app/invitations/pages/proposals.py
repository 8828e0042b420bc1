"""What pages about proposed roles show."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext

from app.access.labels import ROLES
from app.access.policy import Actor, Role
from app.invitations.queries import proposals
from app.invitations.queries.proposals import ProposalDetails
from app.kernel import clock
from app.rights.domain.proposals import ProposalState
from app.rights.queries import roles

STATES = {
    ProposalState.OPEN: (lazy_gettext("Waits for a second person"), "wait"),
    ProposalState.AGREED: (lazy_gettext("Agreed, can still be stopped"), "wait"),
    ProposalState.APPROVED: (lazy_gettext("Agreed, waits for the account"), "wait"),
    ProposalState.ASSIGNED: (lazy_gettext("Role assigned"), "good"),
    ProposalState.STOPPED: (lazy_gettext("Stopped"), "bad"),
    ProposalState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    ProposalState.LAPSED: (lazy_gettext("Lapsed"), "none"),
}
OPEN = frozenset({ProposalState.OPEN, ProposalState.AGREED, ProposalState.APPROVED})


def lines(actor: Actor) -> list[dict[str, str]]:
    """Return the open proposals that the user may see, as lines of a list."""
    return [
        {
            "alias": details.alias,
            "href": url_for("invitations.show_proposal", proposal_id=details.id),
            "role": str(ROLES[details.role]),
            "word": str(STATES[details.state][0]),
            "kind": STATES[details.state][1],
        }
        for details in proposals.open_proposals(actor)
    ]


def details(actor: Actor, proposal: ProposalDetails) -> dict[str, Any]:
    """Return what the page of a proposal shows."""
    word, kind = STATES[proposal.state]
    own = proposal.proposed_by == actor.id
    answerable = proposal.state in {ProposalState.OPEN, ProposalState.AGREED}
    return {
        "details": proposal,
        "role": str(ROLES[proposal.role]),
        "country": proposal.country if not proposal.protected or proposal.country == actor.country else "",
        "word": str(word),
        "kind": kind,
        "state": proposal.state.value,
        "of_country": proposal.role is Role.CONTACT_POINT,
        "agreed_as": str(ROLES[proposal.agreed_as]) if proposal.agreed_as else "",
        "person": _person_href(proposal),
        "own": own,
        "agree": url_for("invitations.agree_to_proposal", proposal_id=proposal.id)
        if answerable and _can_agree(actor, proposal)
        else "",
        "stop": url_for("invitations.stop_proposal", proposal_id=proposal.id) if proposal.state in OPEN else "",
    }


def _person_href(details: ProposalDetails) -> str:
    return url_for("directory.show_person", person_id=details.person_id) if details.person_id else ""


def _can_agree(actor: Actor, details: ProposalDetails) -> bool:
    """Return whether to show the button; the rule itself is checked again when it is pressed."""
    if actor.id in {details.proposed_by, details.person_id}:
        return False
    if details.role is Role.CONTACT_POINT and Role.CONTACT_POINT in actor.roles:
        return actor.id in roles.deciding(details.country, clock.today())
    if Role.ADMINISTRATOR in actor.roles and details.role is Role.COORDINATOR:
        return True
    return Role.COORDINATOR in actor.roles and details.state is ProposalState.OPEN
