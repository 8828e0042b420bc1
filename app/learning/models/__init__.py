"""Tables: enrolments in courses, progress and visits in lessons, device steps, suggestions, reports, questions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed
from app.learning.domain import EnrolmentState, Suggester, SuggestionState
from app.learning.domain.learner_posts import LONGEST_PASSAGE, QuestionState, ReportState

REASON_LONGEST = 200
_NOT_ENDED = text("state <> 'ended'")
_LIVE = text("state IN ('open', 'begun')")


class Enrolment(Keyed):
    """A person and a course, on the version that was begun; one that a breaking version ended stays as history."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_live", "person_id", "course_id", unique=True,
            sqlite_where=_NOT_ENDED, postgresql_where=_NOT_ENDED,
        ),
        CheckConstraint("(state = 'begun') = (completed_at IS NULL)", "completed_says_when"),
        Index(None, "course_id", "state"),
        Index(None, "person_id"),
    )  # fmt: skip

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
    """Progress in a lesson. `place`: the number of the element (h-<n>) on top of the screen; 0 is the beginning.

    `part` of `parts` is the part on the screen, 0 if not known; `spent_seconds` NULL: read before time was measured.
    """

    __tablename__ = "lesson_progress"
    __table_args__ = (
        CheckConstraint("NOT skipped OR done_at IS NOT NULL", "skipped_is_done"),
        CheckConstraint("NOT looked_through OR (done_at IS NOT NULL AND NOT skipped)", "looked_through_is_done"),
        CheckConstraint("spent_seconds >= 0", "spent_seconds_count_from_zero"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(100), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_at: Mapped[datetime | None]  # NULL: begun, not done
    skipped: Mapped[bool] = mapped_column(default=False)
    looked_through: Mapped[bool] = mapped_column(default=False)
    spent_seconds: Mapped[int | None]
    part: Mapped[int] = mapped_column(SmallInteger, default=0)
    parts: Mapped[int] = mapped_column(SmallInteger, default=0)


class LessonVisit(Base):
    """One opening of a lesson's page and the seconds counted from it; deleted after 60 days."""

    __tablename__ = "lesson_visit"
    __table_args__ = (CheckConstraint("seconds >= 0", "seconds_count_from_zero"), Index(None, "opened_at"))

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(100), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(primary_key=True)
    seconds: Mapped[int]


class CountedStep(Base):
    """The key of a step that a device sent, so that a repeated request counts once; deleted after 60 days."""

    __tablename__ = "lesson_step"
    __table_args__ = (Index(None, "counted_at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    counted_at: Mapped[datetime]


class CourseSuggestion(Keyed):
    """A course that a contact point or a supervisor suggests to an officer, and its state."""

    __tablename__ = "course_suggestion"
    __table_args__ = (
        Index(
            "uq_course_suggestion_live", "person_id", "course_id", unique=True,
            sqlite_where=_LIVE, postgresql_where=_LIVE,
        ),
        CheckConstraint("(state = 'open') = (changed_at IS NULL)", "changed_says_when"),
        CheckConstraint("suggested_by <> person_id", "nobody_suggests_to_themself"),
        Index(None, "person_id"),
        Index(None, "suggested_by"),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    # where the officer served: another country's suggestions are none of a later one
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    suggested_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    suggested_as: Mapped[Suggester]
    reason: Mapped[str] = mapped_column(String(REASON_LONGEST), default="")
    due_on: Mapped[date | None]  # NULL: when the officer likes
    suggested_at: Mapped[datetime]
    state: Mapped[SuggestionState]
    changed_at: Mapped[datetime | None]  # NULL: still open


class MistakeReport(Keyed):
    """A mistake that a learner reports in a lesson; `element` is the number of the paragraph (h-<n>), 0 for all.

    `passage` is the beginning of the paragraph as it was read.
    """

    __tablename__ = "mistake_report"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_by IS NULL)", "answered_says_by_whom"),
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", "answered_says_when"),
        CheckConstraint("(state = 'answered') = (answer <> '')", "answered_has_an_answer"),
        Index(None, "course_id", "state"),
        Index(None, "person_id", "reported_at"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    lesson: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(12))
    element: Mapped[int]
    passage: Mapped[str] = mapped_column(String(LONGEST_PASSAGE), default="")
    body: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime]
    state: Mapped[ReportState]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class LearnerQuestion(Keyed):
    """A question of a learner about a course, a lesson or an item ("" for none), and its answer by a trainer.

    `help_question` and `help_answer` are the texts of a help entry for all readers of the course, which one trainer
    proposes and another one publishes. `person_id` is NULL for an entry whose author's identity was deleted.
    """

    __tablename__ = "learner_question"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_by IS NULL)", "answered_says_by_whom"),
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", "answered_says_when"),
        CheckConstraint("(state IN ('open', 'closed')) = (answer = '')", "answered_has_an_answer"),
        CheckConstraint("(state IN ('proposed', 'published')) = (proposed_by IS NOT NULL)", "proposed_says_by_whom"),
        CheckConstraint("(state = 'published') = (checked_by IS NOT NULL)", "published_says_by_whom"),
        CheckConstraint("(checked_by IS NULL) = (published_at IS NULL)", "published_says_when"),
        CheckConstraint("checked_by <> proposed_by", "two_people_publish"),
        CheckConstraint("person_id IS NOT NULL OR state = 'published'", "has_an_author_or_is_published"),
        Index(None, "course_id", "state"),
        Index(None, "person_id", "course_id"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    lesson: Mapped[str] = mapped_column(String(100), default="")
    item: Mapped[str] = mapped_column(String(24), default="")
    language: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    state: Mapped[QuestionState]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    help_question: Mapped[str] = mapped_column(Text, default="")
    help_answer: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
