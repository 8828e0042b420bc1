"""Rules of a run: kinds, states, steps, lease, failure number, retention."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.kernel.errors import DomainError
from app.plan.domain.cells import quarter_end
from app.reports.domain.forms import ReportFormat

LEASE = timedelta(minutes=5)  # a run whose process died is taken by the next one after this time
MOST_TRIES = 3  # afterwards the run has failed
MONTHS_STORED = 24
SUBJECT_LENGTH = 80
NUMBER_LENGTH = 8


class ReportKind(StrEnum):
    """A kind of report."""

    QUARTERLY = "quarterly"
    COUNTRY = "country"
    WORKSHOP = "workshop"
    DONORS = "donors"


class RunState(StrEnum):
    """The state of a run."""

    QUEUED = "queued"
    FREEZING = "freezing"
    DRAWING = "drawing"
    READY = "ready"
    FAILED = "failed"


OPEN = (RunState.QUEUED, RunState.FREEZING, RunState.DRAWING)
ENDED = (RunState.READY, RunState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A report to make. `subject` is a country, the id of a workshop or a donor; `is_exact`: for the own country.

    `country` is the country concerned: of a country sheet, or the host of a workshop.
    """

    kind: ReportKind
    period_end: date
    compared_end: date | None
    language: str
    forms: frozenset[ReportFormat]
    subject: str = ""
    country: str = ""
    is_exact: bool = False


def check(request: ReportRequest, today: date) -> None:
    """Raise DomainError for a period that is no past quarter, a later compared period, or a missing subject or form."""
    _check_period(request.period_end, request.compared_end, today)
    if (request.kind is ReportKind.QUARTERLY) == bool(request.subject):
        raise DomainError("Choose the country, workshop or donor of the report.")
    if not request.forms:
        raise DomainError("Choose at least one form.")
    if request.is_exact and request.kind is not ReportKind.COUNTRY:
        raise DomainError("Only a country sheet has exact numbers.")


def _check_period(period_end: date, compared_end: date | None, today: date) -> None:
    if period_end != quarter_end(period_end) or period_end >= today:
        raise DomainError("Choose a quarter that has ended.")
    if compared_end is not None and not _precedes(compared_end, period_end):
        raise DomainError("Choose an earlier quarter to compare with.")


def _precedes(compared: date, period: date) -> bool:
    return compared == quarter_end(compared) and compared < period


def ordered_forms(forms: frozenset[ReportFormat]) -> list[ReportFormat]:
    """Return forms in the order in which they are drawn; the JSON file always belongs to a report."""
    return [form for form in ReportFormat if form in forms or form is ReportFormat.JSON]


def number_of(run_id: UUID) -> str:
    """Return the number to quote of a run."""
    return hashlib.sha256(run_id.bytes).hexdigest()[:NUMBER_LENGTH].upper()


def expiry(now: datetime) -> datetime:
    """Return the time before which ended runs are deleted: 24 months ago."""
    months = now.year * 12 + now.month - 1 - MONTHS_STORED
    return now.replace(year=months // 12, month=months % 12 + 1, day=1)
