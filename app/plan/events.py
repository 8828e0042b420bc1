"""Audit events of the plan: definitions loaded, figures, targets, planned needs, records viewed, notes, checks."""

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
