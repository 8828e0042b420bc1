"""Read other people as the actor may see them (alias, country), by the table of `access.visibility`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import literal, null, select, union_all

from app.access import visibility
from app.access.policy import Actor, Role
from app.access.visibility import IdentityField, OfficerVisibility, Viewer
from app.db.session import db
from app.identity.models import Country, Person, RoleGrant
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan


@dataclass(frozen=True, slots=True)
class VisibleIdentity:
    """An officer as a viewer sees them: hidden fields are empty. An empty country is shown as "Member country"."""

    alias: str
    country: str
    sees_role: bool


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What decides which numbers of officers are read outside their country."""

    protected: frozenset[UUID]
    exact_counts: frozenset[str]  # countries


def visible_identities(
    actor: Actor, ids: Collection[UUID], today: date, *viewers: Viewer
) -> Mapping[UUID, VisibleIdentity]:
    """Return these people as the actor sees them: as a peer, and as these viewers, which the view has checked."""
    query = select(Person.id, Person.alias, Person.protected, Person.shows_country).where(Person.id.in_(ids))
    nearest = {person_id: postings.nearest(spans, today) for person_id, spans in postings.postings(ids).items()}
    all_viewers = {Viewer.PEER, *viewers}
    return {
        row[0]: _visible_identity(
            actor, all_viewers, row[1], nearest.get(row[0]), protected=row[2], shows_country=row[3]
        )
        for row in db.session.execute(query)
    }


def roles_on(ids: Collection[UUID], days: Collection[date]) -> Mapping[tuple[UUID, date], list[Role]]:
    """Return the roles of these people at the academy on these days."""
    query = select(RoleGrant.person_id, RoleGrant.role, RoleGrant.since, RoleGrant.until)
    by_day: dict[tuple[UUID, date], list[Role]] = {}
    for person_id, role, since, until in db.session.execute(query.where(RoleGrant.person_id.in_(ids))):
        for day in days:
            if since <= day and (until is None or until >= day):
                by_day.setdefault((person_id, day), []).append(role)
    return by_day


def protected() -> frozenset[UUID]:
    """Return the people under threat."""
    return frozenset(db.session.scalars(select(Person.id).where(Person.protected)))


def disclosure() -> Disclosure:
    """Return who is under threat and which countries agreed to exact counts, in one statement."""
    people = select(Person.id, literal("")).where(Person.protected)
    countries = select(null(), Country.code).where(Country.exact_counts.is_(True))
    rows: list[Any] = list(db.session.execute(union_all(people, countries)))
    return Disclosure(
        frozenset(row[0] for row in rows if row[0] is not None), frozenset(row[1] for row in rows if row[1])
    )


def _visible_identity(
    actor: Actor, viewers: set[Viewer], alias: str, span: PostingSpan | None, *, protected: bool, shows_country: bool
) -> VisibleIdentity:
    officer = OfficerVisibility(span.country if span else "", protected=protected, shows_country=shows_country)
    fields = visibility.visible_fields_of_all(viewers, actor.country, officer)
    return VisibleIdentity(
        alias if IdentityField.ALIAS in fields else "",
        officer.country if IdentityField.COUNTRY in fields else "",
        IdentityField.ROLE in fields,
    )
