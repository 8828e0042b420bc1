"""Read an .xlsx file: texts, numbers as they are displayed, and the positions of cells that were not typed."""

import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from app.kernel.sheets import grid
from app.kernel.sheets.grid import CellDefect, FileProblem, Grid, Remark, SheetCell, SheetRow, UnreadableError
from app.kernel.sheets.xlsx_parts import cells_only

BEFORE_HEADS = 20  # lines of a title and the like
MOST_SHEETS = 20
MOST_NAMES = 10  # sheets or columns in a note
LONGEST_NAME = 31  # of a sheet
_LARGEST = 1e15  # a spreadsheet loses digits of larger numbers
_ESCAPED = re.compile(r"_x(?!D[89A-F])[0-9A-F]{4}_", re.IGNORECASE)  # not half of a surrogate pair
_DEFECTS = {"f": CellDefect.FORMULA, "e": CellDefect.ERROR_VALUE, "d": CellDefect.DATE}
_FAULTS = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError, SyntaxError)
warnings.filterwarnings("ignore", module=r"openpyxl\.")  # they contain texts of cells, which must not be logged


def read(raw: bytes) -> list[Grid]:
    """Return the visible sheets of a book in their order; raise UnreadableError."""
    book = cells_only(raw)
    try:
        return _grids(load_workbook(book, keep_links=False).worksheets)
    except _FAULTS as error:  # openpyxl raises many kinds of errors, some only when a cell is read
        raise UnreadableError(FileProblem.DAMAGED) from error


def _grids(sheets: list[Any]) -> list[Grid]:
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not visible:
        raise UnreadableError(FileProblem.NO_ROWS)
    hidden = _names([sheet for sheet in sheets if sheet.sheet_state != "visible"])
    return [
        _grid(sheet, _names([other for other in visible if other is not sheet]), hidden)
        for sheet in visible[:MOST_SHEETS]
    ]


def _grid(sheet: Any, others: str, hidden: str) -> Grid:
    lines = _lines(sheet)
    notes = [
        (Remark.SHEET_READ, sheet.title[:LONGEST_NAME] if others else ""),
        (Remark.SHEETS_LEFT_OUT, others),
        (Remark.SHEETS_HIDDEN, hidden),
        (Remark.COLUMNS_HIDDEN, _hidden_columns(sheet)),
        (Remark.ROWS_HIDDEN, _hidden_rows(sheet, lines)),
    ]
    return Grid(lines, tuple(grid.ReadingNote(remark, value) for remark, value in notes if value))


def _names(sheets: list[Any]) -> str:
    return ", ".join(sheet.title[:LONGEST_NAME] for sheet in sheets[:MOST_NAMES])


def _hidden_columns(sheet: Any) -> str:
    hidden = [span for span in sheet.column_dimensions.values() if span.hidden]
    columns = {column for span in hidden for column in range(span.min, min(span.max, grid.MOST_COLUMNS) + 1)}
    return ", ".join(get_column_letter(column) for column in sorted(columns)[:MOST_NAMES])


def _hidden_rows(sheet: Any, lines: list[SheetRow]) -> str:
    """Return the number of hidden rows as text, "" for none."""
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    return str(sum(line.number in hidden for line in lines) or "")


def _lines(sheet: Any) -> list[SheetRow]:
    """Return the rows that are not empty."""
    rows: dict[int, dict[int, SheetCell]] = {}
    filled: set[int] = set()
    for row, column, cell, is_filled in _cells(sheet):
        rows.setdefault(row, {})[column - 1] = cell
        if is_filled:
            filled.add(row)
    if len(filled) > grid.MOST_ROWS + BEFORE_HEADS:
        raise UnreadableError(FileProblem.TOO_MANY_ROWS)
    return [SheetRow(number, cells) for number, cells in rows.items() if number in filled]


def _cells(sheet: Any) -> Iterator[tuple[int, int, SheetCell, bool]]:
    """Yield each cell that is filled or merged: row, column, content, and whether it is filled."""
    starts = {(area.min_row, area.min_col) for area in sheet.merged_cells.ranges}
    text = cache(_text)  # thousands of cells may refer to the same text
    # iter_rows() would create every cell up to the last one, which may be the last possible cell of a sheet
    for (row, column), cell in sorted(sheet._cells.items()):  # noqa: SLF001
        if column > grid.MOST_COLUMNS:
            continue
        content = _displayed(cell, text)
        if isinstance(cell, MergedCell) or (row, column) in starts:
            yield row, column, SheetCell(content.text, CellDefect.MERGED), _is_filled(content)
        elif _is_filled(content):
            yield row, column, content, True


def _is_filled(cell: SheetCell) -> bool:
    return cell.text.strip() != "" or cell.defect is CellDefect.FORMULA


def _displayed(cell: Any, text: Callable[[str], str]) -> SheetCell:
    """Return a cell with its text as it is displayed; the text of a formula is empty."""
    if cell.value is None:
        return SheetCell("")
    if cell.data_type in _DEFECTS:
        return SheetCell("" if cell.data_type == "f" else str(cell.value)[: grid.CUT], _DEFECTS[cell.data_type])
    if isinstance(cell.value, bool):
        return SheetCell(str(cell.value).upper())
    if isinstance(cell.value, int | float):
        return _number(cell.value, cell.number_format)
    return SheetCell(text(cell.value))


def _text(text: str) -> str:
    """Return a text with its escaped characters decoded."""
    return _ESCAPED.sub(lambda match: unescape(match.group()), text[: grid.CUT])


def _number(value: float, code: str) -> SheetCell:
    if not abs(value) < _LARGEST:
        return SheetCell(str(value)[: grid.CUT], CellDefect.LONG_NUMBER)
    if "%" in code:
        return SheetCell(f"{value * 100:.10g}%")
    shown = str(int(value)) if value == int(value) else repr(value)
    return SheetCell(shown if code.strip("0") else shown.zfill(len(code)))
