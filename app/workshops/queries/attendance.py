"""Read attendance marks: the newest of each session and booking counts, a correction is a new row."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.db.session import db
from app.workshops.domain.attendance import ATTENDED, Attendance
from app.workshops.domain.seats import BookingState
from app.workshops.models import AttendanceMark, Booking, WorkshopSession
from app.workshops.shapes import AttendanceLine


def newest(*of: ColumnElement[bool]) -> Select[UUID, UUID, Attendance]:
    """Return a query for the newest mark of each session and booking; `of` restricts it before grouping."""
    return select(AttendanceMark.session_id, AttendanceMark.booking_id, AttendanceMark.mark).where(
        AttendanceMark.id.in_(_newest(*of))
    )


def of_event(workshop_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a mark is of a session of this event."""
    return AttendanceMark.session_id.in_(select(WorkshopSession.id).where(WorkshopSession.workshop_id == workshop_id))


def by_booking(bookings: Collection[UUID]) -> Mapping[UUID, list[Attendance | None]]:
    """Return the newest mark of each session of the events of these bookings, None where there is none."""
    marks_by_booking: dict[UUID, list[Attendance | None]] = {key: [] for key in bookings}
    if not marks_by_booking:
        return marks_by_booking
    query = (
        select(Booking.id, AttendanceMark.mark)
        .join(WorkshopSession, WorkshopSession.workshop_id == Booking.workshop_id)
        .outerjoin(
            AttendanceMark,
            and_(
                AttendanceMark.session_id == WorkshopSession.id,
                AttendanceMark.booking_id == Booking.id,
                AttendanceMark.id.in_(_newest(AttendanceMark.booking_id.in_(bookings))),
            ),
        )
        .where(Booking.id.in_(bookings))
    )
    for booking_id, attendance in db.session.execute(query):
        marks_by_booking[booking_id].append(attendance)
    return marks_by_booking


def sessions_attended(workshop_id: UUID) -> list[AttendanceLine]:
    """Return the attendance of each seated person at each session, excused absences excluded."""
    marks = newest(of_event(workshop_id)).subquery()
    query = (
        select(WorkshopSession.id, WorkshopSession.day, Booking.person_id, marks.c.mark)
        .join(Booking, Booking.workshop_id == WorkshopSession.workshop_id)
        .outerjoin(marks, and_(marks.c.session_id == WorkshopSession.id, marks.c.booking_id == Booking.id))
        .where(WorkshopSession.workshop_id == workshop_id, Booking.state == BookingState.SEATED)
        .order_by(WorkshopSession.number, Booking.seat)
    )
    return [
        AttendanceLine(row[0], row[1], row[2], None if row[3] is None else row[3] in ATTENDED)
        for row in db.session.execute(query)
        if row[3] is not Attendance.EXCUSED
    ]


def _newest(*of: ColumnElement[bool]) -> Select[int]:
    return select(func.max(AttendanceMark.id)).where(*of).group_by(AttendanceMark.session_id, AttendanceMark.booking_id)
