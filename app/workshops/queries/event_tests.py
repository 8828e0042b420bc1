"""Read the tests before and after an event: their state, who took them, and the gain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.quizzes.queries import event_tests as quizzes
from app.workshops.domain import event_tests
from app.workshops.domain.event_tests import EventGain, EventTestPart
from app.workshops.domain.seats import BookingState
from app.workshops.models import Booking
from app.workshops.models.on_the_day import EventTest, EventTestAttempt


@dataclass(frozen=True, slots=True)
class EventTestLine:
    """A test of an event; `closed_at` is None while it is open."""

    part: EventTestPart
    version_id: UUID
    items: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventResults:
    """The number of submitted attempts by part, and the gain, None for fewer than five pairs."""

    submitted: Mapping[EventTestPart, int]
    gain: EventGain | None


def tests_of(workshop_id: UUID) -> Mapping[EventTestPart, EventTestLine]:
    """Return the tests of an event that were opened."""
    query = select(
        EventTest.part, EventTest.version_id, EventTest.items, EventTest.opened_at, EventTest.closed_at
    ).where(EventTest.workshop_id == workshop_id)
    return {row[0]: EventTestLine(*row) for row in db.session.execute(query)}


def own_attempts(booking_id: UUID) -> Mapping[EventTestPart, tuple[UUID, bool]]:
    """Return the attempts of a participant by part, each with whether it is submitted."""
    query = select(EventTestAttempt.part, EventTestAttempt.attempt_id).where(EventTestAttempt.booking_id == booking_id)
    attempts = {row[0]: row[1] for row in db.session.execute(query)}
    scores = quizzes.scores(attempts.values())
    return {part: (attempt_id, scores.get(attempt_id) is not None) for part, attempt_id in attempts.items()}


def results(workshop_id: UUID) -> EventResults:
    """Return how many seated people submitted each test, and the gain of those who submitted both."""
    query = (
        select(EventTestAttempt.part, Booking.person_id, EventTestAttempt.attempt_id)
        .join(Booking, Booking.id == EventTestAttempt.booking_id)
        .where(EventTestAttempt.workshop_id == workshop_id, Booking.state == BookingState.SEATED)
    )
    rows = db.session.execute(query).all()
    scores = quizzes.scores([row[2] for row in rows])
    by_part: dict[EventTestPart, dict[UUID, float]] = {part: {} for part in EventTestPart}
    for part, person_id, attempt_id in rows:
        score = scores.get(attempt_id)
        if score is not None:
            by_part[part][person_id] = score
    gain = event_tests.gain(by_part[EventTestPart.BEFORE], by_part[EventTestPart.AFTER])
    return EventResults({part: len(people) for part, people in by_part.items()}, gain)
