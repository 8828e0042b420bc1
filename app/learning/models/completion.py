"""Tables of completion: requirements, exemptions, seats that need courses, assignments and their rollups."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed, Numbered
from app.learning.domain.completion import AssignmentProblem, AssignmentSource, CompletionGroup
from app.learning.domain.recorded_completions import CompletionProof
from app.learning.domain.requirements import (
    NOTE_LONGEST,
    REASON_LONGEST,
    ExemptionKind,
    ExemptionReason,
    ExemptionState,
    RequirementState,
)

_LIVE_EXEMPTION = text("state IN ('proposed', 'agreed')")


class Requirement(Keyed):
    """A course that is required; `role` "" is every role, `countries` codes parted by blanks, "" every country.

    A changed date is a new row that `replaces_id` names; `assigned_from` is the first day of the first of these rows.
    """

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint("(due_on IS NULL) <> (due_days IS NULL)", "has_a_date_or_days"),
        CheckConstraint("(state = 'agreed') = (agreed_by IS NOT NULL)", "agreed_says_by_whom"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", "agreed_says_when"),
        CheckConstraint("agreed_by <> set_by", "two_people_agree"),
        Index(None, "course_id", "state"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    role: Mapped[str] = mapped_column(String(40), default="")
    countries: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    due_days: Mapped[int | None] = mapped_column(SmallInteger)
    renew_months: Mapped[int | None] = mapped_column(SmallInteger)  # NULL: never
    assigned_from: Mapped[date]
    starts: Mapped[date]
    ends: Mapped[date | None]  # NULL: until further notice; before `starts`: it never was valid
    reason: Mapped[str] = mapped_column(String(REASON_LONGEST), default="")
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not agreed
    agreed_at: Mapped[datetime | None]
    state: Mapped[RequirementState]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("requirement.id"))


class Exemption(Keyed):
    """An officer's exemption from a course through `until`, or a later date; one that is live for officer and course.

    `since` NULL: a second person has not agreed yet.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        Index(
            "uq_exemption_live", "person_id", "course_id", "country", unique=True,
            sqlite_where=_LIVE_EXEMPTION, postgresql_where=_LIVE_EXEMPTION,
        ),
        CheckConstraint("(since IS NULL) = (state IN ('proposed', 'dropped'))", "agreed_says_when"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", "ended_says_when"),
        CheckConstraint("agreed_by <> set_by", "two_people_agree"),
        CheckConstraint("set_by <> person_id", "nobody_exempts_themself"),
        Index(None, "person_id"),
        Index(None, "country", "state"),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    kind: Mapped[ExemptionKind]
    reason: Mapped[ExemptionReason]
    note: Mapped[str] = mapped_column(String(NOTE_LONGEST), default="")
    since: Mapped[date | None]
    until: Mapped[date]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: none, or none needed
    agreed_at: Mapped[datetime | None]
    state: Mapped[ExemptionState]
    ended_on: Mapped[date | None]  # the first day without it


class RecordedCompletion(Keyed):
    """A course that an officer completed elsewhere, recorded by the contact point; it counts for requirements only.

    A changed record is a new row: the old one ends. One that has not ended for officer and course.
    """

    __tablename__ = "recorded_completion"
    __table_args__ = (
        Index(
            "uq_recorded_completion_valid", "person_id", "course_id", unique=True,
            sqlite_where=text("ended_on IS NULL"), postgresql_where=text("ended_on IS NULL"),
        ),
        CheckConstraint("completed_on <= recorded_on", "completed_before_it_is_recorded"),
        CheckConstraint("(ended_on IS NULL) = (ended_by IS NULL)", "ended_says_by_whom"),
        CheckConstraint("ended_on >= recorded_on", "ends_after_it_began"),
        CheckConstraint("recorded_by <> person_id", "nobody_records_themself"),
        Index(None, "person_id"),
        Index(None, "country", "ended_on"),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    completed_on: Mapped[date]
    proof: Mapped[CompletionProof]
    note: Mapped[str] = mapped_column(String(NOTE_LONGEST), default="")
    recorded_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    ended_on: Mapped[date | None]  # the first day without it
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class CourseSeat(Keyed):
    """A seat of an officer in an event that needs a course, from its first day to its last one (NULL: still taken)."""

    __tablename__ = "course_seat"
    __table_args__ = (
        Index(
            "uq_course_seat_taken", "person_id", "course_id", "workshop_id", unique=True,
            sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL"),
        ),
        Index(None, "person_id"),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    workshop_id: Mapped[UUID]  # the table belongs to a package above this one
    due_on: Mapped[date]
    since: Mapped[date]
    until: Mapped[date | None]


class Assignment(Numbered):
    """A period of an officer in a course with one basis (a cache): `domain.completion.Spell` without its ids."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(None, "person_id", "course_id"),
        Index(None, "country", "course_id", "until"),
        Index(
            "ix_assignment_problem", "problem",
            sqlite_where=text("problem IS NOT NULL"), postgresql_where=text("problem IS NOT NULL"),
        ),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    country: Mapped[str] = mapped_column(String(2))
    role: Mapped[str] = mapped_column(String(40))
    counted: Mapped[bool]  # False: under threat, in no rollup
    cycle: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[AssignmentSource]
    source_id: Mapped[UUID | None]
    required: Mapped[bool]
    assigned_on: Mapped[date | None]  # NULL: by choice, or it cannot be met
    due_on: Mapped[date | None]
    problem: Mapped[AssignmentProblem | None]
    exempt_until: Mapped[date | None]
    begun_on: Mapped[date | None]
    last_step_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    late: Mapped[bool]
    recorded: Mapped[bool] = mapped_column(default=False, server_default=false())  # completed elsewhere


class _CompletionChange(Base):
    """The changes of the counters of a cell; role "*" is the sum of all roles."""

    __abstract__ = True

    assigned: Mapped[int]
    exempt: Mapped[int]
    not_started: Mapped[int]
    in_progress: Mapped[int]
    completed_on_time: Mapped[int]
    completed_late: Mapped[int]
    overdue: Mapped[int]
    due_soon: Mapped[int]
    stalled: Mapped[int]
    waiting: Mapped[int]
    by_choice: Mapped[int]
    recorded: Mapped[int] = mapped_column(default=0, server_default="0")


class CompletionDay(_CompletionChange):
    """The change of a cell on a day, past or future (a rollup); written with each deed, in the order of the look-up."""

    __tablename__ = "completion_day"

    role: Mapped[str] = mapped_column(String(40), primary_key=True, sort_order=-1)
    day: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)
    course_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    country: Mapped[str] = mapped_column(String(2), primary_key=True, sort_order=-1)
    source_group: Mapped[CompletionGroup] = mapped_column(primary_key=True, sort_order=-1)


class CompletionMonth(_CompletionChange):
    """The change of a cell in a month (year x 12 + month - 1); see `queries.completion`."""

    __tablename__ = "completion_month"

    role: Mapped[str] = mapped_column(String(40), primary_key=True, sort_order=-1)
    month: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
    course_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    country: Mapped[str] = mapped_column(String(2), primary_key=True, sort_order=-1)
    source_group: Mapped[CompletionGroup] = mapped_column(primary_key=True, sort_order=-1)


class CompletionRecalculation(Base):
    """A course whose assignments a job recalculates: officers up to `reached` are done, `done` of `total`."""

    __tablename__ = "completion_recalculation"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    asked_at: Mapped[datetime]
    reached: Mapped[UUID | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
