"""Labels of invitation states, proposal states and alias refusals, and the rows that several pages show."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext, lazy_pgettext

from app.access.guard import actor
from app.access.labels import ROLES
from app.access.people_rules import acts_beyond_country
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.domain.invitations import OVER, InvitationState
from app.invitations.shapes import InvitationLine, ProposalDetails
from app.kernel import clock
from app.rights.domain.proposals import ProposalState

ALIAS_REFUSALS = {
    AliasRefusal.SAME: lazy_gettext("This is your alias already. Enter another one."),
    AliasRefusal.SOON: lazy_gettext("You chose your alias less than 30 days ago. Keep it until then."),
    AliasRefusal.EMPTY: lazy_gettext("Enter an alias with letters or numbers."),
    AliasRefusal.NAME: lazy_gettext("This reveals your name, your mail or your service number. Enter another alias."),
    AliasRefusal.ALIKE: lazy_gettext("This alias is taken or too similar to another one. Choose a different alias."),
    AliasRefusal.ROLE: lazy_gettext("This alias names a role that you do not have. Choose another alias."),
    AliasRefusal.TRIES: lazy_gettext("You tried many aliases. Try again tomorrow."),
}


INVITATION_STATES = {
    InvitationState.OPEN: (lazy_pgettext("invitation", "Open"), "wait"),
    InvitationState.EXPIRED: (lazy_gettext("Expired"), "risk"),
    InvitationState.ACCEPTED: (lazy_gettext("Accepted"), "good"),
    InvitationState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    InvitationState.ENDED: (lazy_pgettext("invitation", "Ended"), "none"),
}
MAIL_CAME_BACK = lazy_gettext("Mail returned"), "bad"
PROPOSAL_STATES = {
    ProposalState.OPEN: (lazy_gettext("Waits for a second person"), "wait"),
    ProposalState.AGREED: (lazy_gettext("Agreed, can still be stopped"), "wait"),
    ProposalState.APPROVED: (lazy_gettext("Agreed, waits for the account"), "wait"),
    ProposalState.ASSIGNED: (lazy_gettext("Role assigned"), "good"),
    ProposalState.STOPPED: (lazy_gettext("Stopped"), "bad"),
    ProposalState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    ProposalState.LAPSED: (lazy_gettext("Lapsed"), "none"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSummary:
    """An invitation as pages show it; `own_country` is whether the user needs no name of the country."""

    line: InvitationLine
    href: str
    role: str
    own_country: bool
    label: str
    kind: str
    is_returned: bool
    is_closed: bool
    is_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """An open role proposal in a list."""

    alias: str
    href: str
    role: str
    label: str
    kind: str


def invitation_line(line: InvitationLine) -> InvitationSummary:
    """Return an invitation as pages show it."""
    state = line.state(clock.real_now())
    is_closed = state in OVER
    is_returned = line.bounced_at is not None and not is_closed
    label, kind = MAIL_CAME_BACK if is_returned else INVITATION_STATES[state]
    return InvitationSummary(
        line=line,
        href=url_for("invitations.show_invitation", invitation_id=line.id),
        role=str(ROLES.get(line.role, line.role)),
        own_country=not acts_beyond_country(actor()) and line.country == actor().country,
        label=str(label),
        kind=kind,
        is_returned=is_returned,
        is_closed=is_closed,
        is_ended=state is InvitationState.ENDED,
    )


def proposal_line(details: ProposalDetails) -> ProposalRow:
    """Return a role proposal as a line of a list."""
    label, kind = PROPOSAL_STATES[details.state]
    return ProposalRow(
        alias=details.alias,
        href=url_for("invitations.show_proposal", proposal_id=details.id),
        role=str(ROLES[details.role]),
        label=str(label),
        kind=kind,
    )
