"""A person's way through a course: begun, the place in each lesson, what is done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed
from app.learning.domain import EnrolmentState


class Enrolment(Keyed):
    """A person and a course, on the version that was begun."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id"),
        CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", "completed_says_when"),
        Index(None, "course_id", "state"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    state: Mapped[EnrolmentState]
    begun_at: Mapped[datetime]
    # the lesson read last, for "Continue"
    last_lesson: Mapped[str] = mapped_column(String(100), default="")
    last_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class LessonProgress(Base):
    """How far a person is in a lesson. `place`: the number of the element (h-<n>) that was on top; 0 the beginning."""

    __tablename__ = "lesson_progress"
    __table_args__ = (CheckConstraint("NOT skipped OR done_at IS NOT NULL", "skipped_is_done"),)

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(100), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_at: Mapped[datetime | None]  # NULL: begun, not done
    skipped: Mapped[bool] = mapped_column(default=False)
