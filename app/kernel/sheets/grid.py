"""Cells of a sheet with their positions, the same for each file format, size limits, and errors of whole files."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024 * 1024
MOST_COLUMNS = 100
CUT = 500  # characters of a cell that are read: no field takes as many


class CellDefect(StrEnum):
    """Why the content of a cell cannot be used as typed text."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR_VALUE = "error_value"
    DATE = "date"
    LONG_NUMBER = "long_number"


class FileProblem(StrEnum):
    """Why a whole file is rejected."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_A_SHEET = "not_a_sheet"
    OLD_OR_LOCKED = "old_or_locked"
    DAMAGED = "damaged"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    DOCTYPE = "doctype"
    MERGED = "merged"
    NO_HEADS = "no_heads"
    HEAD_TWICE = "head_twice"
    HEAD_UNKNOWN = "head_unknown"
    NO_ROWS = "no_rows"
    ENCODING = "encoding"
    QUOTES = "quotes"
    NUL = "nul"


class UnreadableError(Exception):
    """A file cannot be read; `value` is the row, the header or the columns concerned, "" for none."""

    def __init__(self, problem: FileProblem, value: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.value = value


class Remark(StrEnum):
    """Kinds of notes about how a sheet was read."""

    SHEET_READ = "sheet_read"
    SHEETS_LEFT_OUT = "sheets_left_out"
    SHEETS_HIDDEN = "sheets_hidden"
    COLUMNS_HIDDEN = "columns_hidden"
    ROWS_HIDDEN = "rows_hidden"
    COLUMNS_LEFT_OUT = "columns_left_out"
    ENCODING_GUESSED = "encoding_guessed"


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """A remark about how a sheet was read; `value` names the sheets, columns or number of rows concerned."""

    remark: Remark
    value: str = ""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """The text of a cell, and its defect or None."""

    text: str
    defect: CellDefect | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty: its number in the spreadsheet, and its cells by column from 0."""

    number: int
    cells: dict[int, SheetCell]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a sheet in their order."""

    lines: Sequence[SheetRow]
    notes: tuple[ReadingNote, ...] = ()
