"""Tables of events: workshop, session, outcome, booking, attendance, assessment, history. Titles are translations."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.db.base import Base, Keyed, Numbered, text_enum
from app.workshops.domain.allocation import CountedAs, ExceptionCategory, Reason, SeatSource
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import (
    EnrolmentMode,
    Format,
    HistoryKind,
    SessionKind,
    Unanswered,
    WorkshopKind,
    WorkshopState,
)
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState, RoundKind, UseTime
from app.workshops.domain.seats import BookingState
from app.workshops.models.afterwards import (
    Commitment,
    Evaluation,
    EvaluationRequest,
    EventAfterwards,
    FollowUp,
    VisitReport,
)

__all__ = [
    "Assessment",
    "AttendanceMark",
    "Booking",
    "Commitment",
    "Evaluation",
    "EvaluationRequest",
    "EventAfterwards",
    "FollowUp",
    "Nomination",
    "NominationChange",
    "SeatDecision",
    "SeatRound",
    "VisitReport",
    "Workshop",
    "WorkshopHistory",
    "WorkshopOutcome",
    "WorkshopSession",
]


class Workshop(Keyed):
    """A workshop or study visit. Days are local to `time_zone`; title, summary and topics are stored translations."""

    __tablename__ = "workshop"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 1 AND 1000", "capacity_is_possible"),
        CheckConstraint("last_day >= first_day", "last_day_is_not_before_first"),
        CheckConstraint("cleared_by IS NULL OR cleared_by <> made_by", "two_people_clear"),
        CheckConstraint("state IN ('draft', 'cancelled') OR cleared_by IS NOT NULL", "cleared_says_by_whom"),
        CheckConstraint("(state = 'cancelled') = (reason <> '')", "cancelled_says_why"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", "closed_says_when"),
        CheckConstraint("attendance_share BETWEEN 0 AND 1", "share_is_a_share"),
        CheckConstraint(
            "enrolment = 'open' OR (nomination_opens IS NOT NULL AND nomination_deadline IS NOT NULL)",
            "nominated_has_dates",
        ),
        CheckConstraint("nomination_deadline >= nomination_opens", "nominations_close_after_they_open"),
        CheckConstraint(
            "enrolment = 'nominated' OR state NOT IN ('selection_made', 'seats_confirmed', 'postponed')",
            "selection_is_of_nominated",
        ),
        CheckConstraint("guaranteed >= 0 AND guaranteed <= capacity", "guaranteed_is_possible"),
        CheckConstraint("offer_days BETWEEN 1 AND 60", "offer_days_are_possible"),
        CheckConstraint("minimum BETWEEN 0 AND 1000", "minimum_is_possible"),
        CheckConstraint("observers BETWEEN 0 AND 3", "observers_are_few"),
        Index(None, "state", "first_day"),
    )

    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[WorkshopKind]
    state: Mapped[WorkshopState]
    sensitivity: Mapped[Sensitivity]
    host_country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    town: Mapped[str] = mapped_column(String(80), default="")  # empty when online
    venue: Mapped[str] = mapped_column(String(300), default="")  # shown to seated participants alone
    form: Mapped[Format]
    time_zone: Mapped[str] = mapped_column(String(64))
    first_day: Mapped[date]
    last_day: Mapped[date]
    earlier_first_day: Mapped[date | None]  # before the last move or postponement; NULL: neither happened
    earlier_last_day: Mapped[date | None]
    booking_until: Mapped[date]  # ends at 23:59 in the zone of the event
    capacity: Mapped[int] = mapped_column(SmallInteger)
    languages: Mapped[str] = mapped_column(String(100))  # the working one first, then those it is interpreted into
    prerequisites: Mapped[str] = mapped_column(String(200), default="")  # codes of courses, parted by blanks
    roles: Mapped[str] = mapped_column(String(200), default="")  # roles of the framework it is for; empty: any officer
    activity: Mapped[str] = mapped_column(String(20), default="")  # of the plan
    attendance_share: Mapped[float] = mapped_column(default=0.8)  # for the certificate of attendance; illustrative
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not changed since it was created
    cleared_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not cleared yet
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]  # NULL: never; attendance and scores are taken for a time after it
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was cancelled
    # why it is postponed, for its participants; empty otherwise, and for events postponed before they could read it
    postponed_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    enrolment: Mapped[EnrolmentMode] = mapped_column(
        text_enum(EnrolmentMode, "enrolment"), default=EnrolmentMode.OPEN, server_default="open"
    )
    # of a nominated event: days end at 23:59 in its zone
    nomination_opens: Mapped[date | None]  # NULL: open enrolment
    nomination_deadline: Mapped[date | None]  # NULL: open enrolment
    reallocation_date: Mapped[date | None]  # NULL: free seats are not shared again on a day
    guaranteed: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")  # seats for each country
    invited_countries: Mapped[str] = mapped_column(
        String(100), default="", server_default=""
    )  # parted by blanks; empty: all
    offer_days: Mapped[int] = mapped_column(SmallInteger, default=7, server_default="7")  # to answer an offer
    unanswered: Mapped[Unanswered] = mapped_column(default=Unanswered.PASS_ON, server_default="pass_on")
    minimum: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")  # participants
    decide_by: Mapped[date | None]  # NULL: without a day on which the secretariat decides
    withdraw_by: Mapped[date | None]  # NULL: a cancellation never needs a reason
    observers: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")  # without seat and certificate
    competencies: Mapped[str] = mapped_column(
        String(200), default="", server_default=""
    )  # needed, such as ONL-07:foundation
    queue_counter: Mapped[int] = mapped_column(default=0)  # the last place given out; grows under the row's lock


class WorkshopHistory(Keyed):
    """An entry in the history of an event: closed or reopened, with the reason, or a question to the coordinators."""

    __tablename__ = "workshop_history"
    __table_args__ = (
        CheckConstraint("kind <> 'reopened' OR reason <> ''", "reopened_says_why"),
        CheckConstraint("missing_marks >= 0 AND missing_scores >= 0", "missing_is_a_count"),
        Index(None, "workshop_id", "at"),
        Index(None, "person_id"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    kind: Mapped[HistoryKind]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # who did it
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")
    missing_marks: Mapped[int] = mapped_column(default=0)  # when it was closed
    missing_scores: Mapped[int] = mapped_column(default=0)


class WorkshopSession(Keyed):
    """A session: local day and times as entered, and UTC derived from them. Its title is a stored translation."""

    __tablename__ = "workshop_session"
    __table_args__ = (
        UniqueConstraint("workshop_id", "number"),
        CheckConstraint("ends > starts", "ends_after_it_starts"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[SessionKind]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(80), default="", server_default="")  # shown to seated participants alone
    link: Mapped[str] = mapped_column(String(300), default="", server_default="")  # of the meeting; as the room
    language: Mapped[str] = mapped_column(String(12), default="", server_default="")  # empty: as the event


class WorkshopOutcome(Base):
    """A competency that the event practises; assessors score it by the rubric of this level."""

    __tablename__ = "workshop_outcome"

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level]


class Booking(Keyed):
    """A booking: a seat, or a position on the waiting list by `queued` (smaller is earlier)."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("(state = 'seated') = (seat IS NOT NULL)", "seat_is_set_when_seated"),
        CheckConstraint("admitted_by IS NULL OR admission_reason <> ''", "admitted_says_why"),
        Index("uq_booking_live", "workshop_id", "person_id", unique=True,
              sqlite_where=text("state <> 'withdrawn'"), postgresql_where=text("state <> 'withdrawn'")),
        UniqueConstraint("workshop_id", "seat"),
        UniqueConstraint("workshop_id", "queued"),
        Index(None, "person_id"),
    )  # fmt: skip

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[BookingState]
    seat: Mapped[int | None] = mapped_column(SmallInteger)  # NULL: no seat
    queued: Mapped[int]
    booked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    admitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: must be eligible
    admission_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")


