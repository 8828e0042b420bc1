"""Read events within the actor's rights, the actor's own events, and the events that the plan counts."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Scope, Sensitivity, allows, practitioner
from app.access.workshop_rules import runs_every_workshop
from app.catalogue.domain.items import Level
from app.db.session import db
from app.i18n import stored_translations
from app.identity.queries import roles as accounts
from app.kernel import clock
from app.workshops.domain.attendance import attendance_rate, is_earned
from app.workshops.domain.events import ACTIVE, Format, WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking, Workshop, WorkshopOutcome, WorkshopSession
from app.workshops.queries import attendance, bookings
from app.workshops.queries.bookings import LIVE
from app.workshops.shapes import (
    EventLine,
    OwnBooking,
    SessionFacts,
    WorkshopFacts,
    WorkshopLine,
    booking_line,
    line_columns,
    nomination_rules,
)

ONLINE = "online"  # a filter value of the location, beside country codes
SEARCH_KIND = "workshop"
MOST = 200  # events in a list
EVENT_ROLES = (Role.TRAINER, Role.ASSESSOR)
PUBLIC = (*ACTIVE, WorkshopState.POSTPONED, WorkshopState.CLOSED, WorkshopState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the list of events; an empty filter matches all."""

    kind: WorkshopKind | None = None
    language: str = ""
    location: str = ""  # code of the host country, or "online"


def get(workshop_id: UUID) -> WorkshopFacts:
    """Return an event or raise NoResultFound."""
    row = db.session.execute(select(*Workshop.__table__.columns).where(Workshop.id == workshop_id)).one()
    # a loader has no time argument, and assignments end by the day
    granted = accounts.holders(Scope.EVENT, str(workshop_id), clock.today())
    return WorkshopFacts(
        **line_columns(row),
        venue=row.venue,
        prerequisites=tuple(row.prerequisites.split()),
        activity=row.activity,
        attendance_share=row.attendance_share,
        made_by=row.made_by,
        changed_by=row.changed_by,
        cleared_by=row.cleared_by,
        closed_at=row.closed_at,
        reason=row.reason,
        sessions=_sessions(workshop_id),
        outcomes=_outcomes(workshop_id),
        trainers=frozenset(person for role, person in granted if role is Role.TRAINER),
        assessors=frozenset(person for role, person in granted if role is Role.ASSESSOR),
        competencies=tuple(row.competencies.split()),
        nomination=nomination_rules(row),
        postponed_reason=row.postponed_reason,
    )


def visible(actor: Actor, workshop_id: UUID) -> WorkshopFacts:
    """Return an event that the actor may read, or raise NoResultFound; a draft is visible to its staff only."""
    workshop = get(workshop_id)
    runs = allows(actor, Action.RUN_WORKSHOP, workshop) or allows(actor, Action.ASSESS, workshop)
    if not allows(actor, Action.READ_WORKSHOP, workshop) or (workshop.state not in PUBLIC and not runs):
        raise NoResultFound
    return workshop


