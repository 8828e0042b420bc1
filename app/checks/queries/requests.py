"""Read requests for a check: an officer's own, and those that wait for the contact points of a country."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.domain.items import Level
from app.checks.domain.requests import LIVE, CheckRequestState, OwnCheckRequest
from app.checks.models import CheckRequest
from app.db.session import db
from app.identity.queries import people as accounts, postings
from app.kernel import clock

PAGE_SIZE = 40  # officers of a page: as many as a sitting has seats


@dataclass(frozen=True, slots=True)
class RequestGroup:
    """The open requests of a country for a competency at a level."""

    competency: str
    level: Level
    officers: int
    first_asked_at: datetime


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request of an officer."""

    id: UUID
    person_id: UUID
    alias: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """The open requests for a competency at a level, of the actor's country."""

    country: str
    competency: str
    level: Level
    officers: int


def own(person_id: UUID) -> Mapping[str, OwnCheckRequest]:
    """Return the newest request of an officer for each competency."""
    query = select(CheckRequest).where(CheckRequest.person_id == person_id)
    rows = db.session.scalars(query.order_by(CheckRequest.asked_at, CheckRequest.id))
    return {row.competency: _own(row) for row in rows}


def own_open(actor: Actor, request_id: UUID) -> OwnCheckRequest:
    """Return an open request of the actor, or raise NoResultFound."""
    query = select(CheckRequest).where(CheckRequest.id == request_id, CheckRequest.person_id == actor.id)
    return _own(db.session.scalars(query.where(CheckRequest.state == CheckRequestState.OPEN)).one())


def live_levels(people: Collection[UUID]) -> Mapping[UUID, Mapping[str, Level]]:
    """Return the open and planned requests of these officers: the level by competency."""
    columns = (CheckRequest.person_id, CheckRequest.competency, CheckRequest.level)
    query = select(*columns).where(CheckRequest.person_id.in_(people), CheckRequest.state.in_(LIVE))
    levels: dict[UUID, dict[str, Level]] = {person_id: {} for person_id in people}
    for person_id, competency, level in db.session.execute(query):
        levels[person_id][competency] = level
    return levels


def groups(country: str, today: date) -> list[RequestGroup]:
    """Return the open requests of the officers of a country by competency and level, the oldest request first."""
    first = func.min(CheckRequest.asked_at)
    query = (
        select(CheckRequest.competency, CheckRequest.level, func.count(), first)
        .where(*_open_in(country, today))
        .group_by(CheckRequest.competency, CheckRequest.level)
        .order_by(first, CheckRequest.competency, CheckRequest.level)
    )
    return [RequestGroup(*row) for row in db.session.execute(query)]


def of_competency(actor: Actor, competency: str, level: Level) -> OpenRequests:
    """Return the open requests for a competency at a level in the actor's country, or raise NoResultFound."""
    if not actor.country or not allows(actor, Action.ANSWER_CHECK_REQUEST, own_scope(actor)):
        raise NoResultFound
    among = (CheckRequest.competency == competency, CheckRequest.level == level)
    count = db.session.scalar(_counting(actor.country, clock.today()).where(*among)) or 0
    if not count:
        raise NoResultFound
    return OpenRequests(actor.country, competency, level, count)


def lines(group: OpenRequests, today: date, *, offset: int = 0, size: int = PAGE_SIZE) -> list[RequestLine]:
    """Return a page of the officers who ask for a competency at a level, the oldest request first."""
    return _lines(_of_group(group, today).offset(offset).limit(size))


def chosen(group: OpenRequests, ids: Collection[UUID], today: date) -> list[RequestLine]:
    """Return these open requests of a group, the oldest first; those that were answered meanwhile are left out."""
    return _lines(_of_group(group, today).where(CheckRequest.id.in_(ids)))


def open_groups(keys: Collection[tuple[str, str, Level]]) -> frozenset[tuple[str, str, Level]]:
    """Return which of these groups (country, competency, level) still have an open request."""
    columns = (CheckRequest.country, CheckRequest.competency, CheckRequest.level)
    query = select(*columns).distinct().where(CheckRequest.state == CheckRequestState.OPEN, tuple_(*columns).in_(keys))
    return frozenset((row[0], row[1], row[2]) for row in db.session.execute(query))


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query that counts the requests that wait for the actor as a contact point."""
    if not actor.country or not allows(actor, Action.ANSWER_CHECK_REQUEST, own_scope(actor)):
        return {}
    return {"check_requests": _counting(actor.country, clock.today())}


def _of_group(group: OpenRequests, today: date) -> Select[UUID, UUID, datetime]:
    query = select(CheckRequest.id, CheckRequest.person_id, CheckRequest.asked_at).where(
        *_open_in(group.country, today)
    )
    of_competency = (CheckRequest.competency == group.competency, CheckRequest.level == group.level)
    return query.where(*of_competency).order_by(CheckRequest.asked_at, CheckRequest.id)


def _lines(query: Select[UUID, UUID, datetime]) -> list[RequestLine]:
    rows = db.session.execute(query).all()
    aliases = accounts.names([row.person_id for row in rows])
    return [RequestLine(row.id, row.person_id, aliases.get(row.person_id, ""), row.asked_at) for row in rows]


def _counting(country: str, today: date) -> Select[Any]:
    return select(func.count()).select_from(CheckRequest).where(*_open_in(country, today))


def _open_in(country: str, today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the open requests of officers who serve in a country, where they asked."""
    return (
        CheckRequest.country == country,
        CheckRequest.state == CheckRequestState.OPEN,
        CheckRequest.person_id.in_(postings.serving_in(country, today)),
    )


def _own(row: CheckRequest) -> OwnCheckRequest:
    return OwnCheckRequest(
        id=row.id,
        person_id=row.person_id,
        competency=row.competency,
        level=row.level,
        state=row.state,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        reason=row.reason,
    )
