"""Declare the personal data in the tables of events, for the export of a person's own data by `privacy`."""

from app.db.personal_data import PersonalDataTable
from app.workshops.models import (
    Assessment,
    AttendanceMark,
    Booking,
    Commitment,
    EvaluationRequest,
    FollowUp,
    Nomination,
    NominationChange,
    SeatDecision,
    SeatRound,
    VisitReport,
    Workshop,
    WorkshopHistory,
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
    # until the evaluation is closed; no row of `evaluation` names a person
    PersonalDataTable(
        "evaluations_asked",
        "Events that you may evaluate, and whether you did; your answers carry no name.",
        EvaluationRequest,
        (EvaluationRequest.person_id,),
    ),
    PersonalDataTable(
        "follow_ups",
        "What you answered months after an event, and what a supervisor saw.",
        FollowUp,
        (FollowUp.person_id,),
        leave=("supervised_by", "reminders"),
    ),
    PersonalDataTable(
        "follow_ups_supervised",
        "Officers about whom you answered after an event.",
        FollowUp,
        (FollowUp.supervised_by,),
        keep=("workshop_id", "supervised_on"),
    ),
    PersonalDataTable(
        "commitments",
        "What you undertook at study visits.",
        Commitment,
        (Commitment.person_id,),
        leave=("confirmed_by",),
    ),
    PersonalDataTable(
        "commitments_confirmed",
        "Commitments of others that you confirmed.",
        Commitment,
        (Commitment.confirmed_by,),
        keep=("workshop_id", "confirmed_on"),
    ),
    PersonalDataTable(
        "visit_reports",
        "Reports of study visits that you wrote or whose summary you approved.",
        VisitReport,
        (VisitReport.written_by, VisitReport.approved_by),
        keep=("workshop_id", "written_at", "approved_at"),
    ),
    PersonalDataTable(
        "events_made",
        "Events that you wrote or cleared.",
        Workshop,
        (Workshop.made_by, Workshop.changed_by, Workshop.cleared_by),
        keep=("id", "code", "kind", "state", "made_at"),
    ),
)
