"""Declare the personal data in the tables of events, for the export of a person's own data by `privacy`."""

from app.db.personal_data import PersonalDataTable
from app.workshops.models import Assessment, AttendanceMark, Booking, Workshop, WorkshopHistory

# seats, attendance and scores; for actions of staff only their kind and day
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable("bookings", "Seats and positions on waiting lists.", Booking, (Booking.person_id,)),
    PersonalDataTable(
        "attendance",
        "How you were at each session.",
        AttendanceMark,
        (Booking.person_id,),
        through=(Booking, Booking.id == AttendanceMark.booking_id),
    ),
    PersonalDataTable(
        "assessments",
        "How you were scored.",
        Assessment,
        (Booking.person_id,),
        texts=frozenset({"scores"}),
        through=(Booking, Booking.id == Assessment.booking_id),
    ),
    PersonalDataTable(
        "attendance_kept",
        "Attendance of others that you recorded.",
        AttendanceMark,
        (AttendanceMark.recorded_by,),
        keep=("session_id", "recorded_at"),
    ),
    PersonalDataTable(
        "assessments_made",
        "Scores that you gave to others.",
        Assessment,
        (Assessment.assessor_id,),
        keep=("workshop_id", "competency", "level", "made_at"),
    ),
    PersonalDataTable(
        "event_steps",
        "Events that you closed or reopened, and questions about them to the coordinators.",
        WorkshopHistory,
        (WorkshopHistory.person_id,),
        keep=("workshop_id", "kind", "at"),
    ),
    PersonalDataTable(
        "events_made",
        "Events that you wrote or cleared.",
        Workshop,
        (Workshop.made_by, Workshop.changed_by, Workshop.cleared_by),
        keep=("id", "code", "kind", "state", "made_at"),
    ),
)
