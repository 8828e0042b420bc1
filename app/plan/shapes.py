"""Frozen results of the plan's queries: totals of a day, counted records, figures entered by hand, notes, locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.figures import figure, total
from app.plan.domain.observations import ObservationState
from app.plan.domain.sums import FigureSum


@dataclass(frozen=True, slots=True)
class IndicatorTotals:
    """An indicator as it is defined on a day, with its sums by country."""

    defined: StoredDefinition
    cells: Mapping[str, FigureSum]

    @property
    def value(self) -> float | None:
        """Return the figure of the community."""
        return self.of(self.cells)

    @property
    def total(self) -> FigureSum:
        """Return the sum over all countries."""
        return total(self.cells)

    def of(self, cells: Mapping[str, FigureSum]) -> float | None:
        """Return the figure of some cells."""
        indicator = self.defined.indicator
        return figure(indicator.rule, indicator.unit, indicator.settings, cells)


@dataclass(frozen=True, slots=True)
class CountedRecord:
    """A record that counts in a figure on each day from `since` to `until` (None: without end)."""

    number: int
    code: str
    version: int
    thing: str  # "completion", "enrolment:<id>", "active", "core", "session:<id>:<person>", "event", "language:ar" ...
    subject: UUID
    person_id: UUID | None
    since: date
    until: date | None
    country: str
    agency_kind: str
    role: str
    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True)
class Observed:
    """A figure entered by hand."""

    id: UUID
    code: str
    version: int
    country: str
    day: date
    value: float
    source: str
    state: ObservationState
    entered_by: UUID
    entered_at: datetime
    decided_by: UUID | None
    approved_at: datetime | None
    reason: str
    has_file: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note on an outcome or output."""

    text: str
    written_by: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True)
class FigureCheckRun:
    """The newest run of the invariant checker; `messages` are its first messages."""

    began_at: datetime
    ended_at: datetime
    checked: int
    faults: int
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LockLine:
    """A quarter whose lock is proposed, or agreed to (`locked_at`)."""

    quarter_end: date
    proposed_by: UUID
    proposed_at: datetime
    agreed_by: UUID | None
    locked_at: datetime | None
    sha256: str | None
    figures: int
    last_record: int


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """A change of a locked figure of a country by late evidence, or by records withdrawn (no days of evidence)."""

    quarter_end: date
    code: str
    version: int
    country: str
    counts_in: date
    noted_on: date
    numerator: float
    denominator: float
    first_evidence: date | None
    last_evidence: date | None
    last_record: int

    @property
    def amount(self) -> FigureSum:
        """Return the change as sums."""
        return FigureSum(self.numerator, self.denominator)
