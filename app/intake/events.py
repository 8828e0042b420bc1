"""What this room tells others."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetChecked(Event):
    """Somebody brought in a sheet, which is not imported yet; `elsewhere` of its addresses are of other countries."""

    sheet_id: UUID
    country: str  # "" where the sheet reaches beyond one
    rows: int
    wrong: int
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStopped(Event):
    """A sheet was forgotten unanswered: too many of its addresses are of other countries."""

    country: str  # "" where the sheet reaches beyond one
    rows: int
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSeen(Event):
    """Its owner looked at a checked sheet, with what is known of the people in it."""

    sheet_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDropped(Event):
    sheet_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetImported(Event):
    batch_id: UUID
    country: str
    invited: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone(Event):
    """An import was taken back; `kept` of its rows had gone on meanwhile and stay."""

    batch_id: UUID
    country: str
    undone: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersExported(Event):
    """Somebody took the names of the own country's officers along as a file."""

    country: str
    agency_id: UUID | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(Event):
    """Somebody wants to take more people along than one may alone; a second person has to agree."""

    wish_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAnswered(Event):
    wish_id: UUID
    country: str
    allowed: bool
