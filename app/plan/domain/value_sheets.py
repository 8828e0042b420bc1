"""Sheets of values that go out prefilled and come back: their kinds, columns, rows and the results of a check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

UNDO_FOR = timedelta(days=30)
SHEET_LIFE = timedelta(hours=24)
WAS, VALUE = "was", "value"
SHOWN = 80  # characters of a wrong value that the page shows
Key = tuple[str, ...]


class SheetKind(StrEnum):
    """What a sheet has values of."""

    FIGURES = "figures"  # entered by hand
    NEEDS = "needs"
    TARGETS = "targets"
    COMPLETIONS = "completions"  # of courses, elsewhere


class ColumnType(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"


class ColumnUse(StrEnum):
    """What a column is for: to find the row, to inform, or to be filled."""

    KEY = "key"
    INFO = "info"
    WAS = "was"  # the value at the time of the download
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column by its name in the first row of the sheet; `choices` are allowed texts with their values."""

    name: str
    use: ColumnUse
    type: ColumnType = ColumnType.TEXT
    is_required: bool = False
    longest: int = 300
    is_locked: bool = True


@dataclass(frozen=True, slots=True)
class SheetFormat:
    """The columns of a kind of sheet, `was` and `value` among them; `has_new_keys`: rows may be added."""

    kind: SheetKind
    columns: tuple[SheetColumn, ...]
    has_new_keys: bool = False

    def of_use(self, use: ColumnUse) -> list[SheetColumn]:
        """Return the columns of a use."""
        return [column for column in self.columns if column.use is use]

    @property
    def names(self) -> list[str]:
        """Return the names of the columns in their order."""
        return [column.name for column in self.columns]


class ValueKind(StrEnum):
    """The result of checking a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


class ValueReason(StrEnum):
    """Why a cell is wrong; starts with the values of `CellDefect`."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR_VALUE = "error_value"
    DATE = "date"
    LONG_NUMBER = "long_number"
    TOO_LONG = "too_long"
    UNKNOWN_KEY = "unknown_key"
    TWICE = "twice"
    CHANGED_MEANWHILE = "changed_meanwhile"
    EMPTIED = "emptied"
    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    NOT_A_CHOICE = "not_a_choice"
    RULE = "rule"  # `message` says which


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """A problem of a cell; `current` is the value in the academy, `row` the number of the other row concerned.

    `message` and `values` are those of a DomainError.
    """

    column: str
    reason: ValueReason
    value: str = ""
    current: str = ""
    row: int = 0
    message: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EnteredRow:
    """A row as it was read: its number in the sheet, its key, what was in the academy, and the filled cells."""

    number: int
    key: Key
    was: str
    entries: Mapping[str, str]  # by name of the column; canonical if it could be read
    problems: tuple[ValueProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class EnteredSheet:
    """The rows of a file, and the letters of its columns by name."""

    rows: tuple[EnteredRow, ...]
    letters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExistingRow:
    """A row that the academy has or allows: its value ("": none), the other entries, and the cells that inform."""

    key: Key
    value: str = ""
    entries: Mapping[str, str] = field(default_factory=dict)
    info: Mapping[str, str] = field(default_factory=dict)
    label: str = ""  # names the row on the pages
    further: str = ""  # of `was`, beside the value

    @property
    def was(self) -> str:
        """Return what the column `was` has of this row."""
        return f"{self.value}; {self.further}" if self.further else self.value


@dataclass(frozen=True, slots=True)
class CheckedValue:
    """A row with the result of its check; `before` is the value in the academy."""

    row: EnteredRow
    kind: ValueKind
    label: str = ""
    before: str = ""
    problems: tuple[ValueProblem, ...] = ()

    @property
    def value(self) -> str:
        """Return the value in the sheet."""
        return self.row.entries.get(VALUE, "")


class ValueOutcome(StrEnum):
    """The result of undoing a row."""

    UNDONE = "undone"
    AGREED = "agreed"  # a second person has agreed since
    CHANGED = "changed"  # it has changed since
    LOCKED = "locked"  # its period is locked
    GONE = "gone"  # the officer no longer serves in the country
