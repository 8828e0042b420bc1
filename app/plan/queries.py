"""Reading the plan: definitions, figures of any day, the records behind them, what was entered by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.domain.references.plan import Plan
from app.plan.domain.definitions import Collected, Defined
from app.plan.domain.figures import Sum
from app.plan.domain.observations import ObservationState


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator on a day; `value` is None where there is nothing to tell, percents run from 0 to 100."""

    code: str
    version: int
    sum: Sum
    value: float | None
    collected: Collected


@dataclass(frozen=True, slots=True)
class Row:
    """A record that counts: what it adds to a figure on each day from `since` to `until` (None: for good)."""

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


@dataclass(frozen=True, slots=True)
class Noted:
    """A note on an outcome or output."""

    id: UUID
    code: str
    text: str
    written_by: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """The newest run of the invariant checker; `told` are its first sentences."""

    began_at: datetime
    ended_at: datetime
    checked: int
    faults: int
    told: tuple[str, ...]


def plan_of(day: date | None = None) -> Plan | None:
    """Return the plan as it was loaded by the end of a day (the first one before that), by default the newest."""
    raise NotImplementedError


def definitions() -> list[Defined]:
    """Return every stored version of every definition, by code and version."""
    raise NotImplementedError


def definition(code: str, day: date) -> Defined:
    """Return the version of a day, or raise NoResultFound for a code that no plan ever had."""
    raise NotImplementedError


def figures(day: date, *, country: str = "", agency_kind: str = "", role: str = "") -> dict[str, Figure]:
    """Return the figure of every indicator on a day (a past one, or a future one: the forecast), by code."""
    raise NotImplementedError


def cells(code: str, day: date, split: str, *, country: str = "") -> dict[str, Sum]:
    """Return the sums of an indicator by `country`, `agency_kind` or `role`; cells without a record are left out."""
    raise NotImplementedError


def figures_by_country(day: date) -> dict[str, dict[str, Figure]]:
    """Return the figures of all indicators for every country that has a record: country, then code."""
    raise NotImplementedError


def line(code: str, days: Sequence[date], *, country: str = "") -> list[float | None]:
    """Return the figure on each of these days."""
    raise NotImplementedError


def rows(
    code: str,
    day: date,
    *,
    country: str = "",
    agency_kind: str = "",
    role: str = "",
    after: int = 0,
    size: int = 100,
) -> list[Row]:
    """Return the records that count on a day, by number, after a number."""
    raise NotImplementedError


def count_rows(code: str, day: date, *, country: str = "", agency_kind: str = "", role: str = "") -> int:
    """Return how many records count on a day."""
    raise NotImplementedError


def row(number: int) -> Row:
    """Return a record by its number, or raise NoResultFound."""
    raise NotImplementedError


def observations(
    code: str | None = None, state: ObservationState | None = None, *, country: str | None = None, size: int = 200
) -> list[Observed]:
    """Return figures entered by hand, the newest first."""
    raise NotImplementedError


def observation(observation_id: UUID) -> Observed:
    """Return a figure entered by hand, or raise NoResultFound."""
    raise NotImplementedError


def file(observation_id: UUID) -> tuple[bytes, str]:
    """Return the PDF behind a figure and its SHA-256, or raise NoResultFound."""
    raise NotImplementedError


def notes(code: str) -> list[Noted]:
    """Return the notes on an outcome or output, the newest first."""
    raise NotImplementedError


def newest_check() -> Checked | None:
    """Return the newest run of the invariant checker."""
    raise NotImplementedError
