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
from app.coordination.domain.late import LateKind, LateRule
from app.coordination.domain.reminders import (
    SENTENCE_LIMIT,
    AnswerKind,
    AnswerReason,
    ReminderOffice,
    ReminderState,
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


class Reminder(Keyed):
    """A reminder to the contact points of `country`, or to one person who serves there (`recipient_id`).

    `wanted_by` is the day by which an answer is wanted; `answer_on` the day that the recipient named.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        CheckConstraint("(office = 'contact_point') = (recipient_id IS NULL)", "contact_points_are_an_office"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answer_says_when"),
        CheckConstraint("state <> 'answered' OR answer IS NOT NULL", "answered_has_an_answer"),
        CheckConstraint("(state IN ('resolved', 'expired')) = (ended_at IS NOT NULL)", "ended_says_when"),
        CheckConstraint("(answer = 'done_by') = (answer_on IS NOT NULL)", "done_by_names_a_day"),
        CheckConstraint("(answer = 'not_possible') = (answer_reason IS NOT NULL)", "not_possible_says_why"),
        Index(None, "recipient_id", "state"),
        Index(None, "country", "state"),
        Index(None, "state", "wanted_by"),
        Index(None, "sender_id", "sent_at"),
    )

    office: Mapped[ReminderOffice] = mapped_column(text_enum(ReminderOffice))
    country: Mapped[str] = mapped_column(String(2))
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    wanted_by: Mapped[date]
    request_text: Mapped[str] = mapped_column(String(SENTENCE_LIMIT), default="")
    state: Mapped[ReminderState] = mapped_column(text_enum(ReminderState))
    opened_at: Mapped[datetime | None]
    answer: Mapped[AnswerKind | None] = mapped_column(text_enum(AnswerKind))
    answer_on: Mapped[date | None]
    answer_reason: Mapped[AnswerReason | None] = mapped_column(text_enum(AnswerReason))
    answer_text: Mapped[str] = mapped_column(String(SENTENCE_LIMIT), default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that sent it


class ReminderRow(Base):
    """A late row that a reminder is about: the id of a course or action, or the code and period of a figure."""

    __tablename__ = "reminder_row"
    __table_args__ = (Index(None, "kind", "cell"),)

    reminder_id: Mapped[UUID] = mapped_column(ForeignKey("reminder.id"), primary_key=True)
    kind: Mapped[LateKind] = mapped_column(text_enum(LateKind), primary_key=True)
    cell: Mapped[str] = mapped_column(String(64), primary_key=True)
    rule: Mapped[LateRule] = mapped_column(text_enum(LateRule))
