"""Labels of invitations, proposals and alias refusals in the user language."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext, lazy_pgettext
from flask_babel import lazy_gettext as _

from app.access.guard import actor
from app.access.people_rules import ANYWHERE
from app.access.words import ROLES
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.domain.invitations import OVER, InvitationState
from app.invitations.shapes import InvitationLine
from app.kernel import clock
from app.rights.domain.proposals import ProposalState

ALIAS_REFUSALS = {
    AliasRefusal.SAME: _("This is your alias already. Enter another one."),
    AliasRefusal.SOON: _("You chose your alias less than 30 days ago. Keep it until then."),
    AliasRefusal.EMPTY: _("Enter an alias with letters or numbers."),
    AliasRefusal.NAME: _("This tells your name, your mail or your service number. Enter another alias."),
    AliasRefusal.ALIKE: _("This alias is taken or too similar to another one. Choose a different alias."),
    AliasRefusal.ROLE: _("This alias names a role that you do not have. Choose another alias."),
    AliasRefusal.TRIES: _("You tried many aliases. Try again tomorrow."),
}


INVITATION_STATES = {
    InvitationState.OPEN: (lazy_pgettext("invitation", "Open"), "wait"),
    InvitationState.EXPIRED: (lazy_gettext("Expired"), "risk"),
    InvitationState.ACCEPTED: (lazy_gettext("Accepted"), "good"),
    InvitationState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    InvitationState.ENDED: (lazy_pgettext("invitation", "Ended"), "none"),
}
MAIL_CAME_BACK = lazy_gettext("The mail came back"), "bad"


def invitation_line(line: InvitationLine) -> dict[str, Any]:
    state = line.state(clock.real_now())
    over = state in OVER
    word, kind = MAIL_CAME_BACK if line.bounced_at and not over else INVITATION_STATES[state]
    return {
        "id": line.id,
        "href": url_for("invitations.show_invitation", invitation_id=line.id),
        "alias": line.alias,
        "role": str(ROLES.get(line.role, line.role)),
        "country": line.country,
        "agency": line.agency,
        "own_country": actor().roles.isdisjoint(ANYWHERE) and line.country == actor().country,
        "name": line.name,
        "mail": line.mail,
        "language": line.language,
        "ends_at": line.term.ends_at,
        "letter_ends_at": line.term.letter_ends_at,
        "bounced_at": line.bounced_at,
        "word": str(word),
        "kind": kind,
        "over": over,
        "ended": state is InvitationState.ENDED,
    }


PROPOSAL_STATES = {
    ProposalState.OPEN: (lazy_gettext("Waits for a second person"), "wait"),
    ProposalState.AGREED: (lazy_gettext("Agreed, can still be stopped"), "wait"),
    ProposalState.APPROVED: (lazy_gettext("Agreed, waits for the account"), "wait"),
    ProposalState.ASSIGNED: (lazy_gettext("Role assigned"), "good"),
    ProposalState.STOPPED: (lazy_gettext("Stopped"), "bad"),
    ProposalState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    ProposalState.LAPSED: (lazy_gettext("Lapsed"), "none"),
}
