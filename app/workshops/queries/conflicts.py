"""Read the conflicts of an event with other events: rooms and staff that are needed twice at a time."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, not_, or_, select

from app.access.policy import Scope
from app.db.session import db
from app.identity.queries import roles
from app.kernel import clock
from app.workshops.domain import conflicts as rules
from app.workshops.domain.conflicts import EventConflict, Occupation
from app.workshops.domain.events import OVER
from app.workshops.models import Workshop, WorkshopSession
from app.workshops.queries import event_days
from app.workshops.queries.workshops import EVENT_ROLES
from app.workshops.shapes import WorkshopFacts

MOST = 500  # sessions of other events


def conflicts(workshop: WorkshopFacts) -> list[EventConflict]:
    """Return the conflicts of an event that is not over and has days with all others; two queries."""
    if workshop.state in OVER or not workshop.has_days:
        return []
    staff = workshop.trainers | workshop.assessors
    own = [
        Occupation(
            code=workshop.code,
            number=session.number,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            town=(workshop.host_country, workshop.town),
            room=session.room,
            staff=staff,
        )
        for session in workshop.sessions
    ]
    return rules.conflicts(own, _others(workshop, _staff_of_others(staff)))


def _staff_of_others(staff: frozenset[UUID]) -> Mapping[UUID, set[UUID]]:
    """Return the events of these people, each with those of them who work there."""
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for person_id, event_id in roles.reaches_of_many(staff, Scope.EVENT, EVENT_ROLES, clock.today()):
        people[UUID(event_id)].add(person_id)
    return people


def _others(workshop: WorkshopFacts, staff: Mapping[UUID, set[UUID]]) -> list[Occupation]:
    same_place = and_(
        Workshop.host_country == workshop.host_country, Workshop.town == workshop.town, WorkshopSession.room != ""
    )
    query = (
        select(WorkshopSession, Workshop.code, Workshop.host_country, Workshop.town)
        .join(Workshop, Workshop.id == WorkshopSession.workshop_id)
        .where(
            Workshop.id != workshop.id,
            Workshop.state.not_in(OVER),
            not_(event_days.without_days()),
            WorkshopSession.starts_at < workshop.ends_at,
            WorkshopSession.ends_at > workshop.starts_at,
            or_(same_place, Workshop.id.in_(list(staff))),
        )
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
        .limit(MOST)
    )
    return [
        Occupation(
            code=row.code,
            number=row.WorkshopSession.number,
            starts_at=row.WorkshopSession.starts_at,
            ends_at=row.WorkshopSession.ends_at,
            town=(row.host_country, row.town),
            room=row.WorkshopSession.room,
            staff=frozenset(staff.get(row.WorkshopSession.workshop_id, ())),
        )
        for row in db.session.execute(query)
    ]
