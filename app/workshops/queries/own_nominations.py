"""Read the actor's own nominations: of one event, or of all events to come, with the place on the waiting list."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased

from app.access.policy import Action, Actor, allows, practitioner
from app.db.session import db
from app.kernel import clock
from app.messages import queries as messages
from app.rights.queries import supervision
from app.workshops.domain import times
from app.workshops.domain.eligibility import Obstacle
from app.workshops.domain.events import PUBLISHED, EnrolmentMode
from app.workshops.domain.nominations import EventDeadlines, LanguageLevel, NominationState
from app.workshops.models import Nomination, SeatDecision, SeatRound, Workshop
from app.workshops.queries import event_days, nominations, workshops
from app.workshops.queries.bookings import first_session_start
from app.workshops.queries.nominations import EventRequirementRow
from app.workshops.shapes import OwnNomination, OwnNominationLine, WorkshopFacts, WorkshopLine, line_columns

COLUMNS = (
    Nomination.id, Nomination.workshop_id, Nomination.person_id, Nomination.state, Nomination.rank,
    Nomination.use_time, Nomination.language_level, Nomination.aim, Nomination.counted_as, Nomination.nominated_at,
    Nomination.decision_reason, Nomination.offered_until, Nomination.seat_source,
    Nomination.admitted_by.is_not(None).label("is_admitted"),
)  # fmt: skip


def nominated_event(actor: Actor, workshop_id: UUID) -> WorkshopFacts:
    """Return an event with nominations for a practitioner who may read it, or raise NoResultFound."""
    workshop = workshops.visible(actor, workshop_id)
    if workshop.enrolment is not EnrolmentMode.NOMINATED or not allows(actor, Action.EXPRESS_INTEREST, workshop):
        raise NoResultFound
    return workshop


def own(actor: Actor, workshop_id: UUID) -> OwnNomination:
    """Return the actor's newest nomination for an event, or raise NoResultFound."""
    nomination = newest(actor.id, workshop_id)
    if nomination is None:
        raise NoResultFound
    return nomination


def newest(person_id: UUID, workshop_id: UUID) -> OwnNomination | None:
    """Return the newest nomination of a person for an event."""
    query = select(*COLUMNS, _waiting_place()).where(
        Nomination.person_id == person_id, Nomination.workshop_id == workshop_id
    )
    row = db.session.execute(query.order_by(Nomination.made_at.desc(), Nomination.changed_at.desc()).limit(1)).first()
    return None if row is None else _own(dict(row._mapping))  # noqa: SLF001 - that is its public name


def to_come(actor: Actor, now: datetime) -> list[OwnNominationLine]:
    """Return the newest nominations of the actor for each event to come that the actor may read, the nearest first."""
    query = (
        select(*Workshop.__table__.columns, *_labelled(), _waiting_place(), first_session_start().label("begins_at"))
        .join(Nomination, Nomination.workshop_id == Workshop.id)
        .where(*_to_come(actor.id, now.date()), workshops.scope(actor))
        .order_by(Workshop.first_day, Workshop.code, Nomination.made_at, Nomination.changed_at)
    )
    rows = {row.id: row for row in db.session.execute(query)}
    asked = any(row.own_state is NominationState.INTERESTED for row in rows.values())
    has_supervisor = asked and bool(supervision.supervisors_of(actor.id, now.date()) - {actor.id})
    return [_line(row, has_supervisor=has_supervisor) for row in rows.values()]


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query that counts the actor's nominations for events to come."""
    return {"own_nominations": _counting(actor.id)} if practitioner(actor, None) else {}


def counted_with_unread(actor: Actor) -> tuple[int, int]:
    """Return how many nominations for events to come the actor has, and how many unread notices, in one statement."""
    counts = (_counting(actor.id).scalar_subquery(), messages.counting_unread(actor.id).scalar_subquery())
    row = db.session.execute(select(*counts)).one()
    return row[0], row[1]


