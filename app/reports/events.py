"""Audit events of reports. They contain ids, kinds and days, no text and no number."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequested(Event):
    """A report was requested, by a user or a schedule; `country` as in the run."""

    run_id: UUID
    country: str
    report: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFrozen(Event):
    """The numbers of a report were frozen."""

    run_id: UUID
    country: str
    report: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEnded(Event):
    """A report is ready, or its making failed."""

    run_id: UUID
    country: str
    report: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDownloaded(Event):
    """A file of a report was downloaded; `form`: pdf, docx, xlsx, json."""

    run_id: UUID
    country: str
    report: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTextSaved(Event):
    """The draft of a text of a report was saved."""

    report: str
    country: str
    day: date
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportScheduled(Event):
    """A schedule of reports was created or ended."""

    schedule_id: UUID
    report: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorLineChanged(Event):
    """A line of a donor was created or deleted."""

    line_id: UUID
    code: str
    state: str
