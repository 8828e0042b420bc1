"""Events that took place, with participants who attended, for tests of what follows an event."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.kernel import clock
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.domain.follow_up import DeedAnswer, FollowUpAnswers, Occasion
from app.workshops.models import AttendanceMark, Workshop, WorkshopSession
from app.workshops.queries import bookings
from app.workshops.service import commitments, evaluations, follow_ups
from tests.support import factories, workshop_events
from tests.support.settings import NOW

SOON = (NOW.date() + timedelta(days=20)).isoformat()
FOLLOW_UP_FIELDS = {
    "occasion": "often",
    "passed_on": "2",
    "referral": "yes",
    "capture": "no",
    "request": "no_occasion",
    "contacted": "yes",
}


def took_place(people: Sequence[UUID], *, days_ago: int = 1, **more: Any) -> UUID:
    """Return an event for any officer whose last day was so many days ago and that all these people attended."""
    workshop_id = workshop_events.announced(capacity=max(2, len(people)), roles=(), **more)
    for person_id in people:
        workshop_events.seat(workshop_id, person_id)
    with transaction():
        workshop = db.session.get_one(Workshop, workshop_id)
        back = workshop.last_day - (clock.today() - timedelta(days=days_ago))
        workshop.first_day, workshop.last_day = workshop.first_day - back, workshop.last_day - back
        workshop.booking_until -= back
        for session in db.session.query(WorkshopSession).filter_by(workshop_id=workshop_id):
            session.day, session.starts_at = session.day - back, session.starts_at - back
            session.ends_at -= back
            for booking in bookings.seated(workshop_id):
                db.session.add(_mark(session.id, booking.id, booking.person_id))
    db.session.rollback()
    return workshop_id


def supervisor() -> UUID:
    """Return a new supervisor in Iraq."""
    return factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))


def _mark(session_id: UUID, booking_id: UUID, person_id: UUID) -> AttendanceMark:
    return AttendanceMark(
        session_id=session_id,
        booking_id=booking_id,
        mark=Attendance.PRESENT,
        recorded_by=person_id,
        recorded_at=clock.now(),
    )


def evaluate(workshop_id: UUID, person_id: UUID, use: int = 4, keep: str = "") -> bool:
    """Answer the evaluation of an event with the same score for all statements."""
    with transaction():
        return evaluations.answer(workshop_id, person_id, EvaluationAnswers((use,) * 10, (keep, "", "")), clock.now())


def open_evaluation(workshop_id: UUID) -> int:
    """Open the evaluation of an event."""
    with transaction():
        return evaluations.open_evaluation(workshop_id, clock.now())


def open_follow_up(workshop_id: UUID) -> int:
    """Open the follow-up of an event."""
    with transaction():
        return follow_ups.open_follow_up(workshop_id, clock.now())


def undertake(workshop_id: UUID, person_id: UUID, *, is_done: bool = False) -> UUID:
    """Make the first commitment of a participant, and end it if asked; return its id."""
    with transaction():
        commitment = commitments.make_commitment(
            workshop_id, person_id, text="A card", due=clock.today() + timedelta(days=30), now=clock.now()
        )
        commitment_id = commitment.id
        if is_done:
            commitments.end_commitment(
                workshop_id, person_id, 1, state=CommitmentState.DONE, note="In use", now=clock.now()
            )
    return commitment_id


def reports(**more: Any) -> FollowUpAnswers:
    """Return answers to a follow-up."""
    values: dict[str, Any] = {
        "occasion": Occasion.OFTEN,
        "referral": DeedAnswer.YES,
        "capture": DeedAnswer.NO,
        "request": DeedAnswer.NO_OCCASION,
        "contacted": True,
        "passed_on": 3,
    }
    return FollowUpAnswers(**values | more)
