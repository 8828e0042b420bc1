"""Who people are to somebody else: alias, and country where the table of `access.identities` lets it be seen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.access import visibility
from app.access.policy import Actor, Role
from app.access.visibility import IdentityField, OfficerVisibility, Viewer
from app.db.session import db
from app.identity.models import Agency, Person, Posting, RoleGrant
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan


@dataclass(frozen=True, slots=True)
class VisibleIdentity:
    """An officer as a viewer may see one: what is not seen is empty. An empty country is said as "Member country"."""

    alias: str
    country: str
    sees_role: bool


@dataclass(frozen=True, slots=True)
class Protected:
    """Everybody under threat, and the countries, kinds of agencies and roles in which they serve or served."""

    people: frozenset[UUID]
    places: frozenset[str]


def visible_identities(
    actor: Actor, ids: Collection[UUID], today: date, *looks: Viewer
) -> Mapping[UUID, VisibleIdentity]:
    """Return these people as somebody sees them who looks as a peer, and as `looks` where the door made sure of it."""
    query = select(Person.id, Person.alias, Person.protected, Person.shows_country).where(Person.id.in_(ids))
    served = {one: postings.nearest(spans, today) for one, spans in postings.postings(ids).items()}
    as_these = {Viewer.PEER, *looks}
    return {
        row[0]: _visible_identity(actor, as_these, row[1], served.get(row[0]), protected=row[2], shows_country=row[3])
        for row in db.session.execute(query)
    }


def roles_on(ids: Collection[UUID], days: Collection[date]) -> Mapping[tuple[UUID, date], list[Role]]:
    """Return the roles of the academy that these people held on these days."""
    rows = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.since, RoleGrant.until).where(
            RoleGrant.person_id.in_(ids)
        )
    ).all()
    found: dict[tuple[UUID, date], list[Role]] = {}
    for person_id, role, since, until in rows:
        for day in days:
            if since <= day and (until is None or until >= day):
                found.setdefault((person_id, day), []).append(role)
    return found


def protected() -> Protected:
    """Return who is under threat, and in which countries, kinds of agencies and roles they serve or served."""
    query = (
        select(Person.id, Posting.country, Agency.kind, Posting.roles)
        .join(Posting, Posting.person_id == Person.id)
        .join(Agency, Agency.id == Posting.agency_id)
        .where(Person.protected)
    )
    people: set[UUID] = set()
    places: set[str] = set()
    for person_id, country, kind, roles in db.session.execute(query):
        people.add(person_id)
        places |= {country, str(kind), *roles.split()}
    return Protected(frozenset(people), frozenset(places))


def _visible_identity(
    actor: Actor, looks: set[Viewer], alias: str, span: PostingSpan | None, *, protected: bool, shows_country: bool
) -> VisibleIdentity:
    officer = OfficerVisibility(span.country if span else "", protected=protected, shows_country=shows_country)
    parts = visibility.visible_fields_of_all(looks, actor.country, officer)
    return VisibleIdentity(
        alias if IdentityField.ALIAS in parts else "",
        officer.country if IdentityField.COUNTRY in parts else "",
        IdentityField.ROLE in parts,
    )
