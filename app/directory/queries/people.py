"""Read a page of the people of a country by alias, with the filters of `/people`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.db.session import db
from app.identity.domain.alias_order import alias_key
from app.identity.domain.people import PersonState
from app.identity.models import Agency, Person, Posting
from app.invitations.queries.invitations import PAGE_SIZE

LARGE = 5000  # postings of a country


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list of a contact point."""

    alias: str
    person_id: UUID
    state: PersonState
    roles: tuple[str, ...]
    agency: str
    agency_id: UUID
    protected: bool = False


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Filter of a list of people, empty for all."""

    role: str = ""
    agency_id: UUID | None = None
    state: PersonState | None = None
    after: str = ""


def of_country(
    country: str, today: date, sought: PeopleFilter, *, among: Select[UUID] | None = None, size: int = PAGE_SIZE
) -> list[PersonLine]:
    """Return a page of a country's people by alias, and one more person if there are more; the last posting counts.

    `among` limits them to the few people of a query.
    """
    still = or_(Posting.until.is_(None), Posting.until >= today)
    later = Posting.__table__.alias("later")
    newest = ~select(later.c.id).where(later.c.person_id == Person.id, later.c.since > Posting.since).exists()
    serves = or_(and_(Person.state == PersonState.ACTIVE, still), and_(Person.state != PersonState.ACTIVE, newest))
    query = (
        select(Person.alias, Person.id, Person.state, Posting.roles, Agency.name, Agency.id, Person.protected)
        .join(Posting, Posting.person_id == Person.id)
        .join(Agency, Agency.id == Posting.agency_id)
        .where(_serves_in(country), Posting.since <= today, serves, Person.alias_key > alias_key(sought.after))
        .where(Person.erased_at.is_(None))
        .order_by(Person.alias_key)
        .limit(size + 1)
    )
    if among is not None:
        query = query.where(Person.id.in_(among))
    if sought.role:
        query = query.where((" " + Posting.roles + " ").contains(f" {sought.role} ", autoescape=True))
    if sought.agency_id is not None:
        query = query.where(Posting.agency_id == sought.agency_id)
    if sought.state is not None:
        query = query.where(Person.state == sought.state)
    rows = db.session.execute(query)
    return [PersonLine(row[0], row[1], row[2], tuple(row[3].split()), *row[4:]) for row in rows]


def _serves_in(country: str) -> ColumnElement[bool]:
    """Return the condition on a posting's country; for a large country on SQLite one that uses no index.

    With the index, SQLite reads and sorts all postings of the country. Without it, SQLite reads people in the order
    of their aliases and stops after one page.
    """
    if db.engine.dialect.name == "sqlite":
        some = select(Posting.id).where(Posting.country == country).limit(LARGE).subquery()
        if (db.session.scalar(select(func.count()).select_from(some)) or 0) >= LARGE:
            return Posting.country.concat("") == country  # no index holds this
    return Posting.country == country
