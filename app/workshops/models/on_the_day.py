"""Tables of the days of an event: check-in, attendance lists of devices, sheets of assessors, tests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, EncryptedText, Keyed, text_enum
from app.workshops.domain.check_in import CheckInState
from app.workshops.domain.event_tests import EventTestPart


class CheckInCode(Base):
    """The secret from which the codes of a session are derived, as hexadecimal figures."""

    __tablename__ = "check_in_code"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("workshop_session.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(EncryptedText("check_in_code", "secret"))
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]


class CheckIn(Keyed):
    """The check-in of a participant at a session."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("session_id", "booking_id"),
        CheckConstraint("(state IN ('confirmed', 'declined')) = (decided_by IS NOT NULL)", "decided_says_by_whom"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", "decided_says_when"),
        Index(None, "booking_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("workshop_session.id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    state: Mapped[CheckInState]
    shown_at: Mapped[datetime]  # when the screen began to show the code
    taken_at: Mapped[datetime]  # by the device of the participant
    arrived_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not decided
    decided_at: Mapped[datetime | None]


class AttendanceList(Base):
    """An attendance list that a device sent, counted once by its key.

    `conflicts` are marks by booking as JSON that were not saved; `settled_at` says when a user decided about them.
    """

    __tablename__ = "attendance_list"
    __table_args__ = (Index(None, "session_id", "settled_at"), Index(None, "recorded_by"))

    key: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("workshop_session.id"))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime]  # by the device
    received_at: Mapped[datetime]
    saved: Mapped[int] = mapped_column(SmallInteger)
    conflicts: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None]  # NULL: open, if there are conflicts


class RubricSheet(Base):
    """An assessor's sheet for a participant: incomplete scores as JSON, and the comment for the officer.

    The officer reads the comment after the scores were saved.
    """

    __tablename__ = "rubric_sheet"
    __table_args__ = (Index(None, "assessor_id"),)

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    scores: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(String(600), default="")
    saved_at: Mapped[datetime]


class EventTest(Base):
    """A test before or after an event: questions of a course version that its lead opens and closes."""

    __tablename__ = "event_test"
    __table_args__ = (
        CheckConstraint("items BETWEEN 1 AND 40", "items_are_few"),
        CheckConstraint("closed_at >= opened_at", "closes_after_it_opens"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    part: Mapped[EventTestPart] = mapped_column(text_enum(EventTestPart, "part"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    items: Mapped[int] = mapped_column(SmallInteger)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # NULL: open


class EventTestAttempt(Base):
    """The attempt of a participant at the test of an event."""

    __tablename__ = "event_test_attempt"
    __table_args__ = (Index(None, "booking_id"),)

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    part: Mapped[EventTestPart] = mapped_column(text_enum(EventTestPart, "part"), primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(unique=True)  # the public id of an attempt of `quizzes`
