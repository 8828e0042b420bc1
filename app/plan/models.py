"""Tables: definitions, contributions, their rollups by day and month, figures entered by hand, notes, checks."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, EncryptedText, Keyed, Numbered, text_enum
from app.plan.domain.observations import ObservationState
from app.plan.domain.value_sheets import SheetKind, UndoOutcome


class Definition(Keyed):
    """An indicator's definition in a version; it never changes: another rule is another version."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("code", "version"),)

    code: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    valid_from: Mapped[date]
    rule: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 over rule, settings, unit, first day
    body: Mapped[str] = mapped_column(Text)  # the indicator without its targets, as JSON
    due: Mapped[bool] = mapped_column(default=False)  # its records are yet to be counted
    loaded_at: Mapped[datetime]


class Contribution(Numbered):
    """The part of one record in a figure on each day from `since` to `until` (inclusive; NULL: without end).

    `subject` is the person, course, workshop or observation that it is calculated from, `thing` names the record.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("code", "version", "subject", "thing", "since"),
        CheckConstraint("until IS NULL OR until >= since", "until_is_not_before_since"),
        Index(None, "code", "version", "country", "id"),
        Index(None, "code", "version", "id"),
        Index(None, "code", "version", "since"),
        Index(None, "subject", "code"),
    )

    code: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    subject: Mapped[UUID]
    thing: Mapped[str] = mapped_column(String(120))  # "enrolment:<uuid>", "core", "session:<uuid>" ...
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not about one officer
    since: Mapped[date]
    until: Mapped[date | None]
    country: Mapped[str] = mapped_column(String(2), default="")
    agency_kind: Mapped[str] = mapped_column(String(32), default="")
    role: Mapped[str] = mapped_column(String(40), default="")
    numerator: Mapped[float]
    denominator: Mapped[float]


class FigureDay(Base):
    """The change of a cell's figure on a day (a rollup); written with each contribution.

    Each cell also has rows with "*" for all kinds of agencies, all roles, and both: a page without these filters
    reads such rows only. The primary key is in the order of the look-up.
    """

    __tablename__ = "figure_day"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    agency_kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    numerator: Mapped[float]
    denominator: Mapped[float]


class FigureMonth(Base):
    """The change of a cell's figure in a month (year x 12 + month - 1); see `queries.rollups`."""

    __tablename__ = "figure_month"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    agency_kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    numerator: Mapped[float]
    denominator: Mapped[float]


class Observation(Keyed):
    """A figure entered by hand: draft, pending, returned, approved by a second person."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> entered_by", "four_eyes"),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", "approved_says_when"),
        CheckConstraint("state <> 'returned' OR reason <> ''", "returned_says_why"),
        Index(None, "code", "state"),
    )

    code: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    country: Mapped[str] = mapped_column(String(2), default="")  # empty: the community as a whole
    day: Mapped[date]  # the day the figure is true of
    value: Mapped[float]
    source: Mapped[str] = mapped_column(String(300))
    state: Mapped[ObservationState]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not decided yet yet
    approved_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    explanation: Mapped[str] = mapped_column(String(300), default="")  # of a large change against the last figure
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that entered it


class ObservationFile(Base):
    """The document of a figure entered by hand: a PDF, saved unchanged, sent as an attachment."""

    __tablename__ = "observation_file"

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]


class PlanNote(Keyed):
    """A note on an outcome or output, with its date; notes are only added."""

    __tablename__ = "plan_note"
    __table_args__ = (Index(None, "code", "written_at"),)

    code: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(1000))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that wrote it


class ValueSheet(Keyed):
    """A sheet of values with the result of its check, visible to its sender only, until it is written or expires."""

    __tablename__ = "value_sheet"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[SheetKind]
    content: Mapped[str] = mapped_column(EncryptedText("value_sheet", "content"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class ValueBatch(Keyed):
    """The values that a sheet wrote as one step, which can be undone; a sheet is written once."""

    __tablename__ = "value_batch"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", "undone_says_by_whom"),
        CheckConstraint("added >= 0 AND changed >= 0 AND same >= 0", "counts_are_counts"),
        CheckConstraint("added + changed > 0", "has_a_value"),
        Index(None, "person_id", "made_at"),
    )

    sheet_id: Mapped[UUID] = mapped_column(unique=True)  # the sheet itself is deleted when it is written
    kind: Mapped[SheetKind]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    country: Mapped[str] = mapped_column(String(2), default="")  # empty: of several countries
    added: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]  # NULL: not undone
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ValueBatchRow(Numbered):
    """A row of a sheet that was written: the record that it made, and the one that it replaced."""

    __tablename__ = "value_batch_row"
    __table_args__ = (UniqueConstraint("batch_id", "record_id"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("value_batch.id"))
    number: Mapped[int]  # of the row in the sheet
    record_id: Mapped[UUID]  # of the table that the kind of the batch names
    replaced_id: Mapped[UUID | None]
    outcome: Mapped[UndoOutcome | None] = mapped_column(text_enum(UndoOutcome, "valueoutcome"))  # NULL: not undone


class CheckRun(Numbered):
    """A run of the invariant checker with its result."""

    __tablename__ = "check_run"

    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    checked: Mapped[int]  # rules looked at
    faults: Mapped[int]
    told: Mapped[str] = mapped_column(Text)  # the first sentences, as JSON
