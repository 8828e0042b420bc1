"""What the pages of one person and of all people show, as plain values: who sees what stands here."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import url_for

from app.access.policy import Actor, Role, Scope
from app.i18n.babel import joined
from app.i18n.languages import current
from app.identity.labels import account_state
from app.identity.queries import people, person_details
from app.identity.queries.person_details import Grant, PersonDetails
from app.kernel import clock
from app.ports import ports
from app.rights.domain.roles import COUNTRY_SCOPES, SCOPES, Granter, can_revoke
from app.rights.labels import reach_label, role_label
from app.rights.queries.roles import AdministratorRequestLine, sees_name, visible_roles


def person(actor: Actor, seen: PersonDetails) -> dict[str, Any]:
    """Return what a page of a person shows beside the name, by right."""
    own, technical = sees_name(actor, seen), Role.ADMINISTRATOR in actor.roles
    reaches = _reaches(actor)
    return {
        "id": seen.person_id if technical else None,
        "alias": seen.alias,
        # of one under threat it would be missing: an administrator sees it of nobody
        "country": seen.country if own else "",
        "agency": person_details.agency(seen.agency_id) if own else "",
        "work": _posting_roles(seen.posting_roles) if own else "",
        "roles": [grant(one, reaches, where=_sees_reach(actor, seen)) for one in visible_roles(actor, seen)],
        **account_state(seen.state),
    }


def grant(one: Grant, reaches: Mapping[Scope, Mapping[str, str]], *, where: bool) -> dict[str, Any]:
    """Return a role with its reach and days."""
    held = one.held
    return {
        "role": role_label(held),
        "reach": reach_label(held, reaches) if where or held.scope not in COUNTRY_SCOPES else "",
        "since": held.since,
        "until": held.until,
        "coming": held.since > clock.today(),
    }


def endable(actor: Actor, seen: PersonDetails, giver: Granter) -> list[dict[str, Any]]:
    """Return the roles that somebody sees, each with the address that ends it, or ""."""
    reaches, lines = _reaches(actor), []
    for one in visible_roles(actor, seen):
        mine = can_revoke(giver, seen.receiver, one.held, clock.today())
        there = one.held.scope not in SCOPES[one.held.role]
        where = url_for("rights.revoke_role", person_id=seen.person_id, grant_id=one.id) if mine and not there else ""
        lines.append({**grant(one, reaches, where=_sees_reach(actor, seen)), "of_event": mine and there, "end": where})
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


def _sees_reach(actor: Actor, seen: PersonDetails) -> bool:
    """Say whether somebody learns to which country a role reaches: who gives it has to."""
    return sees_name(actor, seen) or (Role.COORDINATOR in actor.roles and not seen.protected)


def reaches(actor: Actor) -> dict[Scope, list[tuple[str, str]]]:
    """Return the courses and events that somebody may name; rooms above know them."""
    return dict(ports().role_scope_titles(actor))


def _reaches(actor: Actor) -> dict[Scope, Mapping[str, str]]:
    return {scope: dict(pairs) for scope, pairs in reaches(actor).items()}


def _posting_roles(roles: Collection[str]) -> str:
    titles = dict(ports().posting_titles(current()))
    return joined([titles.get(one, one) for one in roles]) if roles else ""
