"""Tables: agreed actions of the plan with notes and earlier due dates, and views of small numbers of completion."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.coordination.domain.actions import (
    NOTE_LIMIT,
    RESULT_LIMIT,
    TEXT_LIMIT,
    ActionOrigin,
    ActionState,
    Office,
    SubjectKind,
)
from app.db.base import Base, Keyed, Numbered, text_enum


class PlanAction(Keyed):
    """An action that the office `office` (of `country`, for a contact point) carries out by `due_on`.

    `subject` is the code of the indicator, or the id of the course or event; `about_country` the country concerned.
    """

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("(office = 'contact_point') = (country <> '')", "contact_point_has_a_country"),
        CheckConstraint("(subject_kind = 'none') = (subject = '')", "subject_is_named"),
        CheckConstraint("(origin = 'meeting') = (meeting_on IS NOT NULL)", "meeting_says_when"),
        CheckConstraint("(state IN ('done', 'dropped')) = (ended_at IS NOT NULL)", "ended_says_when"),
        CheckConstraint("state NOT IN ('done', 'dropped') OR result <> ''", "ended_says_why"),
        Index(None, "state", "due_on"),
        Index(None, "country", "state"),
        Index(None, "origin", "meeting_on"),
    )

    text: Mapped[str] = mapped_column(String(TEXT_LIMIT))
    subject_kind: Mapped[SubjectKind] = mapped_column(text_enum(SubjectKind, "actionsubject"))
    subject: Mapped[str] = mapped_column(String(64), default="")
    about_country: Mapped[str] = mapped_column(String(2), default="")
    office: Mapped[Office] = mapped_column(text_enum(Office, "actionoffice"))
    country: Mapped[str] = mapped_column(String(2), default="")
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(text_enum(ActionState, "actionstate"))
    origin: Mapped[ActionOrigin] = mapped_column(text_enum(ActionOrigin, "actionorigin"))
    meeting_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(String(RESULT_LIMIT), default="")  # or the reason for dropping it
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that created it


class ActionNote(Numbered):
    """A dated note on an action."""

    __tablename__ = "action_note"
    __table_args__ = (Index(None, "action_id"),)

    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"))
    text: Mapped[str] = mapped_column(String(NOTE_LIMIT))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class ActionDate(Base):
    """A due date that an action had before; `moved_at` is when it was replaced."""

    __tablename__ = "action_date"

    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"), primary_key=True)
    moved_at: Mapped[datetime] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    moved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class CompletionView(Base):
    """A page of completion with a number under five that a person opened on a UTC day; deleted after that day.

    `filters` is the SHA-256 of the filter: one audit entry for each person, day and filter.
    """

    __tablename__ = "completion_view"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    filters: Mapped[str] = mapped_column(String(64), primary_key=True)
