"""Tables as files: CSV sent row by row, and a sheet that people open with a press.

A cell that a spreadsheet would run as a formula starts with an apostrophe; in sheets every text is written as text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from flask import Response, send_file

Value = str | int | float | date | None
Row = Sequence[Value]

# what starts a formula, a command or a macro in one of the usual programs, after blanks and invisible characters, too
_FORMULA = r"=+\-@|%＝＋－＠"
# where a cell begins: with the text, and after what parts a file in programs that take the comma for a decimal point,
# where quotes in the midst of a row hold nothing together; a tab or line end at the start moves what follows
_BLANK = (
    r"\s\"\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
)
_BEGINS = re.compile(rf"\A(?=[\t\r\n]|[{_BLANK}]*[{_FORMULA}])|(?<=[;\t\r\n])(?=[{_BLANK}]*[{_FORMULA}])")
_PARTS = re.compile(rf"[;\t\r\n{_FORMULA}]")
_MARK = "\ufeff"  # tells spreadsheet programs that the text is UTF-8
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST = 1e15  # beyond, a sheet would show other digits
_LONGEST = 32_767  # signs in a cell of a sheet


def csv_lines(heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180, UTF-8 with a mark), the heads first."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield _MARK + _line(writer, buffer, heads)
    for row in rows:
        yield _line(writer, buffer, row)


def send_csv(name: str, heads: Row, rows: Iterable[Row]) -> Response:
    """Send a table as CSV while it is read: memory stays flat. `name` is of plain letters, without ending.

    The request is over when rows are read: rows that need the application open a context of their own and close it
    before they are handed on. One that stayed open until the end would, where a reader hangs up, belong to the next
    request of the thread, and so would its person.
    """
    answer = Response(_in_portions(csv_lines(heads, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def send_sheet(name: str, heads: Row, rows: Iterable[Row], *, right_to_left: bool = False) -> Response:
    """Send a table as a sheet, written row by row to a file that goes with the answer."""
    file = TemporaryFile()  # noqa: SIM115 - closed, and with that gone, once the answer is sent
    write_sheet(file, heads, rows, right_to_left=right_to_left)
    file.seek(0)
    answer = send_file(file, _SHEET, as_attachment=True, download_name=f"{name}.xlsx", etag=False)
    answer.headers["Cache-Control"] = "no-store"  # Flask says of a file that it may be stored
    return answer


def write_sheet(file: IO[bytes], heads: Row, rows: Iterable[Row], *, right_to_left: bool = False) -> None:
    """Write a table as a sheet: texts as texts, numbers as numbers, no formula, no link."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    if right_to_left:
        sheet.right_to_left()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, str(head), bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and _is_number(value):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, _text(value)[:_LONGEST])
    book.close()


def guarded(value: Value) -> str | int | float:
    """Return a value that no spreadsheet program runs: a text that could be a formula gets an apostrophe before it."""
    if isinstance(value, int | float):
        return value
    text = _text(value)
    return _BEGINS.sub("'", text) if _PARTS.search(text) else text


def _text(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _is_number(value: float) -> bool:
    """Return whether a sheet can hold this number."""
    return -_LARGEST <= value <= _LARGEST


def _line(writer: Any, buffer: io.StringIO, row: Row) -> str:
    writer.writerow([guarded(value) for value in row])
    line = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return line


def _in_portions(lines: Iterable[str], size: int = 8192) -> Iterator[bytes]:
    """Yield lines joined to portions of some size: one write a line would cost more than the reading."""
    buffered: list[str] = []
    length = 0
    for line in lines:
        buffered.append(line)
        length += len(line)
        if length >= size:
            yield "".join(buffered).encode()
            buffered, length = [], 0
    if buffered:
        yield "".join(buffered).encode()
