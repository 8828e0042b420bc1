"""Read a page of all accounts by alias, for the list of administrators and coordinators."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, select

from app.access.policy import Role
from app.db.session import db
from app.identity.domain.alias_order import alias_key
from app.identity.domain.people import PersonState
from app.identity.models import Person
from app.identity.queries import postings
from app.identity.queries.person_details import GrantedRole, grants, has_role, people_in_role, posting_for_display
from app.identity.queries.postings import PostingSpan

PAGE = 50


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A person in the list of all."""

    person_id: UUID
    alias: str
    state: PersonState
    country: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Filter of the list of all accounts, empty for all. Not a country: the list does not reveal it."""

    role: Role | None = None
    state: PersonState | None = None
    after: str = ""


def accounts(account_filter: AccountFilter, today: date, among: Collection[Role] = ()) -> list[AccountLine]:
    """Return a page of people by alias, and one more person if there are more; `among` limits them to these roles."""
    query = select(Person.id, Person.alias, Person.state, Person.protected).where(
        Person.alias_key > alias_key(account_filter.after), Person.erased_at.is_(None)
    )
    if account_filter.state is not None:
        query = query.where(Person.state == account_filter.state)
    # a role that few people have is looked up first, another one person by person: no page reads all people
    for roles in ([account_filter.role] if account_filter.role else [], among):
        query = query.where(people_in_role(roles, today)) if roles else query
    rows = db.session.execute(query.order_by(Person.alias_key).limit(PAGE + 1)).all()
    ids = [row.id for row in rows]
    spans, granted = postings.postings(ids), grants(ids, today)
    return [_line(row, spans.get(row.id, []), granted.get(row.id, []), today) for row in rows]


def known_person_id(person_id: UUID | None, alias: str) -> UUID | None:
    """Return the person of this id or alias, whether the account is open or closed, or None."""
    is_meant = Person.alias == alias if person_id is None else Person.id == person_id
    return db.session.scalars(select(Person.id).where(is_meant)).one_or_none()


def _line(
    row: Row[UUID, str, PersonState, bool], spans: list[PostingSpan], granted: list[GrantedRole], today: date
) -> AccountLine:
    """Return a line, without the country of a protected person."""
    served = posting_for_display(spans, today, active=row.state is PersonState.ACTIVE)
    country, agency_id = (served.country, served.agency_id) if served else ("", None)
    assignments = [grant.assignment for grant in granted]
    roles = {role.role: None for role in assignments if has_role(role, country, agency_id, today)}
    return AccountLine(row.id, row.alias, row.state, "" if row.protected else country, tuple(roles))
