"""Read and lock the postings of people: country, agency and roles of the framework by day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, bindparam, func, literal, or_, select, union_all
from sqlalchemy.exc import NoResultFound

from app.db.session import db
from app.identity.domain.people import AgencyKind
from app.identity.models import Agency, Person, Posting

DAY = timedelta(days=1)
_SPAN = (
    Posting.person_id, Posting.country, Posting.agency_id, Agency.kind, Posting.roles, Posting.since, Posting.until,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PostingSpan:
    """A posting with its first and last day (inclusive; None: current) and the roles of the framework."""

    person_id: UUID
    country: str
    agency_id: UUID
    agency_kind: AgencyKind
    roles: tuple[str, ...]
    since: date
    until: date | None

    @property
    def role(self) -> str:
        """Return the role that counts the officer in figures, so that cells sum to totals."""
        return self.roles[0] if self.roles else ""


def postings(ids: Collection[UUID]) -> Mapping[UUID, list[PostingSpan]]:
    """Return the postings of these people in the order of their first days; people without one are left out."""
    by_person: dict[UUID, list[PostingSpan]] = {}
    for row in db.session.execute(_POSTINGS, {"ids": list(ids)}):
        by_person.setdefault(row.person_id, []).append(_span(row))
    return by_person


def roles_on(ids: Collection[UUID], day: date) -> Mapping[UUID, Sequence[str]]:
    """Return the framework roles of these people on a day; people without a posting are left out."""
    return {
        key: span.roles
        for key, spans in postings(ids).items()
        for span in spans
        if span.since <= day and (span.until is None or span.until >= day)
    }


@dataclass(frozen=True, slots=True)
class ServingGroup:
    """How many officers serve in a country with this kind of agency and these roles."""

    country: str
    agency_kind: str
    roles: tuple[str, ...]
    count: int

    @property
    def role(self) -> str:
        """Return the role that counts the officers in figures."""
        return self.roles[0] if self.roles else ""


def serving_groups(days: Collection[date], without: Collection[UUID]) -> Mapping[date, list[ServingGroup]]:
    """Return the officers who serve on these days by country, kind of agency and roles, without some of them."""
    by_day: dict[date, list[ServingGroup]] = {day: [] for day in days}
    order = list(by_day)
    parts = [_serving_part(index, day, without) for index, day in enumerate(order)]
    for index, country, kind, roles, count in db.session.execute(union_all(*parts)) if parts else ():
        by_day[order[index]].append(ServingGroup(country, str(kind), tuple(roles.split()), count))
    return by_day


def _serving_part(index: int, day: date, without: Collection[UUID]) -> Select[int, str, AgencyKind, str, int]:
    on_day = (Posting.since <= day, or_(Posting.until.is_(None), Posting.until >= day))
    columns = (Posting.country, Agency.kind, Posting.roles)
    query = select(literal(index), *columns, func.count()).join(Agency, Agency.id == Posting.agency_id).where(*on_day)
    if without:
        query = query.where(Posting.person_id.not_in(without))
    return query.group_by(*columns)


def lock(person_id: UUID) -> list[PostingSpan]:
    """Lock the person row and return the postings of the person by their first days.

    Raises NoResultFound if the person does not exist. Other transactions may still insert rows for the person.
    """
    rows = db.session.execute(_LOCKING, {"person_id": person_id}).all()
    if not rows:
        raise NoResultFound
    return [_span(row) for row in rows if row.since is not None]


def posting_on(person_id: UUID, day: date) -> PostingSpan | None:
    """Return the posting of the day, else the nearest one, or None for a person without postings."""
    return nearest(postings([person_id]).get(person_id, []), day)


def nearest(spans: Sequence[PostingSpan], day: date) -> PostingSpan | None:
    """Return the posting of the day among these, else the nearest one in time (the newer of two), else None."""
    return min(reversed(spans), key=lambda span: _days_away(span, day), default=None)


def countries(ids: Collection[UUID], day: date) -> Mapping[UUID, str]:
    """Return the countries of these people on a day; people without a posting are left out."""
    connection = db.session.connection()
    if len(ids) == 1:  # an audit entry mostly names one person, and the query with a list takes twice as long
        rows = connection.execute(_COUNTRY, {"person_id": next(iter(ids)), "day": day})
    else:
        rows = connection.execute(_COUNTRIES, {"ids": list(ids), "day": day})
    return {row[0]: row[1] for row in rows}


def serving_in(country: str, day: date) -> Select[UUID]:
    """Return the query of the people who serve in a country on a day, for conditions of other packages."""
    current = or_(Posting.until.is_(None), Posting.until >= day)
    return select(Posting.person_id).where(Posting.country == country, Posting.since <= day, current)


def serving(day: date) -> Subquery:
    """Return the people who serve on a day with their countries (person_id, country), to join in other packages."""
    current = or_(Posting.until.is_(None), Posting.until >= day)
    return select(Posting.person_id, Posting.country).where(Posting.since <= day, current).subquery("serving")


def serving_in_agencies(agency_ids: Collection[UUID], day: date) -> Subquery:
    """Return the people who serve in these agencies on a day (person_id, group_id: the agency), to join."""
    current = or_(Posting.until.is_(None), Posting.until >= day)
    query = select(Posting.person_id, Posting.agency_id.label("group_id"))
    return query.where(Posting.agency_id.in_(agency_ids), Posting.since <= day, current).subquery("serving_in_agencies")


def serving_with_roles(day: date, country: str = "") -> Subquery:
    """Return the people who serve on a day with their roles (person_id, roles), of a country or all, to join."""
    current = or_(Posting.until.is_(None), Posting.until >= day)
    query = select(Posting.person_id, Posting.roles).where(Posting.since <= day, current)
    return (query.where(Posting.country == country) if country else query).subquery("serving_with_roles")


def serving_spans(day: date) -> list[PostingSpan]:
    """Return the postings of a day, without those of people under threat, by person."""
    query = (
        select(*_SPAN)
        .join(Agency, Agency.id == Posting.agency_id)
        .join(Person, Person.id == Posting.person_id)
        .where(Posting.since <= day, or_(Posting.until.is_(None), Posting.until >= day), Person.protected.is_(False))
    )
    return [_span(row) for row in db.session.execute(query.order_by(Posting.person_id))]


def served_last_in(country: str, day: date) -> Select[UUID]:
    """Return the query of the people whose newest posting that began by a day is in a country, ended or not."""
    later = Posting.__table__.alias("later")
    newest = (
        ~select(later.c.id)
        .where(later.c.person_id == Posting.person_id, later.c.since > Posting.since, later.c.since <= day)
        .exists()
    )
    return select(Posting.person_id).where(Posting.country == country, Posting.since <= day, newest)


def posting_page(after: UUID | None, size: int) -> list[UUID]:
    """Return the next ids of people who have or had a posting, in the order of their ids."""
    query = select(Posting.person_id).distinct().order_by(Posting.person_id).limit(size)
    if after is not None:
        query = query.where(Posting.person_id > after)
    return list(db.session.scalars(query))


def _span(row: Row[*tuple[Any, ...]]) -> PostingSpan:
    return PostingSpan(
        person_id=row.person_id,
        country=row.country,
        agency_id=row.agency_id,
        agency_kind=row.kind,
        roles=tuple(row.roles.split()),
        since=row.since,
        until=row.until,
    )


def _days_away(span: PostingSpan, day: date) -> int:
    if day < span.since:
        return (span.since - day).days
    return 0 if span.until is None else max(0, (day - span.until).days)


_POSTINGS = (
    select(*_SPAN)
    .join(Agency, Agency.id == Posting.agency_id)
    .where(Posting.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(Posting.since, Posting.id)
)
# built once: every piece of evidence runs this query
_LOCKING = (
    select(Person.id.label("locked"), *_SPAN)
    .outerjoin(Posting, Posting.person_id == Person.id)
    .outerjoin(Agency, Agency.id == Posting.agency_id)
    .where(Person.id == bindparam("person_id"))
    .order_by(Posting.since, Posting.id)
    .with_for_update(of=Person, key_share=True)
)
# every audit entry runs this query
_ON = select(Posting.person_id, Posting.country).where(
    Posting.since <= bindparam("day"), or_(Posting.until.is_(None), Posting.until >= bindparam("day"))
)
_COUNTRIES = _ON.where(Posting.person_id.in_(bindparam("ids", expanding=True)))
_COUNTRY = _ON.where(Posting.person_id == bindparam("person_id"))