def obstacles(
    workshop: WorkshopFacts,
    person_id: UUID,
    language_level: LanguageLevel | None,
    today: date,
    own_roles: Sequence[str] | None = None,
) -> list[Obstacle]:
    """Return what a person lacks for an event; `own_roles` are the roles of the framework if they were read before."""
    known_roles = None if own_roles is None else {person_id: own_roles}
    lacks = nominations.obstacles(_requirements(workshop), {person_id: language_level}, today, known_roles)
    return lacks[person_id]


def _requirements(workshop: WorkshopFacts) -> EventRequirementRow:
    """Return the requirements of an event as its row has them."""
    return EventRequirementRow(
        id=workshop.id,
        roles=" ".join(workshop.roles),
        prerequisites=" ".join(workshop.prerequisites),
        competencies=" ".join(workshop.competencies),
        sensitivity=workshop.sensitivity,
        languages=" ".join(workshop.languages),
    )


def deadlines(workshop: WorkshopFacts) -> EventDeadlines:
    """Return what the next step of a nomination depends on."""
    rules = workshop.nomination
    reallocation = rules.reallocation if rules else None
    return _deadlines(workshop, workshop.starts_at, reallocation)


def _line(row: Any, *, has_supervisor: bool) -> OwnNominationLine:
    workshop = WorkshopLine(**line_columns(row))
    values = {name.removeprefix("own_"): value for name, value in row._mapping.items() if name.startswith("own_")}  # noqa: SLF001
    nomination = _own(values | {"waiting_place": row.waiting_place})
    return OwnNominationLine(
        workshop, nomination, _deadlines(workshop, row.begins_at, row.reallocation_date), has_supervisor
    )


def _deadlines(workshop: WorkshopLine, starts_at: datetime, reallocation: date | None) -> EventDeadlines:
    zone = workshop.time_zone
    closes = times.end_of(workshop.nomination_deadline, zone) if workshop.nomination_deadline else starts_at
    return EventDeadlines(
        state=workshop.state,
        closes_at=min(closes, starts_at),
        reallocates_at=times.end_of(reallocation, zone) if reallocation else None,
        starts_at=starts_at,
    )


def _own(values: Mapping[str, Any]) -> OwnNomination:
    return OwnNomination(**dict(values) | {"waiting_place": values["waiting_place"] or None})


def _labelled() -> list[Any]:
    """Return the columns of a nomination under names that no column of an event has."""
    return [column.label(f"own_{column.key}") for column in COLUMNS]


def _to_come(person_id: UUID, today: date) -> tuple[Any, ...]:
    return (Nomination.person_id == person_id, Workshop.state.in_(PUBLISHED), event_days.is_to_come(today))


def _counting(person_id: UUID) -> Select[int]:
    query = select(func.count()).select_from(Nomination).join(Workshop, Workshop.id == Nomination.workshop_id)
    return query.where(*_to_come(person_id, clock.today()))


def _waiting_place() -> ColumnElement[Any]:
    """Return the place on the waiting list by the last round; 0 or NULL for people who do not wait."""
    own_decision, decision, waiting = aliased(SeatDecision), aliased(SeatDecision), aliased(Nomination)
    last_round = (
        select(SeatRound.id)
        .where(SeatRound.workshop_id == Nomination.workshop_id)
        .order_by(SeatRound.number.desc())
        .limit(1)
        .correlate(Nomination)
        .scalar_subquery()
    )
    before = (
        select(func.count())
        .select_from(own_decision)
        .join(decision, decision.round_id == own_decision.round_id)
        .join(waiting, waiting.id == decision.nomination_id)
        .where(
            own_decision.nomination_id == Nomination.id,
            own_decision.round_id == last_round,
            decision.reserve <= own_decision.reserve,
            waiting.state == NominationState.WAITLISTED,
        )
        .correlate(Nomination)
        .scalar_subquery()
    )
    return case((Nomination.state == NominationState.WAITLISTED, before)).label("waiting_place")
