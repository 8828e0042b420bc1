"""Reading an .xlsx file: texts, numbers as they are shown, and by their places the cells that nobody typed."""

import re
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils.escape import unescape

from app.intake.domain.grid import (
    CUT,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Grid,
    Note,
    Odd,
    Remark,
    SheetRow,
    Trouble,
    UnreadableError,
    letters,
)
from app.intake.domain.xlsx_parts import sifted

BEFORE_HEADS = 20  # lines of a title and the like
MOST_SHEETS = 20
NAMED = 10  # sheets or columns in a remark
LONGEST_NAME = 31  # of a sheet
_LARGEST = 1e15  # beyond, a spreadsheet has lost digits
_ESCAPED = re.compile(r"_x(?!D[89A-F])[0-9A-F]{4}_", re.IGNORECASE)  # half of a pair is no sign
_ODDS = {"f": Odd.FORMULA, "e": Odd.ERROR_VALUE, "d": Odd.DATE}
_FAULTS = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError, SyntaxError)
warnings.filterwarnings("ignore", module=r"openpyxl\.")  # they repeat what stands in cells, which is for no log


def read(raw: bytes) -> list[Grid]:
    """Return the sheets of a book that are shown, in their order; raise UnreadableError."""
    book = sifted(raw)
    try:
        return _grids(load_workbook(book, keep_links=False).worksheets)
    except _FAULTS as error:  # openpyxl raises whatever a wrong file leads to, some of it not before a cell is asked
        raise UnreadableError(Trouble.DAMAGED) from error


def _grids(sheets: list[Any]) -> list[Grid]:
    shown = [one for one in sheets if one.sheet_state == "visible"]
    if not shown:
        raise UnreadableError(Trouble.NO_ROWS)
    hidden = _named([one for one in sheets if one.sheet_state != "visible"])
    return [_grid(one, _named([other for other in shown if other is not one]), hidden) for one in shown[:MOST_SHEETS]]


def _grid(sheet: Any, others: str, hidden: str) -> Grid:
    lines = _lines(sheet)
    notes = [
        (Remark.SHEET_READ, sheet.title[:LONGEST_NAME] if others else ""),
        (Remark.SHEETS_LEFT_OUT, others),
        (Remark.SHEETS_HIDDEN, hidden),
        (Remark.COLUMNS_HIDDEN, _hidden_columns(sheet)),
        (Remark.ROWS_HIDDEN, _hidden_rows(sheet, lines)),
    ]
    return Grid(lines, tuple(Note(remark, value) for remark, value in notes if value))


def _named(sheets: list[Any]) -> str:
    return ", ".join(one.title[:LONGEST_NAME] for one in sheets[:NAMED])


def _hidden_columns(sheet: Any) -> str:
    widths = [one for one in sheet.column_dimensions.values() if one.hidden]
    columns = {column for one in widths for column in range(one.min, min(one.max, MOST_COLUMNS) + 1)}
    return ", ".join(letters(column - 1) for column in sorted(columns)[:NAMED])


def _hidden_rows(sheet: Any, lines: list[SheetRow]) -> str:
    """Return how many of the lines are hidden, "" for none."""
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    return str(sum(line.number in hidden for line in lines) or "")


def _lines(sheet: Any) -> list[SheetRow]:
    """Return the rows with something in them; cells of merged ranges are marked, also those that hold nothing."""
    starts = {(one.min_row, one.min_col) for one in sheet.merged_cells.ranges}
    rows: dict[int, dict[int, Cell]] = {}
    filled: set[int] = set()
    text = cache(_text)  # thousands of cells may name one text
    # its own way from row to row would make every cell up to the last, be it the last that a sheet can have
    for (row, column), cell in sorted(sheet._cells.items()):  # noqa: SLF001
        if column > MOST_COLUMNS:
            continue
        merged = isinstance(cell, MergedCell) or (row, column) in starts
        found = Cell("") if cell.value is None else _shown(cell, text)
        if found.text.strip() or found.odd is Odd.FORMULA:
            filled.add(row)
        elif not merged:
            continue
        rows.setdefault(row, {})[column - 1] = Cell(found.text, Odd.MERGED) if merged else found
    if len(filled) > MOST_ROWS + BEFORE_HEADS:
        raise UnreadableError(Trouble.TOO_MANY_ROWS)
    return [SheetRow(number, cells) for number, cells in rows.items() if number in filled]


def _shown(cell: Any, text: Callable[[str], str]) -> Cell:
    """Return a cell's text as it is shown, and what is odd about it; what a formula came to is not told."""
    if cell.data_type in _ODDS:
        return Cell("" if cell.data_type == "f" else str(cell.value)[:CUT], _ODDS[cell.data_type])
    if isinstance(cell.value, bool):
        return Cell(str(cell.value).upper())
    if isinstance(cell.value, int | float):
        return _number(cell.value, cell.number_format)
    return Cell(text(cell.value))


def _text(text: str) -> str:
    """Return a text with its escaped signs as themselves."""
    return _ESCAPED.sub(lambda found: unescape(found.group()), text[:CUT])


def _number(value: float, code: str) -> Cell:
    if not abs(value) < _LARGEST:
        return Cell(str(value)[:CUT], Odd.LONG_NUMBER)
    shown = str(int(value)) if value == int(value) else repr(value)
    return Cell(shown if code.strip("0") else shown.zfill(len(code)))
