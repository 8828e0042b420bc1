"""Tables of what follows an event: evaluation, follow-up, commitments and the report of a study visit.

No row connects an evaluation with a person. `evaluation_request` says who has answered, without a time; it is deleted
when the evaluation is closed. Each answer rewrites all rows of the event in both tables, so that neither the order of
rows nor the transaction that wrote them tells whose answer is whose.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed, text_enum
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.evaluation import EvaluationStatement
from app.workshops.domain.follow_up import ChangeSeen, DeedAnswer, FollowUpState, Occasion


class EventAfterwards(Base):
    """The days on which evaluation and follow-up of an event opened and ended, in the time of the event.

    The four numbers are those of OP2.3: nominees and those of them who attended, of those who told their sex. They
    are counted once, when the answers of nominees are deleted; NULL if fewer than five told it.
    """

    __tablename__ = "event_afterwards"
    __table_args__ = (
        CheckConstraint("asked >= 0", "asked_is_a_count"),
        CheckConstraint("(evaluation_opened_on IS NULL) = (evaluation_closes_on IS NULL)", "open_says_until_when"),
        CheckConstraint("evaluation_closed_on IS NULL OR evaluation_opened_on IS NOT NULL", "closed_was_open"),
        CheckConstraint("follow_up_closed_on IS NULL OR follow_up_opened_on IS NOT NULL", "follow_up_was_open"),
        CheckConstraint("nominees_women <= nominees_told", "women_are_nominees"),
        CheckConstraint("attended_women <= attended_told AND attended_told <= nominees_told", "attended_are_nominees"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    evaluation_opened_on: Mapped[date | None]  # NULL: not yet
    evaluation_closes_on: Mapped[date | None]
    evaluation_closed_on: Mapped[date | None]
    asked: Mapped[int] = mapped_column(SmallInteger, default=0)  # participants, by the evaluation
    follow_up_on: Mapped[date | None]  # NULL: the first possible day
    follow_up_opened_on: Mapped[date | None]
    follow_up_closed_on: Mapped[date | None]
    nominees_told: Mapped[int | None] = mapped_column(SmallInteger)
    nominees_women: Mapped[int | None] = mapped_column(SmallInteger)
    attended_told: Mapped[int | None] = mapped_column(SmallInteger)
    attended_women: Mapped[int | None] = mapped_column(SmallInteger)


class EvaluationRequest(Base):
    """A participant who may evaluate an event, and whether the participant has; without a time."""

    __tablename__ = "evaluation_request"
    __table_args__ = (Index(None, "person_id"), {"sqlite_with_rowid": False})

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    answered: Mapped[bool] = mapped_column(default=False)


class Evaluation(Keyed):
    """The evaluation of an event by one participant: no person, no time; its key is random and changes."""

    __tablename__ = "evaluation"
    __table_args__ = (
        *(
            CheckConstraint(f"{statement} BETWEEN 1 AND 5", f"{statement}_is_on_scale")
            for statement in EvaluationStatement
        ),
        Index(None, "workshop_id"),
        {"sqlite_with_rowid": False},
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    content_fits: Mapped[int] = mapped_column(SmallInteger)
    use_in_three_months: Mapped[int] = mapped_column(SmallInteger)
    enough_practice: Mapped[int] = mapped_column(SmallInteger)
    feedback_helped: Mapped[int] = mapped_column(SmallInteger)
    trainer_knew: Mapped[int] = mapped_column(SmallInteger)
    language_followed: Mapped[int] = mapped_column(SmallInteger)
    examples_fit: Mapped[int] = mapped_column(SmallInteger)
    felt_safe: Mapped[int] = mapped_column(SmallInteger)
    organisation_worked: Mapped[int] = mapped_column(SmallInteger)
    send_colleague: Mapped[int] = mapped_column(SmallInteger)
    to_keep: Mapped[str] = mapped_column(String(500), default="")
    to_change: Mapped[str] = mapped_column(String(500), default="")
    missed: Mapped[str] = mapped_column(String(500), default="")


class FollowUp(Keyed):
    """The questions to a participant after three to six months, and those to the supervisor, with their answers."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("workshop_id", "person_id"),
        CheckConstraint("(state = 'answered') = (answered_on IS NOT NULL)", "answered_says_when"),
        CheckConstraint(
            "state <> 'answered' OR (occasion IS NOT NULL AND referral IS NOT NULL AND capture IS NOT NULL "
            "AND request IS NOT NULL AND contacted IS NOT NULL)",
            "answered_is_complete",
        ),
        CheckConstraint("(change_seen IS NULL) = (supervised_on IS NULL)", "seen_says_when"),
        CheckConstraint("(change_seen IS NULL) = (supervised_by IS NULL)", "seen_says_by_whom"),
        CheckConstraint("passed_on BETWEEN 0 AND 500", "passed_on_is_possible"),
        CheckConstraint("reminders BETWEEN 0 AND 2", "reminders_are_few"),
        Index(None, "person_id"),
        Index(None, "supervised_by"),
        Index(None, "state", "opened_on"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[FollowUpState]
    opened_on: Mapped[date]
    closes_on: Mapped[date]
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0)
    answered_on: Mapped[date | None]  # NULL: not answered
    occasion: Mapped[Occasion | None]  # NULL: not answered, as all answers below
    used: Mapped[str] = mapped_column(String(300), default="")  # competencies, parted by blanks
    helped: Mapped[str] = mapped_column(String(100), default="")  # parted by blanks
    hindered: Mapped[str] = mapped_column(String(100), default="")
    passed_on: Mapped[int | None] = mapped_column(SmallInteger)  # colleagues
    referral: Mapped[DeedAnswer | None] = mapped_column(text_enum(DeedAnswer, "referral_answer"))
    capture: Mapped[DeedAnswer | None] = mapped_column(text_enum(DeedAnswer, "capture_answer"))
    request: Mapped[DeedAnswer | None] = mapped_column(text_enum(DeedAnswer, "request_answer"))
    contacted: Mapped[bool | None]
    change_seen: Mapped[ChangeSeen | None]  # NULL: no supervisor has answered
    would_help: Mapped[str] = mapped_column(String(300), default="")
    supervised_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    supervised_on: Mapped[date | None]


