"""Frozen results of the plan's queries: totals of a day, records, figures by hand, targets, needs, notes, locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.kernel.shapes import ready
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.figures import figure, total
from app.plan.domain.observations import ObservationState
from app.plan.domain.planned_needs import PlannedNeedState
from app.plan.domain.sums import FigureSum
from app.plan.domain.targets import TargetCell, TargetOpinion, TargetState
from app.plan.domain.value_sheets import CheckedValue, SheetKind, ValueKind, ValueOutcome


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


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """A version of a target; `country` is empty for the community as a whole."""

    id: UUID
    code: str
    country: str
    period: str
    version: int
    value: float
    second: float | None
    state: TargetState
    reason: str
    valid_from: date
    set_by: UUID
    set_at: datetime
    agreed_by: UUID | None
    agreed_at: datetime | None

    @property
    def cell(self) -> TargetCell:
        """Return the cell that the target is of."""
        return TargetCell(self.code, self.country, self.period)


@dataclass(frozen=True, slots=True)
class TargetNoteLine:
    """The opinion of a contact point on a version of a target."""

    target_id: UUID
    opinion: TargetOpinion
    text: str
    written_by: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedNeedVersion:
    """A version of a planned need; `role` is "*" for all officers."""

    id: UUID
    country: str
    role: str
    version: int
    value: int
    day: date
    source: str
    state: PlannedNeedState
    set_by: UUID
    set_at: datetime
    agreed_by: UUID | None
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SheetContent:
    """The checked rows of a sheet, and the letters of its columns by name."""

    rows: tuple[CheckedValue, ...]
    letters: Mapping[str, str]

    def of_kind(self, kind: ValueKind) -> list[CheckedValue]:
        """Return the rows of a kind."""
        return [checked for checked in self.rows if checked.kind is kind]

    @property
    def writable(self) -> list[CheckedValue]:
        """Return the rows that a sheet without a wrong row writes."""
        return [checked for checked in self.rows if checked.kind in {ValueKind.NEW, ValueKind.CHANGED}]

    @property
    def can_be_written(self) -> bool:
        """Return whether no row is wrong and at least one is new or changed."""
        return not self.of_kind(ValueKind.WRONG) and bool(self.writable)


@dataclass(frozen=True, slots=True)
class SavedValueSheet:
    """A checked sheet of the actor."""

    id: UUID
    kind: SheetKind
    content: SheetContent
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ValueBatchSummary:
    """The values that a sheet wrote."""

    id: UUID
    kind: SheetKind
    country: str
    added: int
    changed: int
    same: int
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ValueBatchLine:
    """A row of a sheet that was written; `outcome` None: not undone."""

    number: int
    record_id: UUID
    replaced_id: UUID | None
    outcome: ValueOutcome | None


ready(SheetContent)
