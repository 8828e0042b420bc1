"""Read the rows of nominations and rounds for a change; call it under the lock of the event's row."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from app.db.session import db
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.events import ACTIVE, OVER, EnrolmentMode, WorkshopState
from app.workshops.domain.nominations import ENDED, LIVE, SEX_KEPT, NominationState
from app.workshops.domain.phases import EventTimes
from app.workshops.models import Nomination, SeatRound, Workshop, WorkshopSession
from app.workshops.queries import event_days
from app.workshops.queries.bookings import first_session_start


def workshop_of(nomination_id: UUID) -> UUID:
    """Return the event of a nomination, or raise NoResultFound."""
    return db.session.scalars(select(Nomination.workshop_id).where(Nomination.id == nomination_id)).one()


def nomination(nomination_id: UUID) -> Nomination:
    """Return a nomination, or raise NoResultFound."""
    query = select(Nomination).where(Nomination.id == nomination_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def live_nomination(workshop_id: UUID, person_id: UUID) -> Nomination | None:
    """Return the nomination of a person that has not ended."""
    query = select(Nomination).where(
        Nomination.workshop_id == workshop_id, Nomination.person_id == person_id, Nomination.state.not_in(ENDED)
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def nominations(workshop_id: UUID, states: Collection[NominationState], *, country: str = "") -> Sequence[Nomination]:
    """Return the nominations of an event in these states, of one country if named, by country and rank."""
    query = select(Nomination).where(Nomination.workshop_id == workshop_id, Nomination.state.in_(states))
    if country:
        query = query.where(Nomination.country == country)
    query = query.order_by(Nomination.country, Nomination.rank, Nomination.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def times_of(workshop: Workshop) -> EventTimes:
    """Return what the phase of an event depends on."""
    starts_at, ends_at = db.session.execute(
        select(func.min(WorkshopSession.starts_at), func.max(WorkshopSession.ends_at)).where(
            WorkshopSession.workshop_id == workshop.id
        )
    ).one()
    return EventTimes(
        state=workshop.state,
        enrolment=workshop.enrolment,
        time_zone=workshop.time_zone,
        starts_at=starts_at,
        ends_at=ends_at,
        nomination_opens=workshop.nomination_opens,
        nomination_deadline=workshop.nomination_deadline,
    )


def count_observers(workshop_id: UUID) -> int:
    """Return how many observers an event has."""
    query = select(func.count()).where(
        Nomination.workshop_id == workshop_id,
        Nomination.seat_source == SeatSource.OBSERVER,
        Nomination.state == NominationState.CONFIRMED,
    )
    return db.session.scalar(query) or 0


def last_round(workshop_id: UUID) -> int:
    """Return the number of the last round of an event, 0 before the selection."""
    return db.session.scalar(select(func.max(SeatRound.number)).where(SeatRound.workshop_id == workshop_id)) or 0


def workshops_with_offers(now: datetime) -> list[UUID]:
    """Return the nominated events to come after their selection, in the order of locks."""
    query = select(Workshop.id).where(
        Workshop.enrolment == EnrolmentMode.NOMINATED,
        Workshop.state.in_(ACTIVE),
        Workshop.id.in_(select(SeatRound.workshop_id)),
        first_session_start() > now,
    )
    return list(db.session.scalars(query.order_by(Workshop.id)))


def workshops_with_answers(today: date) -> list[UUID]:
    """Return the past or cancelled events whose nominations still have answers of the officers."""
    has_answers = Nomination.use_time.is_not(None) | Nomination.language_level.is_not(None) | (Nomination.aim != "")
    has_sex = Nomination.counted_as.is_not(None)
    is_past = event_days.is_past(today) | (Workshop.state == WorkshopState.CANCELLED)
    is_counted = Workshop.state.in_(OVER) | (Workshop.last_day < today - SEX_KEPT)
    query = select(Workshop.id).where(
        is_past,
        Workshop.id.in_(select(Nomination.workshop_id).where(has_answers))
        | (is_counted & Workshop.id.in_(select(Nomination.workshop_id).where(has_sex))),
    )
    return list(db.session.scalars(query.order_by(Workshop.id)))


def live_of_person(person_id: UUID) -> list[UUID]:
    """Return the ids of the events in which a person has a nomination that has not ended, in the order of locks."""
    query = select(Nomination.workshop_id).where(Nomination.person_id == person_id, Nomination.state.in_(LIVE))
    return list(db.session.scalars(query.order_by(Nomination.workshop_id)))
