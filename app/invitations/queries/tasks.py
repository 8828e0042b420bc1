"""Task counts for the start page: returned mails, expired invitations and open role proposals."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select

from app.access.policy import Action, Actor, allows, own_scope
from app.invitations.domain.invitations import OpenInvitationFilter
from app.invitations.queries import invitations
from app.rights.queries import proposals


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return one counting query for each kind of task; they run together in one statement."""
    if not allows(actor, Action.INVITE, own_scope(actor)):
        return {}
    return {
        "bounced": invitations.pending_count_query(actor, OpenInvitationFilter.BOUNCED),
        "expired": invitations.pending_count_query(actor, OpenInvitationFilter.EXPIRED),
        "proposals": proposals.pending_count_query(actor),
    }
