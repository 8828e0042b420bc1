"""What the pages of one person and of all people show, as plain values: who sees what stands here."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.access import visibility
from app.access.labels import ROLES
from app.access.people_rules import ASSIGNABLE_ROLES, Granter, RoleAssignment, can_revoke
from app.access.policy import Actor, Role, Scope
from app.access.visibility import IdentityField, OfficerVisibility, Viewer
from app.i18n.babel import joined
from app.i18n.languages import country_name, current
from app.identity.domain.people import PersonState
from app.identity.queries import people, person_details
from app.identity.queries.person_details import Grant, PersonDetails
from app.kernel import clock
from app.ports import ports
from app.rights.domain.roles import SCOPES, Refusal
from app.rights.queries.roles import AdministratorRequestLine

REFUSALS = {
    Refusal.OWN: lazy_gettext("You cannot assign or end your own roles. Ask a person with a higher role."),
    Refusal.NOT_YOURS: lazy_gettext("This role is not yours to give or to end."),
    Refusal.CLOSED: lazy_gettext("This account is closed. Open it first."),
    Refusal.NO_COUNTRY: lazy_gettext("This person serves in no country today. The role needs one."),
    Refusal.REACH: lazy_gettext("This role does not reach there. Choose another place."),
    Refusal.PAST: lazy_gettext("The first day is over. Enter today or a later day."),
    Refusal.FAR: lazy_gettext("The first day is more than a year away. Enter a nearer one."),
    Refusal.BACKWARDS: lazy_gettext("The last day is before the first. Enter a later one."),
    Refusal.DEPUTY_DAYS: lazy_gettext(
        "A deputy stands in for at most 90 days within 180, earlier times included. Enter an earlier last day."
    ),
    Refusal.HELD: lazy_gettext("This person holds the role on some of these days already."),
    Refusal.LAST: lazy_gettext("This is the last administrator. Name another one first."),
    Refusal.ONE_ALONE: lazy_gettext("An administrator needs two. Use the server's console: flask people role."),
    Refusal.ASKED: lazy_gettext("This is asked already. A second administrator has to answer."),
    Refusal.PROPOSED: lazy_gettext("This role is already proposed for this person. See the open proposals."),
    Refusal.OVER: lazy_gettext("This is over. Look at the page again."),
    Refusal.BEYOND: lazy_gettext(
        "As a deputy you can assign a whole agency until your own last day. Enter that day or an earlier one."
    ),
    Refusal.AT_EVENT: lazy_gettext("This role is of one event. It is ended on the page of that event."),
}
OF_A_COUNTRY = frozenset({Scope.COUNTRY, Scope.AGENCY})  # where such a role holds tells where its holder serves
OF_COORDINATORS = frozenset(gift.role for gift in ASSIGNABLE_ROLES[Role.COORDINATOR])


def sees_name(actor: Actor, seen: PersonDetails) -> bool:
    """Say whether somebody learns how a person is called: the contact point of the country where they serve."""
    parts = visibility.visible_fields(
        Viewer.CONTACT_POINT, actor.country, OfficerVisibility(seen.country, protected=seen.protected)
    )
    return Role.CONTACT_POINT in actor.roles and IdentityField.NAME in parts


def seen_grants(actor: Actor, seen: PersonDetails) -> list[Grant]:
    """Return the roles that somebody may see: a coordinator those that coordinators give."""
    if sees_name(actor, seen) or Role.ADMINISTRATOR in actor.roles:
        return list(seen.grants)
    return [one for one in seen.grants if one.held.role in OF_COORDINATORS]


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
        "roles": [grant(one, reaches, where=_sees_reach(actor, seen)) for one in seen_grants(actor, seen)],
        **account(seen.state),
    }


def grant(one: Grant, reaches: Mapping[Scope, Mapping[str, str]], *, where: bool) -> dict[str, Any]:
    """Return a role with its reach and days."""
    held = one.held
    return {
        "role": role(held),
        "reach": _reach(held, reaches) if where or held.scope not in OF_A_COUNTRY else "",
        "since": held.since,
        "until": held.until,
        "coming": held.since > clock.today(),
    }


def endable(actor: Actor, seen: PersonDetails, giver: Granter) -> list[dict[str, Any]]:
    """Return the roles that somebody sees, each with the address that ends it, or ""."""
    reaches, lines = _reaches(actor), []
    for one in seen_grants(actor, seen):
        mine = can_revoke(giver, seen.receiver, one.held, clock.today())
        there = one.held.scope not in SCOPES[one.held.role]
        where = url_for("rights.revoke_role", person_id=seen.person_id, grant_id=one.id) if mine and not there else ""
        lines.append({**grant(one, reaches, where=_sees_reach(actor, seen)), "of_event": mine and there, "end": where})
    return lines


def role(held: RoleAssignment) -> str:
    """Return the role in words."""
    return _("Deputy contact point") if held.deputy else str(ROLES[held.role])


def account(state: PersonState) -> dict[str, str]:
    """Return the state of an account as a word and a shape."""
    if state is PersonState.ACTIVE:
        return {"word": _("Open"), "kind": "good"}
    return {"word": _("Closed"), "kind": "none"}


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


def _reach(held: RoleAssignment, named: Mapping[Scope, Mapping[str, str]]) -> str:
    if held.role is Role.SUPERVISOR and held.scope is Scope.COUNTRY:
        return _("Officers assigned one by one")
    if held.scope is Scope.COUNTRY:
        return country_name(held.reach)
    if held.scope is Scope.AGENCY:
        return _("All officers of the agency: %(name)s", name=person_details.agency(UUID(held.reach)))
    if held.scope is Scope.SELF:
        return ""
    if held.scope is Scope.ALL:
        return _("Everywhere")
    fallback = _("One course") if held.scope is Scope.COURSE else _("One event")
    return named.get(held.scope, {}).get(held.reach, fallback)


def _posting_roles(roles: Collection[str]) -> str:
    titles = dict(ports().posting_titles(current()))
    return joined([titles.get(one, one) for one in roles]) if roles else ""
