"""Tables: definitions, contributions, rollups, figures entered by hand, notes, targets, needs, checks, locks."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed, Numbered
from app.plan.domain.observations import ObservationState
from app.plan.domain.planned_needs import PlannedNeedState
from app.plan.domain.targets import TargetOpinion, TargetState

_OPEN_TARGET = text("state IN ('draft', 'proposed')")
_AGREED = text("state = 'agreed'")
_PROPOSED = text("state = 'proposed'")


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


class PlanTarget(Keyed):
    """A version of a target; another value is another version, of which at most one is open and one is agreed."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("code", "country", "period", "version"),
        Index(
            "uq_target_open", "code", "country", "period", unique=True,
            sqlite_where=_OPEN_TARGET, postgresql_where=_OPEN_TARGET,
        ),
        Index(
            "uq_target_agreed", "code", "country", "period", unique=True,
            sqlite_where=_AGREED, postgresql_where=_AGREED,
        ),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> set_by", "four_eyes"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", "agreed_says_when"),
        CheckConstraint("state <> 'agreed' OR agreed_by IS NOT NULL", "agreed_by_two"),
        CheckConstraint("state NOT IN ('draft', 'proposed') OR agreed_by IS NULL", "open_is_not_agreed"),
        CheckConstraint("version >= 1", "version_is_positive"),
        CheckConstraint("reason <> ''", "says_why"),
    )  # fmt: skip

    code: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2), default="")  # empty: the community as a whole
    period: Mapped[str] = mapped_column(String(7))  # "2028" or "2028-Q2", due at its end
    version: Mapped[int]
    value: Mapped[float]
    second_value: Mapped[float | None]  # NULL: the indicator has one value
    state: Mapped[TargetState]
    reason: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date]  # the day of agreement at the earliest
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not agreed
    agreed_at: Mapped[datetime | None]
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that wrote it


class TargetNote(Keyed):
    """The opinion of a country's contact point on a version of its target; notes are only added."""

    __tablename__ = "target_note"
    __table_args__ = (
        CheckConstraint("text <> ''", "says_why"),
        Index(None, "target_id", "written_at"),
    )

    target_id: Mapped[UUID] = mapped_column(ForeignKey("target.id"))
    opinion: Mapped[TargetOpinion]
    text: Mapped[str] = mapped_column(String(300))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that wrote it


class PlannedNeed(Keyed):
    """A version of how many officers a country wants reached in the plan period, in a role or in all ("*")."""

    __tablename__ = "planned_need"
    __table_args__ = (
        UniqueConstraint("country", "role", "version"),
        Index(
            "uq_planned_need_open", "country", "role", unique=True,
            sqlite_where=_PROPOSED, postgresql_where=_PROPOSED,
        ),
        Index(
            "uq_planned_need_agreed", "country", "role", unique=True,
            sqlite_where=_AGREED, postgresql_where=_AGREED,
        ),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> set_by", "four_eyes"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", "agreed_says_when"),
        CheckConstraint("state <> 'agreed' OR agreed_by IS NOT NULL", "agreed_by_two"),
        CheckConstraint("state <> 'proposed' OR agreed_by IS NULL", "open_is_not_agreed"),
        CheckConstraint("value >= 0", "value_is_not_negative"),
        CheckConstraint("version >= 1", "version_is_positive"),
        CheckConstraint("source <> ''", "names_its_source"),
    )  # fmt: skip

    country: Mapped[str] = mapped_column(String(2))
    role: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    value: Mapped[int]  # officers
    day: Mapped[date]  # of the source
    source: Mapped[str] = mapped_column(String(300))
    state: Mapped[PlannedNeedState]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not agreed
    agreed_at: Mapped[datetime | None]
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that wrote it


class CheckRun(Numbered):
    """A run of the invariant checker with its result."""

    __tablename__ = "check_run"

    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    checked: Mapped[int]  # rules looked at
    faults: Mapped[int]
    told: Mapped[str] = mapped_column(Text)  # the first sentences, as JSON


class PeriodLock(Base):
    """A quarter whose lock is proposed, or agreed to by a second coordinator; a lock is never undone."""

    __tablename__ = "period_lock"
    __table_args__ = (
        CheckConstraint("agreed_by IS NULL OR agreed_by <> proposed_by", "four_eyes"),
        CheckConstraint("(agreed_by IS NULL) = (locked_at IS NULL)", "agreed_says_when"),
        CheckConstraint("(agreed_by IS NULL) = (sha256 IS NULL)", "agreed_has_a_hash"),
        CheckConstraint("sha256 IS NULL OR length(sha256) = 64", "hash_is_whole"),
    )

    quarter_end: Mapped[date] = mapped_column(primary_key=True)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    locked_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))  # over the frozen figures in canonical form
    figures: Mapped[int] = mapped_column(default=0)  # number of frozen figures
    last_record: Mapped[int] = mapped_column(BigInteger, default=0)  # contributions with a higher number came later


class FrozenFigure(Base):
    """A cell of an indicator on the last day of a quarter; "*" is all countries, kinds of agencies or roles.

    `quarter_end` is the quarter it was locked with: the first lock also freezes the quarters before the plan, which
    pages show beside it. The primary key is in the order of the look-up. Rows are never changed.
    """

    __tablename__ = "frozen_figure"
    __table_args__ = (Index(None, "day", "code"), Index(None, "quarter_end"))

    day: Mapped[date] = mapped_column(primary_key=True)
    agency_kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    quarter_end: Mapped[date] = mapped_column(ForeignKey("period_lock.quarter_end"))
    version: Mapped[int]
    numerator: Mapped[float]
    denominator: Mapped[float]
    protected_numerator: Mapped[float]  # the part of officers under threat on the day of the lock
    protected_denominator: Mapped[float]
    officers: Mapped[int]  # counted once each, without officers under threat
    outside: Mapped[int]  # officers outside the country, counted once each
    need: Mapped[int]  # officers who need the competencies
    beside: Mapped[str] = mapped_column(Text, default="")  # the numbers beside the figure, as JSON


class Adjustment(Numbered):
    """By how much late evidence would change a locked figure of a country; counts in the first open quarter."""

    __tablename__ = "adjustment"
    __table_args__ = (
        CheckConstraint("counts_in > quarter_end", "counts_later"),
        CheckConstraint("numerator <> 0 OR denominator <> 0", "changes_something"),
        CheckConstraint("(first_evidence IS NULL) = (last_evidence IS NULL)", "evidence_has_both_days"),
        Index(None, "code", "quarter_end"),
        Index(None, "quarter_end"),
    )

    quarter_end: Mapped[date] = mapped_column(ForeignKey("period_lock.quarter_end"))
    code: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    country: Mapped[str] = mapped_column(String(2))
    counts_in: Mapped[date]  # the last day of the first open quarter
    noted_on: Mapped[date]
    numerator: Mapped[float]
    denominator: Mapped[float]
    first_evidence: Mapped[date | None]  # NULL: records were corrected or withdrawn
    last_evidence: Mapped[date | None]
    last_record: Mapped[int] = mapped_column(BigInteger)
