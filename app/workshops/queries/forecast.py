"""Read what the forecast of the plan needs of events: seats taken, competencies practised, results of past events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Subquery, and_, func, select

from app.catalogue.domain.items import Level
from app.db.session import db
from app.identity.queries import postings as accounts
from app.workshops.domain.attendance import ATTENDED
from app.workshops.domain.events import ACTIVE, WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.models import Assessment, Booking, Workshop, WorkshopOutcome
from app.workshops.queries import attendance

Aim = tuple[str, Level]


@dataclass(frozen=True, slots=True)
class TakenSeat:
    """A seat taken in an announced event to come."""

    workshop_id: UUID
    activity: str
    last_day: date
    person_id: UUID
    roles: str


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """The results of the closed events of an activity: seats, officers who attended, were scored, passed."""

    seats: int = 0
    attended: int = 0
    scored: int = 0
    passed: int = 0


def taken_seats(today: date, last: date, *, country: str = "") -> list[TakenSeat]:
    """Return the seats in announced workshops that end after today and by a last day, with the officers' roles."""
    serving = accounts.serving_with_roles(last, country)
    query = (
        select(Workshop.id, Workshop.activity, Workshop.last_day, Booking.person_id, serving.c.roles)
        .join(Booking, Booking.workshop_id == Workshop.id)
        .join(serving, serving.c.person_id == Booking.person_id)
        .where(
            Workshop.state.in_(ACTIVE),
            Workshop.kind == WorkshopKind.WORKSHOP,
            Workshop.last_day > today,
            Workshop.last_day <= last,
            Booking.state == BookingState.SEATED,
        )
        .order_by(Workshop.last_day, Workshop.code, Booking.seat)
    )
    return [TakenSeat(*row) for row in db.session.execute(query)]


def practised_by_activity() -> Mapping[str, frozenset[Aim]]:
    """Return the competencies with levels that the workshops of each activity practise, cancelled ones left out."""
    query = (
        select(Workshop.activity, WorkshopOutcome.competency, WorkshopOutcome.level)
        .join(WorkshopOutcome, WorkshopOutcome.workshop_id == Workshop.id)
        .where(Workshop.activity != "", Workshop.state != WorkshopState.CANCELLED)
        .distinct()
    )
    aims: dict[str, set[Aim]] = {}
    for activity, competency, level in db.session.execute(query):
        aims.setdefault(activity, set()).add((competency, level))
    return {activity: frozenset(outcomes) for activity, outcomes in aims.items()}


def records_by_activity(since: date, pass_share: float) -> Mapping[str, ActivityRecord]:
    """Return the results of the workshops that closed after a day, by activity; a pass is the least share of scores."""
    attended, scores = _attended(), _scores()
    query = (
        select(Workshop.activity, attended.c.booking_id.is_not(None), scores.c.least)
        .join(Booking, Booking.workshop_id == Workshop.id)
        .outerjoin(attended, attended.c.booking_id == Booking.id)
        .outerjoin(scores, scores.c.booking_id == Booking.id)
        .where(
            Workshop.state == WorkshopState.CLOSED,
            Workshop.last_day > since,
            Workshop.activity != "",
            Booking.state == BookingState.SEATED,
        )
    )
    records: dict[str, ActivityRecord] = {}
    for activity, is_attended, least in db.session.execute(query):
        is_scored = least is not None
        record = records.get(activity, ActivityRecord())
        records[activity] = ActivityRecord(
            seats=record.seats + 1,
            attended=record.attended + bool(is_attended),
            scored=record.scored + is_scored,
            passed=record.passed + (is_scored and least >= pass_share),
        )
    return records


def _attended() -> Subquery:
    """Return the bookings whose officers attended a session."""
    newest = attendance.newest().subquery()
    return select(newest.c.booking_id).where(newest.c.mark.in_(ATTENDED)).distinct().subquery()


def _scores() -> Subquery:
    """Return the least of the newest shares of each booking."""
    key = (Assessment.booking_id, Assessment.competency, Assessment.level, Assessment.assessor_id)
    newest = select(*key, func.max(Assessment.number).label("number")).group_by(*key).subquery()
    same = (*(column == newest.c[column.key] for column in key), Assessment.number == newest.c.number)
    query = select(Assessment.booking_id, func.min(Assessment.share).label("least")).join(newest, and_(*same))
    return query.group_by(Assessment.booking_id).subquery()
