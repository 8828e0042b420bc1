"""Checked sheets, imports and export requests, as queries and services return them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.identity.domain.roles import GUARDED
from app.intake.domain.undo import UndoOutcome
from app.intake.domain.validation import CheckedRow, RowKind, ValueChange
from app.kernel.shapes import ready
from app.kernel.sheets.grid import ReadingNote


@dataclass(frozen=True, slots=True)
class Content:
    """The rows of a sheet with their results, and notes about how it was read."""

    rows: tuple[CheckedRow, ...]
    notes: tuple[ReadingNote, ...] = ()

    def counts(self) -> Mapping[RowKind, int]:
        """Return how many rows there are of each kind."""
        return {kind: len(self.of_kind(kind)) for kind in RowKind}

    def of_kind(self, kind: RowKind) -> list[CheckedRow]:
        """Return the rows of a kind."""
        return [checked for checked in self.rows if checked.kind is kind]

    @property
    def can_be_imported(self) -> bool:
        """Return whether no row is wrong and at least one is new or changed."""
        counts = self.counts()
        return not counts[RowKind.WRONG] and counts[RowKind.NEW] + counts[RowKind.CHANGED] > 0

    @property
    def guarded(self) -> bool:
        """Return whether a row invites to a role that sees names or assigns roles."""
        return any(row.kind is RowKind.NEW and row.row.role in GUARDED for row in self.rows)


@dataclass(frozen=True, slots=True)
class SavedSheet:
    """A checked sheet of the actor."""

    id: UUID
    content: Content
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """An import in the list."""

    id: UUID
    country: str
    invited: int
    changed: int
    same: int
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """The number of rows of an import, and of the rows that undoing left unchanged or restored."""

    rows: int
    unchanged: int
    restored: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row of an import."""

    number: int
    invitation_id: UUID | None
    person_id: UUID | None
    alias: str
    columns: tuple[str, ...]  # names of the changed values; empty if the import can no longer be undone
    outcome: UndoOutcome | None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """A request to export more people than a user may export without a second person."""

    id: UUID
    country: str
    alias: str
    asked_at: datetime
    allowed: bool | None  # None: not answered


ready(Content, tuple[ValueChange, ...])
