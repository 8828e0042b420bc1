"""Audit events of the plan: definitions, figures entered and decided, records viewed, notes, checks, locks."""

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