class Commitment(Keyed):
    """What a participant of a study visit undertakes. Done and dropped are final and have a note."""

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("workshop_id", "person_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 2", "two_at_most"),
        CheckConstraint("text <> ''", "text_is_not_empty"),
        CheckConstraint("(state = 'under_way') = (ended_on IS NULL)", "ended_says_when"),
        CheckConstraint("state = 'under_way' OR note <> ''", "ended_says_what"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_on IS NULL)", "confirmed_says_when"),
        CheckConstraint("confirmed_by IS NULL OR state <> 'under_way'", "confirmed_has_ended"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> person_id", "another_person_confirms"),
        Index(None, "person_id"),
        Index(None, "confirmed_by"),
        Index(None, "state", "due"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(String(300))
    due: Mapped[date]
    made_on: Mapped[date]
    state: Mapped[CommitmentState]
    note: Mapped[str] = mapped_column(String(300), default="")  # the result, or why it was dropped
    ended_on: Mapped[date | None]  # NULL: under way
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_on: Mapped[date | None]


class VisitReport(Base):
    """The report of a study visit for its participants, and a summary for all practitioners, once approved."""

    __tablename__ = "visit_report"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> written_by", "another_person_approves"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", "approved_says_when"),
        CheckConstraint("approved_by IS NULL OR summary <> ''", "approved_is_not_empty"),
        Index(None, "written_by"),
        Index(None, "approved_by"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    report: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # the last writer
    written_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not approved
    approved_at: Mapped[datetime | None]
