"""View models of invitations."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext, lazy_pgettext

from app.access.guard import actor
from app.access.labels import ROLES
from app.access.people_rules import ANYWHERE
from app.invitations.domain.invitations import OVER, InvitationState
from app.invitations.queries.invitations import InvitationLine
from app.kernel import clock

STATES = {
    InvitationState.OPEN: (lazy_pgettext("invitation", "Open"), "wait"),
    InvitationState.EXPIRED: (lazy_gettext("Expired"), "risk"),
    InvitationState.ACCEPTED: (lazy_gettext("Accepted"), "good"),
    InvitationState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    InvitationState.ENDED: (lazy_pgettext("invitation", "Ended"), "none"),
}
CAME_BACK = lazy_gettext("The mail came back"), "bad"


def invitation_line(line: InvitationLine) -> dict[str, Any]:
    state = line.state(clock.real_now())
    over = state in OVER
    word, kind = CAME_BACK if line.bounced_at and not over else STATES[state]
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
