"""Audit events of the plan: definitions, figures, targets, needs, locked quarters, records viewed, notes, checks."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionsLoaded(Event):
    """The definitions of a plan were loaded; `codes` are the indicators with a new definition."""

    reference: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEntered(Event):
    observation_id: UUID
    code: str
    country: str
    day: date
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDecided(Event):
    observation_id: UUID
    code: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWithdrawn(Event):
    """A figure that waited was deleted: the sheet that entered it was undone."""

    observation_id: UUID
    code: str
    country: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWithdrawn(Event):
    """A proposed target is a draft of its author again, or was deleted: the sheet that proposed it was undone."""

    target_id: UUID
    code: str
    country: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNeedWithdrawn(Event):
    """A proposed need was deleted: the sheet that proposed it was undone."""

    need_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSheetExported(Event):
    """A prefilled sheet of values was downloaded; `kind`: figures, needs, targets, completions."""

    kind: str
    country: str  # "" for several countries
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSheetChecked(Event):
    """A sheet of values was checked and not written yet."""

    sheet_id: UUID
    kind: str
    country: str
    rows: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSheetDropped(Event):
    """A checked sheet of values was deleted by its sender; nothing was written."""

    sheet_id: UUID
    kind: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSheetWritten(Event):
    """The values of a sheet were written as one step; a second person still agrees where the kind needs one."""

    batch_id: UUID
    kind: str
    country: str
    added: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSheetUndone(Event):
    """The values of a sheet were undone; `kept` of them were agreed or changed since."""

    batch_id: UUID
    kind: str
    country: str
    undone: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsSeen(Event):
    """The records behind a figure were viewed or exported (`form`: page, csv, xlsx)."""

    code: str
    country: str
    form: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Event):
    note_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProposed(Event):
    """A draft or proposal of a target was saved, or a draft was proposed (`state`)."""

    target_id: UUID
    code: str
    country: str
    period: str
    version: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAgreed(Event):
    target_id: UUID
    code: str
    country: str
    period: str
    version: int
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetNoted(Event):
    """The contact point of a country noted an opinion on its target (`opinion`: agreement, objection)."""

    target_id: UUID
    code: str
    country: str
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNeedProposed(Event):
    need_id: UUID
    country: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNeedAgreed(Event):
    need_id: UUID
    country: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDone(Event):
    faults: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodProposed(Event):
    """A coordinator proposed to lock the quarter that ends on `quarter_end`."""

    quarter_end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLocked(Event):
    """A second coordinator locked a quarter with so many frozen figures; `sha256` is their hash."""

    quarter_end: date
    frozen_figures: int
    sha256: str
