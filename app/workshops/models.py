"""Tables of events: workshop, session, outcome, booking, attendance, assessment, history. Titles are translations."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.db.base import Base, Keyed, Numbered, text_enum
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import Format, HistoryKind, SessionKind, WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState


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
