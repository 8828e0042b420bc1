"""Events of checked sheets, imports, and exports of officers."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetChecked(Event):
    """A sheet was checked and not imported yet; `elsewhere` is the number of addresses of other countries."""

    sheet_id: UUID
    country: str  # "" for a sheet of several countries
    rows: int
    wrong: int
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStopped(Event):
    """A sheet was deleted without a result: too many of its addresses are of other countries."""

    country: str  # "" for a sheet of several countries
    rows: int
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSeen(Event):
    """The sender viewed a checked sheet, with saved data of the people in it."""

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
    """An import was undone; `kept` rows had changed since and are left unchanged."""

    batch_id: UUID
    country: str
    undone: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersExported(Event):
    """A user exported the names of the officers of the own country."""

    country: str
    agency_id: UUID | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(Event):
    """A user requested to export more people than allowed alone; a second person must approve."""

    wish_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAnswered(Event):
    wish_id: UUID
    country: str
    allowed: bool
