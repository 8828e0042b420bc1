"""A sheet as cells with their places, whatever file it came in, and why one cannot be read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024 * 1024
MOST_COLUMNS = 100
CUT = 500  # signs of a cell that are read: no field takes as many


class Odd(StrEnum):
    """Why the text of a cell is not what somebody typed."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR_VALUE = "error_value"
    DATE = "date"
    LONG_NUMBER = "long_number"


class Trouble(StrEnum):
    """Why a whole file is refused."""

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
    NO_ROWS = "no_rows"
    ENCODING = "encoding"
    QUOTES = "quotes"
    NUL = "nul"


class UnreadableError(Exception):
    """A file cannot be read; `value` names the place or thing, where there is one."""

    def __init__(self, trouble: Trouble, value: str = "") -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.value = value


class Remark(StrEnum):
    """What whoever sent a sheet should know of how it was read."""

    SHEET_READ = "sheet_read"
    SHEETS_LEFT_OUT = "sheets_left_out"
    SHEETS_HIDDEN = "sheets_hidden"
    COLUMNS_HIDDEN = "columns_hidden"
    ROWS_HIDDEN = "rows_hidden"
    COLUMNS_LEFT_OUT = "columns_left_out"
    ENCODING_GUESSED = "encoding_guessed"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark with what it is about."""

    remark: Remark
    value: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and what is odd about it."""

    text: str
    odd: Odd | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it: its number as a spreadsheet shows it, and its cells by column from 0."""

    number: int
    cells: dict[int, Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's lines in their order."""

    lines: Sequence[SheetRow]
    notes: tuple[Note, ...] = ()


def letters(column: int) -> str:
    """Return a column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
