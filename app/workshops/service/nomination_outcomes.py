"""Record from the attendance which nominees took part, when a nominated event is closed."""

from collections.abc import Collection
from datetime import datetime

from app.workshops.domain.attendance import Attendance, attendance_rate, is_earned
from app.workshops.domain.nominations import TOOK_PART, NominationState, NominationStep
from app.workshops.models import Workshop
from app.workshops.queries import attendance
from app.workshops.service import nomination_steps as steps
from app.workshops.service.store import nominations as store

OUTCOMES = {
    NominationStep.ATTEND: NominationState.ATTENDED,
    NominationStep.ATTEND_PARTLY: NominationState.PARTLY_ATTENDED,
    NominationStep.MISS: NominationState.NO_SHOW,
}


def record_outcomes(workshop: Workshop, now: datetime) -> None:
    """Record from the attendance who took part, again after a correction.

    Only a person who is marked as absent at every session is a no-show: an excuse is a notice.
    """
    rows = [row for row in store.nominations(workshop.id, (NominationState.CONFIRMED, *TOOK_PART)) if row.booking_id]
    marks = attendance.by_booking([row.booking_id for row in rows if row.booking_id])
    for row in rows:
        step = _outcome(marks[row.booking_id] if row.booking_id else (), workshop.attendance_share)
        if row.state is not OUTCOMES[step]:
            steps.take(row, step, by=None, now=now)


def _outcome(marks: Collection[Attendance | None], needed: float) -> NominationStep:
    if is_earned(attendance_rate(marks), needed):
        return NominationStep.ATTEND
    if marks and all(mark is Attendance.ABSENT for mark in marks):
        return NominationStep.MISS
    return NominationStep.ATTEND_PARTLY
