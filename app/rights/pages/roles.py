"""What the pages of one person and of all people show, as plain values: who sees what stands here."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from app.access.policy import Actor
from app.identity.queries import people
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock
from app.rights.domain.roles import SCOPES, Giver, may_end
from app.rights.labels import role_line, scope_titles
from app.rights.queries.roles import AdministratorRequestLine, sees_country_of_roles, visible_roles


def endable(actor: Actor, seen: PersonDetails, giver: Giver) -> list[dict[str, Any]]:
    """Return the roles that somebody sees, each with the address that ends it, or ""."""
    titles, today, lines = scope_titles(actor), clock.today(), []
    shows_country = sees_country_of_roles(actor, seen)
    for grant in visible_roles(actor, seen):
        may = may_end(giver, seen.receiver, grant.held, today)
        of_event = grant.held.scope not in SCOPES[grant.held.role]
        end = url_for("rights.revoke_role", person_id=seen.person_id, grant_id=grant.id) if may and not of_event else ""
        line = role_line(grant.held, titles, shows_country=shows_country, today=today)
        lines.append({"line": line, "of_event": may and of_event, "end": end})
    return lines


def waiting(found: Sequence[AdministratorRequestLine], actor: Actor) -> list[dict[str, Any]]:
    """Return who waits for a second administrator."""
    aliases = people.names({one.asked_by for one in found})
    return [
        {
            "alias": one.alias,
            "href": url_for("rights.roles", person_id=one.person_id),
            "by": aliases.get(one.asked_by, ""),
            "own": one.asked_by == actor.id,
            "since": one.since,
            "until": one.until,
            "ends_at": one.ends_at,
            "confirm": url_for("rights.confirm_administrator", person_id=one.person_id, request_id=one.id),
            "refuse": url_for("rights.refuse_administrator", person_id=one.person_id, request_id=one.id),
        }
        for one in found
    ]
