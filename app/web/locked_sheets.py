"""Prefilled sheets to fill in and send back: locked cells but those of the entries, every text written as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter
from flask import Response, send_file

from app.i18n.languages import current, direction

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ALLOWED = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True}
_DAY = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class LockedColumn:
    """A column: its name in the first row, the head to read, and how its cells are written."""

    name: str
    head: str
    width: int = 16  # characters
    is_locked: bool = True
    is_number: bool = False
    is_day: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class LockedSheet:
    """A file with one sheet; `blank_rows` are free rows below the others, in which every cell can be filled."""

    name: str
    title: str
    columns: Sequence[LockedColumn]
    rows: Sequence[Mapping[str, str]]
    blank_rows: int = 0


def send_locked_sheet(wanted: LockedSheet) -> Response:
    """Send the sheet as a file that is deleted after the response."""
    file = TemporaryFile()  # noqa: SIM115 - closed, and so deleted, once the answer is sent
    book = xlsxwriter.Workbook(file)
    _fill(book, wanted)
    book.close()
    file.seek(0)
    answer = send_file(file, _SHEET, as_attachment=True, download_name=f"{wanted.name}.xlsx", etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _fill(book: Any, wanted: LockedSheet) -> None:
    sheet = book.add_worksheet(wanted.title[:31])
    if direction(current()) == "rtl":
        sheet.right_to_left()
    sheet.protect("", _ALLOWED)
    sheet.freeze_panes(2, 0)
    small, bold = book.add_format({"font_color": "#666666", "font_size": 8}), book.add_format({"bold": True})
    for position, column in enumerate(wanted.columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(0, position, column.name, small)
        sheet.write_string(1, position, column.head, bold)
        _fill_column(book, sheet, wanted, position)


def _fill_column(book: Any, sheet: Any, wanted: LockedSheet, position: int) -> None:
    column = wanted.columns[position]
    style = {"locked": column.is_locked, **({"num_format": _DAY} if column.is_day else {})}
    cells, free = book.add_format(style), book.add_format({**style, "locked": False})
    for number, row in enumerate(wanted.rows, 2):
        _write_cell(sheet, (number, position), row.get(column.name, ""), cells, is_number=column.is_number)
    end = len(wanted.rows) + 2
    for number in range(end, end + wanted.blank_rows):
        sheet.write_blank(number, position, None, free)
    last = end + wanted.blank_rows - 1
    if column.choices and last >= 2:
        sheet.data_validation(2, position, last, position, {"validate": "list", "source": list(column.choices)})


def _write_cell(sheet: Any, cell: tuple[int, int], text: str, style: Any, *, is_number: bool) -> None:
    if text and is_number:
        sheet.write_number(*cell, float(text), style)
    elif text:
        sheet.write_string(*cell, text, style)
    else:
        sheet.write_blank(*cell, None, style)
