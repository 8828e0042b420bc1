"""Tables: runs of reports with their frozen JSON, files, drafts of texts, schedules with recipients, donors' lines."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed, text_enum
from app.reports.domain.donors import CODE_LIMIT, DONOR_LIMIT, INDICATOR_LIMIT, WORDING_LIMIT
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import SUBJECT_LENGTH, ReportKind, RunState
from app.reports.domain.schedules import SchedulePeriod
from app.reports.domain.texts import SUMMARY_LIMIT

HASH = 64  # hexadecimal digits
LANGUAGE, FORMS, SECTION = 16, 32, 80


class ReportRun(Keyed):
    """A report: requested, frozen once, drawn in its forms.

    `subject` is a country, the id of a workshop or a donor; `country` the country concerned, or "".
    `step` of `steps` files are drawn. `leased_until`: a process works on the run.
    """

    __tablename__ = "report_run"
    __table_args__ = (
        CheckConstraint("(kind = 'quarterly') = (subject = '')", "subject_is_named"),
        CheckConstraint("is_exact = false OR (kind = 'country' AND country <> '')", "exact_is_of_a_country"),
        CheckConstraint("(frozen IS NULL) = (sha256 = '')", "frozen_has_a_hash"),
        CheckConstraint("state NOT IN ('drawing', 'ready') OR frozen IS NOT NULL", "drawn_is_frozen"),
        CheckConstraint("(state IN ('ready', 'failed')) = (ended_at IS NOT NULL)", "ended_says_when"),
        CheckConstraint("compared_end IS NULL OR compared_end < period_end", "compared_is_earlier"),
        CheckConstraint("step BETWEEN 0 AND steps", "step_is_one_of_the_steps"),
        CheckConstraint("replaced_by IS NULL OR state = 'ready'", "replaced_was_ready"),
        Index(None, "state", "requested_at"),
        Index(None, "kind", "period_end"),
        Index(None, "sha256"),
    )

    kind: Mapped[ReportKind] = mapped_column(text_enum(ReportKind))
    period_end: Mapped[date]
    compared_end: Mapped[date | None]
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    is_exact: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(LANGUAGE))
    forms: Mapped[str] = mapped_column(String(FORMS))
    state: Mapped[RunState] = mapped_column(text_enum(RunState))
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    frozen: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # canonical JSON
    sha256: Mapped[str] = mapped_column(String(HASH), default="")
    error: Mapped[str] = mapped_column(String(HASH), default="")  # position in the code, for operators
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    schedule_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_schedule.id"))
    requested_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("report_run.id"))
    submission: Mapped[str | None] = mapped_column(String(HASH), unique=True)  # of the form that requested it


class ReportFile(Base):
    """A file of a report."""

    __tablename__ = "report_file"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("report_run.id"), primary_key=True)
    form: Mapped[ReportFormat] = mapped_column(text_enum(ReportFormat, "reportform"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(HASH))


class ReportText(Base):
    """The draft of a text field of a report in one language."""

    __tablename__ = "report_text"

    kind: Mapped[ReportKind] = mapped_column(text_enum(ReportKind), primary_key=True)
    period_end: Mapped[date] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH), primary_key=True, default="")
    section: Mapped[str] = mapped_column(String(SECTION), primary_key=True)
    language: Mapped[str] = mapped_column(String(LANGUAGE), primary_key=True)
    text: Mapped[str] = mapped_column(String(SUMMARY_LIMIT))
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class ReportSchedule(Keyed):
    """A report that is made the day after each period; `ended_at` None: it runs."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        CheckConstraint("(kind = 'quarterly') = (subject = '')", "subject_is_named"),
        Index(None, "ended_at", "next_on"),
    )

    kind: Mapped[ReportKind] = mapped_column(text_enum(ReportKind))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    period: Mapped[SchedulePeriod] = mapped_column(text_enum(SchedulePeriod))
    forms: Mapped[str] = mapped_column(String(FORMS))
    languages: Mapped[str] = mapped_column(String(SECTION))
    next_on: Mapped[date]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ReportRecipient(Base):
    """A person who gets the link to the reports of a schedule."""

    __tablename__ = "report_recipient"

    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("report_schedule.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)


class DonorLine(Keyed):
    """A line of a donor's results table with our indicator."""

    __tablename__ = "donor_line"
    __table_args__ = (UniqueConstraint("donor", "code"),)

    donor: Mapped[str] = mapped_column(String(DONOR_LIMIT))
    code: Mapped[str] = mapped_column(String(CODE_LIMIT))
    wording: Mapped[str] = mapped_column(String(WORDING_LIMIT))
    indicator: Mapped[str] = mapped_column(String(INDICATOR_LIMIT))
