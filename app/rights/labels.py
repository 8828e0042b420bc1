"""Labels of assigned roles, of their reach and of refusals, in the user's language."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext

from app.access.labels import ROLES
from app.access.people_rules import RoleAssignment
from app.access.policy import Actor, Role, Scope
from app.i18n.languages import country_name
from app.identity.queries import person_details
from app.ports import ports
from app.rights.domain.roles import COUNTRY_SCOPES, RoleRefusal
from app.rights.shapes import RoleLine

REFUSALS = {
    RoleRefusal.OWN: lazy_gettext("You cannot assign or end your own roles. Ask a person with a higher role."),
    RoleRefusal.NOT_YOURS: lazy_gettext("You cannot assign or end this role."),
    RoleRefusal.CLOSED: lazy_gettext("This account is closed. Open it first."),
    RoleRefusal.NO_COUNTRY: lazy_gettext("This person has no posting today. The role needs a country."),
    RoleRefusal.REACH: lazy_gettext("This role cannot be limited in this way. Make another choice."),
    RoleRefusal.PAST: lazy_gettext("The first day is in the past. Enter today or a later day."),
    RoleRefusal.FAR: lazy_gettext("The first day is more than a year from now. Enter an earlier one."),
    RoleRefusal.BACKWARDS: lazy_gettext("The last day is before the first. Enter a later one."),
    RoleRefusal.DEPUTY_DAYS: lazy_gettext(
        "A deputy may serve at most 90 days within 180, earlier periods included. Enter an earlier last day."
    ),
    RoleRefusal.HELD: lazy_gettext("This person already has the role on some of these days."),
    RoleRefusal.LAST: lazy_gettext("This is the last administrator. Assign another one first."),
    RoleRefusal.ONE_ALONE: lazy_gettext("An administrator needs two. Use the server's console: flask people role."),
    RoleRefusal.ASKED: lazy_gettext("This has already been requested. A second administrator must answer."),
    RoleRefusal.PROPOSED: lazy_gettext("This role is already proposed for this person. See the open proposals."),
    RoleRefusal.OVER: lazy_gettext("This has ended. Reload the page."),
    RoleRefusal.BEYOND: lazy_gettext(
        "As a deputy you can assign a whole agency until your own last day. Enter that day or an earlier one."
    ),
    RoleRefusal.AT_EVENT: lazy_gettext("This role belongs to an event. End it on the page of the event."),
}


def role_label(assignment: RoleAssignment) -> str:
    """Return the label of an assigned role."""
    return _("Deputy contact point") if assignment.deputy else str(ROLES[assignment.role])


def role_line(
    assignment: RoleAssignment, titles: Mapping[Scope, Mapping[str, str]], *, shows_country: bool, today: date
) -> RoleLine:
    """Return a role assignment as a line of a list; `titles` are those of `scope_titles`."""
    shows_reach = shows_country or assignment.scope not in COUNTRY_SCOPES
    return RoleLine(
        role=role_label(assignment),
        reach=_reach_label(assignment, titles) if shows_reach else "",
        since=assignment.since,
        until=assignment.until,
        coming=assignment.since > today,
    )


def scope_titles(actor: Actor) -> dict[Scope, dict[str, str]]:
    """Return the titles of courses and events that the actor may name in a role, by their id."""
    return {scope: dict(pairs) for scope, pairs in ports().role_scope_titles(actor).items()}


def _reach_label(assignment: RoleAssignment, titles: Mapping[Scope, Mapping[str, str]]) -> str:
    match assignment.scope:
        case Scope.SELF:
            return ""
        case Scope.ALL:
            return _("Everywhere")
        case Scope.COUNTRY | Scope.AGENCY:
            return _place_label(assignment)
        case Scope.COURSE | Scope.EVENT:
            fallback = _("One course") if assignment.scope is Scope.COURSE else _("One event")
            return titles.get(assignment.scope, {}).get(assignment.reach, fallback)
        case _:
            assert_never(assignment.scope)


def _place_label(assignment: RoleAssignment) -> str:
    if assignment.scope is Scope.AGENCY:
        return _("All officers of the agency: %(name)s", name=person_details.agency(UUID(assignment.reach)))
    if assignment.role is Role.SUPERVISOR:
        return _("Officers assigned one by one")
    return country_name(assignment.reach)