def readable(actor: Actor, workshop_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of some events that the actor may read; each costs queries, so they are few."""
    allowed = set()
    for workshop_id in workshop_ids:
        with suppress(NoResultFound):
            allowed.add(visible(actor, workshop_id).id)
    return allowed


def run_by(actor: Actor, workshop_id: UUID) -> WorkshopFacts:
    """Return an event that the actor runs, or raise NoResultFound."""
    return _allowed(actor, Action.RUN_WORKSHOP, workshop_id)


def assessed_by(actor: Actor, workshop_id: UUID) -> WorkshopFacts:
    """Return an event that the actor assesses, or raise NoResultFound."""
    return _allowed(actor, Action.ASSESS, workshop_id)


def scope(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL twin of the policy for Action.READ_WORKSHOP."""
    if runs_every_workshop(actor):
        return Workshop.id.is_not(None)
    return or_(_by_sensitivity(actor), Workshop.id.in_(with_role(actor, *EVENT_ROLES)))


def with_role(actor: Actor, *roles: Role) -> frozenset[UUID]:
    """Return the ids of the events in which the actor has one of these roles today."""
    return frozenset(UUID(reach) for reach in accounts.reaches(actor.id, Scope.EVENT, roles, clock.today()))


def staffed_events(actor: Actor) -> Mapping[Role, frozenset[UUID]]:
    """Return the ids of the events in which the actor is a trainer or an assessor today, by role."""
    pairs = accounts.role_reaches(actor.id, Scope.EVENT, EVENT_ROLES, clock.today())
    return {role: frozenset(UUID(reach) for own, reach in pairs if own is role) for role in EVENT_ROLES}


def listing(actor: Actor, today: date, filters: Filters | None = None) -> list[WorkshopLine]:
    """Return the announced events to come (or under way) within the actor's scope, the nearest first."""
    query = (
        select(*Workshop.__table__.columns)
        .where(Workshop.state.in_(ACTIVE), Workshop.last_day >= today, scope(actor))
        .order_by(Workshop.first_day, Workshop.code)
        .limit(MOST)
    )
    return [
        WorkshopLine(**line_columns(row)) for row in db.session.execute(query.where(*_narrowing(filters or Filters())))
    ]


def titles(actor: Actor, codes: Collection[str], language: str) -> Mapping[str, str]:
    """Return the titles of the events of these codes within the actor's scope, by code."""
    query = select(Workshop.id, Workshop.code).where(Workshop.code.in_(codes), scope(actor))
    ids = {row[0]: row[1] for row in db.session.execute(query)}
    translations = stored_translations.translations_for(list(ids), language)
    return {code: translations[key, "title"].text for key, code in ids.items() if (key, "title") in translations}


def findable(actor: Actor) -> Mapping[str, Collection[str] | None]:
    """Return the events that search may show an actor because of a role in them."""
    if runs_every_workshop(actor):
        return {SEARCH_KIND: None}
    if not allows(actor, Action.TEACH):
        return {}
    return {SEARCH_KIND: accounts.reaches(actor.id, Scope.EVENT, EVENT_ROLES, clock.today())}


def teaching(actor: Actor) -> list[WorkshopLine]:
    """Return the events of every state that the actor runs or assesses, the newest first."""
    query = select(*Workshop.__table__.columns).order_by(Workshop.first_day.desc(), Workshop.code).limit(MOST)
    if not runs_every_workshop(actor):
        query = query.where(Workshop.id.in_(with_role(actor, *EVENT_ROLES)))
    return [WorkshopLine(**line_columns(row)) for row in db.session.execute(query)]


def own_bookings(actor: Actor) -> list[OwnBooking]:
    """Return the events in which the actor has a seat or waits, the earliest first, past events included.

    Events above the actor's clearance are left out. If there are more than 200, the oldest are left out, too.
    """
    query = (
        select(*Workshop.__table__.columns, *bookings.columns(bookings.own_position()))
        .join(Booking, Booking.workshop_id == Workshop.id)
        .where(Booking.person_id == actor.id, Booking.state.in_(LIVE), _own_scope(actor))
        .order_by(Workshop.first_day.desc(), Workshop.code.desc())
        .limit(MOST)
    )
    rows = reversed(db.session.execute(query).all())
    return [OwnBooking(WorkshopLine(**line_columns(row)), booking_line(row)) for row in rows]


def unreadable_bookings(actor: Actor, now: datetime) -> list[tuple[UUID, date, date]]:
    """Return future events that the actor has booked but may no longer read: id, first and last day.

    A practitioner may read every event that could be booked; for practitioners no query runs.
    """
    if practitioner(actor, None):
        return []
    query = (
        select(Workshop.id, Workshop.first_day, Workshop.last_day)
        .where(*bookings.to_come(now), Booking.person_id == actor.id, not_(_own_scope(actor)))
        .order_by(Workshop.first_day, Workshop.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def certificates(actor: Actor, today: date) -> list[WorkshopLine]:
    """Return the events that ended before today in which the actor earned the certificate, the newest first."""
    query = (
        select(*Workshop.__table__.columns, Booking.id.label("booking_id"))
        .join(Booking, Booking.workshop_id == Workshop.id)
        .where(
            Booking.person_id == actor.id,
            Booking.state == BookingState.SEATED,
            _own_scope(actor),
            Workshop.state.in_((*ACTIVE, WorkshopState.CLOSED)),
            Workshop.last_day < today,
        )
        .order_by(Workshop.last_day.desc(), Workshop.code)
        .limit(MOST)
    )
    rows = db.session.execute(query).all()
    marks = attendance.by_booking([row.booking_id for row in rows])
    earned = [row for row in rows if is_earned(attendance_rate(marks[row.booking_id]), row.attendance_share)]
    return [WorkshopLine(**line_columns(row)) for row in earned]


def outcomes_of(workshops: Collection[UUID]) -> Mapping[UUID, frozenset[tuple[str, Level]]]:
    """Return the competencies that each of these events practises, with the level at which they are scored."""
    query = select(WorkshopOutcome.workshop_id, WorkshopOutcome.competency, WorkshopOutcome.level).where(
        WorkshopOutcome.workshop_id.in_(workshops)
    )
    outcomes_by_workshop: dict[UUID, set[tuple[str, Level]]] = {key: set() for key in workshops}
    for workshop_id, competency, level in db.session.execute(query):
        outcomes_by_workshop[workshop_id].add((competency, level))
    return {key: frozenset(outcomes) for key, outcomes in outcomes_by_workshop.items()}


def event_for_plan(workshop_id: UUID) -> EventLine:
    """Return what the plan counts of an event, or raise NoResultFound."""
    query = select(Workshop.kind, Workshop.host_country, Workshop.closed_at).where(Workshop.id == workshop_id)
    kind, host_country, closed_at = db.session.execute(query).one()
    return EventLine(workshop_id, kind, host_country, closed_at.date() if closed_at else None)


def ids() -> list[UUID]:
    """Return the ids of all events."""
    return list(db.session.scalars(select(Workshop.id).order_by(Workshop.id)))


def _allowed(actor: Actor, action: Action, workshop_id: UUID) -> WorkshopFacts:
    workshop = get(workshop_id)
    if not allows(actor, action, workshop):
        raise NoResultFound
    return workshop


@dataclass(frozen=True, slots=True)
class _UnstaffedWorkshop:
    """An event in which no person has a role."""

    sensitivity: Sensitivity
    trainers: tuple[UUID, ...] = ()
    assessors: tuple[UUID, ...] = ()


def reads(actor: Actor, sensitivity: Sensitivity) -> bool:
    """Return whether the actor may read events of a sensitivity without a role in them."""
    return allows(actor, Action.READ_WORKSHOP, _UnstaffedWorkshop(sensitivity))


def _by_sensitivity(actor: Actor) -> ColumnElement[bool]:
    """Return the scope of an actor without a role in events."""
    readable = [level for level in Sensitivity if reads(actor, level)]
    return Workshop.sensitivity.in_(readable)


def _own_scope(actor: Actor) -> ColumnElement[bool]:
    """Return the scope of the actor's own events: without a role in events, only sensitivity counts."""
    return scope(actor) if allows(actor, Action.TEACH) else _by_sensitivity(actor)


def _narrowing(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind is not None:
        conditions.append(Workshop.kind == filters.kind)
    if filters.language:
        conditions.append((" " + Workshop.languages + " ").contains(f" {filters.language} ", autoescape=True))
    if filters.location == ONLINE:
        conditions.append(Workshop.form == Format.ONLINE)
    elif filters.location:
        conditions.append(and_(Workshop.host_country == filters.location, Workshop.form != Format.ONLINE))
    return conditions


def _sessions(workshop_id: UUID) -> tuple[SessionFacts, ...]:
    query = select(WorkshopSession).where(WorkshopSession.workshop_id == workshop_id).order_by(WorkshopSession.number)
    return tuple(
        SessionFacts(
            row.id,
            row.number,
            row.kind,
            row.day,
            row.starts,
            row.ends,
            row.starts_at,
            row.ends_at,
            row.room,
            row.link,
            row.language,
        )
        for row in db.session.scalars(query)
    )


def _outcomes(workshop_id: UUID) -> tuple[tuple[str, Any], ...]:
    query = (
        select(WorkshopOutcome.competency, WorkshopOutcome.level)
        .where(WorkshopOutcome.workshop_id == workshop_id)
        .order_by(WorkshopOutcome.competency)
    )
    return tuple((row[0], row[1]) for row in db.session.execute(query))
