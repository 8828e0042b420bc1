"""Declare the personal data in the tables of events, for the export of a person's own data by `privacy`."""

from app.db.personal_data import PersonalDataTable
from app.workshops.models import (
    Assessment,
    AttendanceMark,
    Booking,
    Nomination,
    NominationChange,
    SeatDecision,
    SeatRound,
    Workshop,
    WorkshopHistory,
)
from app.workshops.models.cascades import CascadeOfficer, CascadeSession
from app.workshops.models.documents import (
    EventFile,
    EventMessage,
    EventMessageRecipient,
    ParticipantNeeds,
    ParticipantTravel,
)
from app.workshops.models.on_the_day import (
    AttendanceList,
    CheckIn,
    CheckInCode,
    EventTest,
    EventTestAttempt,
    RubricSheet,
)

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
        "nominations", "Events that you were interested in or nominated for.", Nomination, (Nomination.person_id,)
    ),
    PersonalDataTable(
        "nomination_changes",
        "How your nominations changed.",
        NominationChange,
        (Nomination.person_id,),
        through=(Nomination, Nomination.id == NominationChange.nomination_id),
    ),
    # without the values of other nominees
    PersonalDataTable(
        "seat_decisions",
        "Decisions about your seat in an event.",
        SeatDecision,
        (Nomination.person_id,),
        leave=("competitors",),
        through=(Nomination, Nomination.id == SeatDecision.nomination_id),
    ),
    PersonalDataTable(
        "event_travel",
        "Your visa and travel dates for events to come.",
        ParticipantTravel,
        (ParticipantTravel.person_id,),
    ),
    PersonalDataTable(
        "event_needs",
        "Your diet and access needs for events to come.",
        ParticipantNeeds,
        (ParticipantNeeds.person_id,),
    ),
    PersonalDataTable(
        "event_messages",
        "Messages about events that you got.",
        EventMessageRecipient,
        (EventMessageRecipient.person_id,),
    ),
    PersonalDataTable(
        "event_messages_sent",
        "Messages about events that you wrote.",
        EventMessage,
        (EventMessage.sender_id,),
        keep=("workshop_id", "subject", "text", "sent_at"),
    ),
    PersonalDataTable(
        "event_files",
        "Files for participants that you added or withdrew.",
        EventFile,
        (EventFile.person_id, EventFile.withdrawn_by),
        keep=("workshop_id", "title", "uploaded_at", "withdrawn_at"),
    ),
    PersonalDataTable(
        "event_travel_entered",
        "Visa and travel dates of others that you entered.",
        ParticipantTravel,
        (ParticipantTravel.changed_by,),
        keep=("workshop_id", "changed_at"),
    ),
    PersonalDataTable(
        "nominations_decided",
        "Nominations of others that you endorsed, made or decided.",
        Nomination,
        (Nomination.endorsed_by, Nomination.nominated_by, Nomination.admitted_by, Nomination.decided_by),
        keep=("workshop_id", "state", "made_at"),
    ),
    PersonalDataTable(
        "nomination_steps",
        "Changes of nominations that you made.",
        NominationChange,
        (NominationChange.changed_by,),
        keep=("nomination_id", "to_state", "at"),
    ),
    PersonalDataTable(
        "seat_rounds",
        "Events whose seats you shared among countries.",
        SeatRound,
        (SeatRound.made_by,),
        keep=("workshop_id", "number", "made_at"),
    ),
    PersonalDataTable(
        "seat_exceptions",
        "Nominees whom you set in or left out.",
        SeatDecision,
        (SeatDecision.exception_by,),
        keep=("nomination_id", "reason"),
    ),
    PersonalDataTable(
        "events_made",
        "Events that you wrote or cleared.",
        Workshop,
        (Workshop.made_by, Workshop.changed_by, Workshop.cleared_by),
        keep=("id", "code", "kind", "state", "made_at"),
    ),
    PersonalDataTable(
        "check_ins",
        "When you checked in at sessions.",
        CheckIn,
        (Booking.person_id,),
        through=(Booking, Booking.id == CheckIn.booking_id),
    ),
    PersonalDataTable(
        "event_test_attempts",
        "Tests before and after events that you took.",
        EventTestAttempt,
        (Booking.person_id,),
        through=(Booking, Booking.id == EventTestAttempt.booking_id),
    ),
    # incomplete scores are notes of the assessor
    PersonalDataTable(
        "assessor_comments",
        "Comments of assessors for you.",
        RubricSheet,
        (Booking.person_id,),
        leave=("scores",),
        through=(Booking, Booking.id == RubricSheet.booking_id),
    ),
    PersonalDataTable(
        "check_in_codes_opened",
        "Sessions whose check-in you opened.",
        CheckInCode,
        (CheckInCode.opened_by,),
        keep=("session_id", "opened_at"),
    ),
    PersonalDataTable(
        "check_ins_decided",
        "Check-ins of others that you confirmed or declined.",
        CheckIn,
        (CheckIn.decided_by,),
        keep=("session_id", "state", "decided_at"),
    ),
    PersonalDataTable(
        "attendance_lists",
        "Attendance lists that your device sent.",
        AttendanceList,
        (AttendanceList.recorded_by,),
        keep=("session_id", "taken_at", "received_at"),
    ),
    PersonalDataTable(
        "rubric_sheets",
        "Sheets of others that you filled in.",
        RubricSheet,
        (RubricSheet.assessor_id,),
        keep=("competency", "saved_at"),
    ),
    PersonalDataTable(
        "event_tests_opened",
        "Tests of events that you opened.",
        EventTest,
        (EventTest.opened_by,),
        keep=("workshop_id", "part", "opened_at"),
    ),
    PersonalDataTable(
        "cascade_sessions", "National sessions that you recorded.", CascadeSession, (CascadeSession.person_id,)
    ),
    PersonalDataTable(
        "cascade_participations",
        "National sessions in which you took part.",
        CascadeOfficer,
        (CascadeOfficer.person_id,),
    ),
)
