"""What a kind of sheet is made of: its columns, its rows in the academy, and how rows are written and undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.access.policy import Action, Actor
from app.plan.domain.sheet_checks import Rule
from app.plan.domain.value_sheets import CheckedValue, EnteredRow, ExistingRow, Key, SheetFormat, ValueOutcome
from app.plan.shapes import ValueBatchLine


@dataclass(frozen=True, slots=True)
class SheetComparison:
    """The rows of a sheet with canonical keys, the rows of the academy by key, and the rule of this kind."""

    rows: Sequence[EnteredRow]
    existing: Mapping[Key, ExistingRow]
    rule: Rule


@dataclass(frozen=True, slots=True)
class WriteContext:
    """Who writes or undoes a sheet and when, the document behind its values (empty: none), and the locked quarters."""

    by: Actor
    now: datetime
    document: bytes = b""
    locked: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """The record that a row made, and the one that it replaced."""

    record_id: UUID
    replaced_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SheetSource:
    """A kind of sheet; `part` is the day or period that a download is for."""

    format: SheetFormat
    action: Action  # that writes a value on the page
    prefilled: Callable[[Actor, str, date], Sequence[ExistingRow]]
    compare: Callable[[Actor, Sequence[EnteredRow], datetime], SheetComparison]
    write: Callable[[Sequence[CheckedValue], WriteContext], Sequence[WrittenRow]]
    undo: Callable[[ValueBatchLine, WriteContext], ValueOutcome]
    count_people: bool = False  # the file has people, which count towards the daily limit
    needs_document: bool = False
