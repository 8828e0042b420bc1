"""Labels of roles and refusals in the user language."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.access.policy import Role, Scope
from app.access.words import ROLES
from app.i18n.languages import country_name
from app.identity.domain.roles import RoleAssignment
from app.identity.queries import person_details
from app.rights.domain.roles import RoleRefusal

REFUSALS = {
    RoleRefusal.OWN: lazy_gettext("You cannot assign or end your own roles. Ask a person with a higher role."),
    RoleRefusal.NOT_YOURS: lazy_gettext("This role is not yours to give or to end."),
    RoleRefusal.CLOSED: lazy_gettext("This account is closed. Open it first."),
    RoleRefusal.NO_COUNTRY: lazy_gettext("This person serves in no country today. The role needs one."),
    RoleRefusal.REACH: lazy_gettext("This role does not reach there. Choose another place."),
    RoleRefusal.PAST: lazy_gettext("The first day is over. Enter today or a later day."),
    RoleRefusal.FAR: lazy_gettext("The first day is more than a year away. Enter a nearer one."),
    RoleRefusal.BACKWARDS: lazy_gettext("The last day is before the first. Enter a later one."),
    RoleRefusal.DEPUTY_DAYS: lazy_gettext(
        "A deputy stands in for at most 90 days within 180, earlier times included. Enter an earlier last day."
    ),
    RoleRefusal.HELD: lazy_gettext("This person holds the role on some of these days already."),
    RoleRefusal.LAST: lazy_gettext("This is the last administrator. Name another one first."),
    RoleRefusal.ONE_ALONE: lazy_gettext("An administrator needs two. Use the server's console: flask people role."),
    RoleRefusal.ASKED: lazy_gettext("This is asked already. A second administrator has to answer."),
    RoleRefusal.PROPOSED: lazy_gettext("This role is already proposed for this person. See the open proposals."),
    RoleRefusal.OVER: lazy_gettext("This is over. Look at the page again."),
    RoleRefusal.BEYOND: lazy_gettext(
        "As a deputy you can assign a whole agency until your own last day. Enter that day or an earlier one."
    ),
    RoleRefusal.AT_EVENT: lazy_gettext("This role is of one event. It is ended on the page of that event."),
}


def role_label(held: RoleAssignment) -> str:
    """Return the role in words."""
    return _("Deputy contact point") if held.deputy else str(ROLES[held.role])


def reach_label(held: RoleAssignment, named: Mapping[Scope, Mapping[str, str]]) -> str:
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
