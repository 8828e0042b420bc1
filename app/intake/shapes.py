"""What is kept of a sheet and shown of an import, as it passes between the parts of this room."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.identity.domain.roles import GUARDED
from app.intake.domain.grid import Note
from app.intake.domain.undo import Outcome
from app.intake.domain.validation import Change, Judged, Kind
from app.kernel.shapes import ready


@dataclass(frozen=True, slots=True)
class Content:
    """A sheet as it was read and judged."""

    rows: tuple[Judged, ...]
    notes: tuple[Note, ...] = ()

    def counts(self) -> Mapping[Kind, int]:
        """Return how many rows there are of each kind."""
        found = Counter(row.kind for row in self.rows)
        return {kind: found[kind] for kind in Kind}

    @property
    def can_be_imported(self) -> bool:
        """Say whether no row is wrong and some say something new."""
        counts = self.counts()
        return not counts[Kind.WRONG] and counts[Kind.NEW] + counts[Kind.CHANGED] > 0

    @property
    def guarded(self) -> bool:
        """Say whether somebody is invited to a role that opens names or gives roles."""
        return any(row.kind is Kind.NEW and row.row.role in GUARDED for row in self.rows)


@dataclass(frozen=True, slots=True)
class Kept:
    """A checked sheet of whoever asks."""

    id: UUID
    person_id: UUID
    content: Content
    made_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """An import in the list."""

    id: UUID
    person_id: UUID
    country: str
    invited: int
    changed: int
    same: int
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """The rows of an import: how many, and how many an undoing left as they were or set back."""

    rows: int
    kept: int
    set_back: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row of an import."""

    number: int
    invitation_id: UUID | None
    person_id: UUID | None
    alias: str
    columns: tuple[str, ...]  # names of what was changed; none once the time to undo is over
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """That somebody wants to take more people along than one may alone."""

    id: UUID
    person_id: UUID
    country: str
    alias: str
    asked_at: datetime
    ends_at: datetime
    allowed: bool | None  # None: nobody has answered


ready(Content, tuple[Change, ...])
