"""Read attendance lists that devices sent, and sessions whose attendance is due."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import and_, select

from app.db.session import db
from app.kernel.shapes import ready
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.attendance_lists import RECORDED_WITHIN, REMINDED_BEFORE
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.seats import BookingState
from app.workshops.models import AttendanceMark, Booking, Workshop, WorkshopSession
from app.workshops.models.on_the_day import AttendanceList

Conflicts = dict[UUID, Attendance]
ready(Conflicts)


@dataclass(frozen=True, slots=True)
class OpenConflicts:
    """The marks of a sent list that wait for a decision, by booking."""

    key: UUID
    recorded_by: UUID
    taken_at: datetime
    marks: Conflicts


def open_conflicts(session_id: UUID) -> list[OpenConflicts]:
    """Return the lists of a session with marks that wait for a decision, the earliest first."""
    query = (
        select(AttendanceList)
        .where(
            AttendanceList.session_id == session_id,
            AttendanceList.settled_at.is_(None),
            AttendanceList.conflicts != "{}",
        )
        .order_by(AttendanceList.received_at)
    )
    return [
        OpenConflicts(row.key, row.recorded_by, row.taken_at, msgspec.json.decode(row.conflicts, type=Conflicts))
        for row in db.session.scalars(query)
    ]


@dataclass(frozen=True, slots=True)
class DueSession:
    """A session whose attendance is missing for a participant, on the last day before the deadline."""

    workshop_id: UUID
    code: str
    time_zone: str
    session_id: UUID
    number: int
    ends_at: datetime


def due_sessions(now: datetime) -> list[DueSession]:
    """Return the sessions with missing attendance whose deadline is within a day."""
    without_mark = (
        select(Booking.id)
        .outerjoin(
            AttendanceMark,
            and_(AttendanceMark.booking_id == Booking.id, AttendanceMark.session_id == WorkshopSession.id),
        )
        .where(
            Booking.workshop_id == WorkshopSession.workshop_id,
            Booking.state == BookingState.SEATED,
            AttendanceMark.id.is_(None),
        )
        .correlate(WorkshopSession)
    )
    query = (
        select(
            Workshop.id, Workshop.code, Workshop.time_zone, WorkshopSession.id, WorkshopSession.number,
            WorkshopSession.ends_at,
        )
        .join(WorkshopSession, WorkshopSession.workshop_id == Workshop.id)
        .where(
            Workshop.state.in_(ACTIVE),
            WorkshopSession.ends_at > now - RECORDED_WITHIN,
            WorkshopSession.ends_at <= now - RECORDED_WITHIN + REMINDED_BEFORE,
            without_mark.exists(),
        )
        .order_by(WorkshopSession.ends_at, WorkshopSession.id)
    )  # fmt: skip
    return [DueSession(*row) for row in db.session.execute(query)]
