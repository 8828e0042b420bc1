"""Values that queries of reports return: runs, files, drafts of texts, schedules, lines of donors."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.reports.domain import runs
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest, RunState
from app.reports.domain.schedules import SchedulePeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run without its frozen JSON; `step` of `steps` files are drawn."""

    id: UUID
    kind: ReportKind
    period_end: date
    compared_end: date | None
    subject: str
    country: str
    is_exact: bool
    language: str
    forms: frozenset[ReportFormat]
    state: RunState
    step: int
    steps: int
    sha256: str
    requested_by: UUID | None
    schedule_id: UUID | None
    requested_at: datetime
    frozen_at: datetime | None
    ended_at: datetime | None
    replaced_by: UUID | None

    @property
    def is_ready(self) -> bool:
        """Return whether the report is ready."""
        return self.state is RunState.READY

    @property
    def countries(self) -> Collection[str]:
        """Return the country concerned, none for a report about all."""
        return [self.country] if self.country else []

    @property
    def number(self) -> str:
        """Return the number to quote."""
        return runs.number_of(self.id)

    @property
    def request(self) -> ReportRequest:
        """Return what was requested."""
        return ReportRequest(
            kind=self.kind,
            period_end=self.period_end,
            compared_end=self.compared_end,
            language=self.language,
            forms=self.forms,
            subject=self.subject,
            country=self.country,
            is_exact=self.is_exact,
        )


@dataclass(frozen=True, slots=True)
class ReportFileLine:
    """A file of a report with its size in bytes."""

    form: ReportFormat
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a text field with its author and time."""

    text: str
    saved_by: UUID
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """A schedule with its recipients."""

    id: UUID
    kind: ReportKind
    subject: str
    country: str
    period: SchedulePeriod
    forms: frozenset[ReportFormat]
    languages: Sequence[str]
    next_on: date
    created_by: UUID
    recipients: Collection[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorLineFacts:
    """A line of a donor's results table."""

    id: UUID
    donor: str
    code: str
    wording: str
    indicator: str


Texts = Mapping[str, str]  # by section
