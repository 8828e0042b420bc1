"""Tables as files: CSV sent row by row, and XLSX sheets.

A cell that a spreadsheet would run as a formula starts with an apostrophe; in sheets every text is written as text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from flask import Response, send_file

from app.i18n.languages import current, direction

Value = str | int | float | date | None
Row = Sequence[Value]
Sheet = tuple[str, Row, Iterable[Row]]  # title ("": the program names it), heads, rows
FILES = "<file:form>"  # the end of a route with files
NONE: Mapping[str, str] = {"form": ""}  # its page

# what starts a formula, a command or a macro in one of the usual programs, after blanks and invisible characters, too
_FORMULA = r"=+\-@|%＝＋－＠"
# where a cell begins: at the start of the text, and after a separator of programs with decimal commas, in which quotes
# inside a row do not join text; a tab or line end at the start moves the text that follows
_BLANK = (
    r"\s\"\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
)
_BEGINS = re.compile(rf"\A(?=[\t\r\n]|[{_BLANK}]*[{_FORMULA}])|(?<=[;\t\r\n])(?=[{_BLANK}]*[{_FORMULA}])")
_PARTS = re.compile(rf"[;\t\r\n{_FORMULA}]")
_MARK = "\ufeff"  # byte order mark: spreadsheet programs then read UTF-8
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST = 1e15  # beyond, a sheet would show other digits
_LONGEST = 32_767  # characters in a cell of a sheet


def csv_lines(heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180, UTF-8 with a byte order mark), the heads first."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield _MARK + _line(writer, buffer, heads)
    for row in rows:
        yield _line(writer, buffer, row)


def send_table(form: str, name: str, table: tuple[Row, Iterable[Row]]) -> Response:
    """Send a table (heads and rows) as a CSV file if `form` is "csv", else as an XLSX file."""
    heads, rows = table
    if form == "csv":
        return send_csv(name, heads, rows)
    return send_sheet(name, heads, rows, right_to_left=direction(current()) == "rtl")


def send_csv(name: str, heads: Row, rows: Iterable[Row]) -> Response:
    """Send a table as CSV row by row, in constant memory. `name` has ASCII letters and no file ending.

    The request has ended when rows are read: an iterator that needs the application opens its own context and closes it
    before each yield. If the client disconnects, a context left open would belong to the next request of the thread,
    and so would its user.
    """
    answer = Response(_in_portions(csv_lines(heads, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def send_sheet(name: str, heads: Row, rows: Iterable[Row], *, right_to_left: bool = False) -> Response:
    """Send a table as a sheet, written row by row to a file that is deleted after the response."""
    return send_workbook(name, [("", heads, rows)], right_to_left=right_to_left)


def send_workbook(name: str, sheets: Sequence[Sheet], *, right_to_left: bool = False, footer: str = "") -> Response:
    """Send sheets as one file, which is deleted after the response; `footer` is printed on every page."""
    file = TemporaryFile()  # noqa: SIM115 - closed, and so deleted, once the answer is sent
    _write(file, sheets, right_to_left=right_to_left, footer=footer)
    file.seek(0)
    answer = send_file(file, _SHEET, as_attachment=True, download_name=f"{name}.xlsx", etag=False)
    answer.headers["Cache-Control"] = "no-store"  # Flask allows caches to store files
    return answer


def write_sheet(file: IO[bytes], heads: Row, rows: Iterable[Row], *, right_to_left: bool = False) -> None:
    """Write a table as a sheet: texts as texts, numbers as numbers, no formula, no link."""
    _write(file, [("", heads, rows)], right_to_left=right_to_left)


def _write(file: IO[bytes], sheets: Sequence[Sheet], *, right_to_left: bool, footer: str = "") -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    bold = book.add_format({"bold": True})
    for title, heads, rows in sheets:
        sheet = book.add_worksheet(title or None)
        if right_to_left:
            sheet.right_to_left()
        if footer:
            sheet.set_footer("&L" + footer.replace("&", "&&"))
        _fill(sheet, heads, rows, bold)
    book.close()


def _fill(sheet: Any, heads: Row, rows: Iterable[Row], bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, str(head), bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and _is_number(value):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, _text(value)[:_LONGEST])


def without_formula(value: Value) -> str | int | float:
    """Return a value that no spreadsheet program runs: a text that could be a formula gets a leading apostrophe."""
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
    writer.writerow([without_formula(value) for value in row])
    line = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return line


def _in_portions(lines: Iterable[str], size: int = 8192) -> Iterator[bytes]:
    """Yield lines joined to portions of about `size` characters: one write for each line would be slow."""
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
