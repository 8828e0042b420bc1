"""View model of a role proposal, `/people/proposals/<id>`; the rules are in `rights.domain.proposals`."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.access import policy
from app.access.labels import ROLES
from app.access.people_rules import agreeing_role
from app.access.policy import Actor, Role
from app.invitations.labels import PROPOSAL_STATES
from app.invitations.shapes import ProposalDetails
from app.kernel import clock
from app.rights.domain.proposals import ProposalState
from app.rights.queries import roles
from app.web.pages import Page

OPEN = frozenset({ProposalState.OPEN, ProposalState.AGREED, ProposalState.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage(Page):
    """A proposed role; `person_href`, `agree_href` and `stop_href` are "" where there is no link."""

    template: ClassVar[str] = "invitations/proposal.html"
    details: ProposalDetails
    role: str
    country: str
    label: str
    kind: str
    state: str
    of_country: bool
    agreed_as: str
    person_href: str
    own: bool
    agree_href: str
    stop_href: str


def proposal_page(actor: Actor, proposal: ProposalDetails) -> ProposalPage:
    """Return the page of a proposal."""
    label, kind = PROPOSAL_STATES[proposal.state]
    return ProposalPage(
        details=proposal,
        role=str(ROLES[proposal.role]),
        country=proposal.country if not proposal.protected or proposal.country == actor.country else "",
        label=str(label),
        kind=kind,
        state=proposal.state.value,
        of_country=proposal.role is Role.CONTACT_POINT,
        agreed_as=str(ROLES[proposal.agreed_as]) if proposal.agreed_as else "",
        person_href=url_for("directory.show_person", person_id=proposal.person_id) if proposal.person_id else "",
        own=proposal.proposed_by == actor.id,
        agree_href=_agree_href(actor, proposal),
        stop_href=url_for("invitations.stop_proposal", proposal_id=proposal.id) if proposal.state in OPEN else "",
    )


def _agree_href(actor: Actor, proposal: ProposalDetails) -> str:
    can_be_agreed = proposal.state in {ProposalState.OPEN, ProposalState.AGREED}
    if not can_be_agreed or not _can_agree(actor, proposal):
        return ""
    return url_for("invitations.agree_to_proposal", proposal_id=proposal.id)


def _can_agree(actor: Actor, details: ProposalDetails) -> bool:
    """Return whether to show the button; the agreement itself checks the rule again."""
    if actor.id in {details.proposed_by, details.person_id}:
        return False
    if details.role is Role.CONTACT_POINT and policy.contact_point(actor):
        return actor.id in roles.deciders_of(details.country, clock.today())
    own_role = agreeing_role(details.role, actor.roles, decides_for_country=False)
    return own_role is Role.ADMINISTRATOR or (own_role is not None and details.state is ProposalState.OPEN)
