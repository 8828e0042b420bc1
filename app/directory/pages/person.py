"""View model of the page of a person."""

from collections.abc import Collection
from typing import Any

from app.access.policy import Actor, Role
from app.i18n.babel import joined
from app.i18n.languages import current
from app.identity.labels import account_state
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock
from app.ports import ports
from app.rights.labels import role_line, scope_titles
from app.rights.queries.roles import sees_country_of_roles, sees_name, visible_roles


def person(actor: Actor, details: PersonDetails) -> dict[str, Any]:
    """Return what the page of a person shows beside the name, as the actor may see it."""
    own, technical = sees_name(actor, details), Role.ADMINISTRATOR in actor.roles
    titles, shows_country = scope_titles(actor), sees_country_of_roles(actor, details)
    return {
        "id": details.person_id if technical else None,
        "alias": details.alias,
        # missing for a protected person alone it would reveal the protection: no administrator sees any
        "country": details.country if own else "",
        "agency": person_details.agency(details.agency_id) if own else "",
        "work": _posting_roles(details.posting_roles) if own else "",
        "roles": [
            role_line(grant.assignment, titles, shows_country=shows_country, today=clock.today())
            for grant in visible_roles(actor, details)
        ],
        **account_state(details.state),
    }


def _posting_roles(roles: Collection[str]) -> str:
    titles = dict(ports().posting_titles(current()))
    return joined([titles.get(role, role) for role in roles]) if roles else ""
