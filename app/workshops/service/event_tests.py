"""Open, take and close the tests before and after an event, under the lock of the event's row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.targets import Target
from app.catalogue.shapes import Outline
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.quizzes.domain.attempts import Purpose
from app.quizzes.service import event_tests as quizzes
from app.workshops.domain.event_tests import QUESTIONS, EventTestPart
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.seats import BookingState
from app.workshops.events import EventTestBegun, EventTestClosed, EventTestOpened
from app.workshops.models import Booking, Workshop
from app.workshops.models.on_the_day import EventTest, EventTestAttempt
from app.workshops.queries import bookings
from app.workshops.service.store import locking

PURPOSES = {EventTestPart.BEFORE: Purpose.EVENT_BEFORE, EventTestPart.AFTER: Purpose.EVENT_AFTER}


def open_test(workshop_id: UUID, part: EventTestPart, outline: Outline | None, *, by: UUID, now: datetime) -> None:
    """Open a test for the participants and notify them; a closed test is opened again.

    The test after the event asks questions of the same course version as the test before it. Raises DomainError for
    an event that is not announced, without a course, and for a bank with too few questions.
    """
    workshop = locking.lock_workshop(workshop_id)
    _check_active(workshop)
    row = db.session.get(EventTest, (workshop_id, part))
    if row is not None:
        if row.closed_at is None:
            return
        row.closed_at = None
    else:
        version_id = _version(workshop_id, part, outline)
        db.session.add(
            EventTest(
                workshop_id=workshop_id, part=part, version_id=version_id, items=QUESTIONS, opened_by=by, opened_at=now
            )
        )
    _tell(workshop, part, now)
    record(EventTestOpened(at=now, actor_id=by, workshop_id=workshop_id, part=str(part)))


def close_test(workshop_id: UUID, part: EventTestPart, *, by: UUID, now: datetime) -> None:
    """Close a test and submit the attempts that are open; a closed test does not change."""
    locking.lock_workshop(workshop_id)
    row = db.session.get(EventTest, (workshop_id, part))
    if row is None:
        raise NoResultFound
    if row.closed_at is not None:
        return
    row.closed_at = now
    query = select(EventTestAttempt.attempt_id).where(
        EventTestAttempt.workshop_id == workshop_id, EventTestAttempt.part == part
    )
    quizzes.hand_in(list(db.session.scalars(query)), now)
    record(EventTestClosed(at=now, actor_id=by, workshop_id=workshop_id, part=str(part)))


def begin(workshop_id: UUID, part: EventTestPart, person_id: UUID, *, language: str, now: datetime) -> UUID:
    """Begin the test of an event, or return the attempt that the participant began.

    Raises NoResultFound without a seat or test, DomainError for a closed test that was not begun.
    """
    locking.lock_workshop(workshop_id)
    booking = _seat(workshop_id, person_id)
    test = db.session.get(EventTest, (workshop_id, part))
    if test is None:
        raise NoResultFound
    existing = db.session.get(EventTestAttempt, (workshop_id, part, booking.id))
    if existing is not None:
        return existing.attempt_id
    if test.closed_at is not None:
        raise DomainError("This test is closed.")
    attempt_id = quizzes.start(
        person_id=person_id,
        version_id=test.version_id,
        language=language,
        purpose=PURPOSES[part],
        items=test.items,
        now=now,
    )
    db.session.add(EventTestAttempt(workshop_id=workshop_id, part=part, booking_id=booking.id, attempt_id=attempt_id))
    record(EventTestBegun(at=now, actor_id=person_id, workshop_id=workshop_id, part=str(part), person_id=person_id))
    return attempt_id


def _version(workshop_id: UUID, part: EventTestPart, outline: Outline | None) -> UUID:
    before = db.session.get(EventTest, (workshop_id, EventTestPart.BEFORE))
    if part is EventTestPart.AFTER and before is not None:
        return before.version_id
    if outline is None:
        raise DomainError("Choose the course whose questions are asked.")
    for purpose in PURPOSES.values():
        quizzes.draw(outline, outline.facts.source_language, purpose, items=QUESTIONS, seed=0)
    return outline.version_id


def _check_active(workshop: Workshop) -> None:
    if workshop.state not in ACTIVE:
        raise DomainError("A test is opened for an event that is announced and not closed.")


def _seat(workshop_id: UUID, person_id: UUID) -> Booking:
    query = select(Booking).where(
        Booking.workshop_id == workshop_id, Booking.person_id == person_id, Booking.state == BookingState.SEATED
    )
    return db.session.scalars(query).one()


def _tell(workshop: Workshop, part: EventTestPart, now: datetime) -> None:
    messages.tell_all(
        [booking.person_id for booking in bookings.seated(workshop.id)],
        NoticeKind.EVENT_TEST_OPENED,
        occasion=f"event-test:{workshop.id}:{part}",
        facts={"workshop": workshop.code},
        path=ports().path_to(Target.WORKSHOP, workshop.id),
        now=now,
    )