class AttendanceMark(Numbered):
    """The attendance of a participant at a session; the newest row counts, a correction has a reason."""

    __tablename__ = "attendance_mark"
    __table_args__ = (Index(None, "session_id", "booking_id"), Index(None, "booking_id"))

    session_id: Mapped[UUID] = mapped_column(ForeignKey("workshop_session.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    mark: Mapped[Attendance] = mapped_column(text_enum(Attendance, "mark"))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")


class Assessment(Keyed):
    """An assessor's scores of one participant by a rubric; the newest counts, earlier ones are voided."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("booking_id", "competency", "level", "assessor_id", "number"),
        Index(None, "workshop_id"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level]
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(SmallInteger)  # 1, and one more for each correction
    scores: Mapped[str] = mapped_column(Text)  # criterion: 0 to 3, as JSON
    share: Mapped[float]
    made_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")  # of a correction
    evidence_id: Mapped[int | None]  # NULL: the level wants a second assessor's word first


NOT_LIVE = text("state NOT IN ('declined', 'withdrawn', 'replaced', 'expired')")


class Nomination(Keyed):
    """The nomination of a person for an event, from interest to participation. Only a live one has a rank.

    The answers and `counted_as` are deleted after the event; `counted_as` serves the share of women among the seated.
    """

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint("(endorsed_by IS NULL) = (endorsed_at IS NULL)", "endorsed_says_when"),
        CheckConstraint("(nominated_by IS NULL) = (nominated_at IS NULL)", "nominated_says_when"),
        CheckConstraint("state <> 'declined' OR decision_reason <> ''", "declined_says_why"),
        CheckConstraint("state <> 'offered' OR offered_until IS NOT NULL", "offered_says_until_when"),
        CheckConstraint("admitted_by IS NULL OR admission_reason <> ''", "admitted_says_why"),
        CheckConstraint("rank > 0", "rank_is_positive"),
        CheckConstraint(
            "state <> 'confirmed' OR booking_id IS NOT NULL OR seat_source = 'observer'", "confirmed_has_a_booking"
        ),
        UniqueConstraint("workshop_id", "country", "rank"),
        Index("uq_nomination_live", "workshop_id", "person_id", unique=True,
              sqlite_where=NOT_LIVE, postgresql_where=NOT_LIVE),
        Index(None, "person_id"),
        Index(None, "booking_id"),
        Index(None, "state", "offered_until"),
    )  # fmt: skip

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))  # on the day of the interest
    state: Mapped[NominationState]
    role: Mapped[str] = mapped_column(String(40), default="")  # of the framework, on the day of the interest
    use_time: Mapped[UseTime | None]  # NULL: not answered, or deleted
    language_level: Mapped[LanguageLevel | None]  # NULL: not answered, or deleted
    aim: Mapped[str] = mapped_column(String(300), default="")  # what the officer wants to do with it
    made_at: Mapped[datetime]
    endorsed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not endorsed
    endorsed_at: Mapped[datetime | None]
    nominated_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not nominated
    nominated_at: Mapped[datetime | None]
    nomination_reason: Mapped[NominationReason | None]  # NULL: not nominated
    nomination_text: Mapped[str] = mapped_column(String(300), default="")
    rank: Mapped[int | None] = mapped_column(SmallInteger)  # within the country; NULL: not ranked
    counted_as: Mapped[CountedAs | None]  # NULL: not given, or deleted
    admitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: must be eligible
    admission_reason: Mapped[str] = mapped_column(String(300), default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not decided, or by a rule
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(300), default="")
    offered_until: Mapped[datetime | None]  # NULL: no offer
    seat_source: Mapped[SeatSource | None]  # NULL: no seat
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.id"))  # NULL: no seat, or an observer
    changed_at: Mapped[datetime]


class NominationChange(Numbered):
    """A change of a nomination: when, by whom, from which state to which, and why."""

    __tablename__ = "nomination_change"
    __table_args__ = (Index(None, "nomination_id", "at"), Index(None, "changed_by"))

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nomination.id"))
    at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: the system
    from_state: Mapped[NominationState | None] = mapped_column(text_enum(NominationState, "from_state"))  # NULL: new
    to_state: Mapped[NominationState] = mapped_column(text_enum(NominationState, "to_state"))
    reason: Mapped[str] = mapped_column(String(300), default="")


class SeatRound(Keyed):
    """A round in which seats of an event were shared, with the seed of its draw."""

    __tablename__ = "seat_round"
    __table_args__ = (UniqueConstraint("workshop_id", "number"),)

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[RoundKind]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: a job
    seed: Mapped[int] = mapped_column(BigInteger)
    capacity: Mapped[int] = mapped_column(SmallInteger)


class SeatDecision(Numbered):
    """A decision of a round; `competitors` are the compared values by country as JSON, the winner first."""

    __tablename__ = "seat_decision"
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        UniqueConstraint("round_id", "nomination_id"),
        CheckConstraint("exception_by IS NULL OR exception_reason <> ''", "exception_says_why"),
        CheckConstraint("(reserve IS NOT NULL) = (reason = 'no_seat_left')", "reserve_waits"),
        Index(None, "nomination_id"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("seat_round.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nomination.id"))
    country: Mapped[str] = mapped_column(String(2))
    reason: Mapped[Reason] = mapped_column(text_enum(Reason, "seat_reason"))
    seat_source: Mapped[SeatSource | None]  # NULL: no seat
    reserve: Mapped[int | None] = mapped_column(SmallInteger)  # NULL: not on the waiting list
    problems: Mapped[str] = mapped_column(String(300), default="")  # kinds of obstacles, parted by blanks
    competitors: Mapped[str] = mapped_column(Text)
    exception_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: by the rule
    exception_reason: Mapped[str] = mapped_column(String(300), default="")  # for staff
    exception_category: Mapped[ExceptionCategory | None]  # NULL: by the rule, or before there were categories
