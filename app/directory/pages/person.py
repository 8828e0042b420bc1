"""View model of `/people/<id>`: alias, roles and links; the identity only for the own contact point."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.access import policy
from app.access.policy import Actor
from app.i18n.babel import joined
from app.i18n.languages import current
from app.identity.labels import account_state
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails, PersonName
from app.kernel import clock
from app.ports import PersonSection, ports
from app.rights.labels import role_line, scope_titles
from app.rights.queries.roles import sees_country_of_roles, sees_name, visible_roles
from app.rights.shapes import RoleLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage(Page):
    """A person; `name` is None and country, agency and posting roles are "" unless the user sees the identity.

    `id` is shown to administrators. `word` and `kind` are the state of the account.
    """

    template: ClassVar[str] = "directory/person.html"
    id: UUID | None
    alias: str
    name: PersonName | None
    country: str
    agency: str
    posting_roles: str
    roles: Sequence[RoleLine]
    links: Sequence[PersonSection]
    word: str
    kind: str


def person_page(actor: Actor, details: PersonDetails) -> PersonPage:
    """Return the page of a person, as the actor may see it."""
    sees_identity = sees_name(actor, details)
    titles, shows_country = scope_titles(actor), sees_country_of_roles(actor, details)
    word, kind = account_state(details.state)
    return PersonPage(
        id=details.person_id if policy.administrator(actor) else None,
        alias=details.alias,
        name=person_details.name(details.person_id) if sees_identity else None,
        # missing for a protected person alone it would reveal the protection: no administrator sees any
        country=details.country if sees_identity else "",
        agency=person_details.agency(details.agency_id) if sees_identity else "",
        posting_roles=_posting_roles(details.posting_roles) if sees_identity else "",
        roles=[
            role_line(grant.assignment, titles, shows_country=shows_country, today=clock.today())
            for grant in visible_roles(actor, details)
        ],
        links=ports().person_sections(details),
        word=word,
        kind=kind,
    )


def _posting_roles(roles: Collection[str]) -> str:
    titles = dict(ports().posting_titles(current()))
    return joined([titles.get(role, role) for role in roles]) if roles else ""
