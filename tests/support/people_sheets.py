"""Sheets for tests: CSV and XLSX files of rows, and files that were tampered with."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter

HEADS = (
    "Work e-mail", "Name as on certificates", "Name in Latin letters", "Service number", "Agency",
    "Role in the agency", "Role at the academy", "Language of the invitation",
)  # fmt: skip
AGENCY = "Border police"
Values = Sequence[object]


def row(number: int, **more: str) -> list[str]:
    """Return a row of a new person."""
    values = {
        "mail": f"new{number}@police.example", "name": f"Test Person {number}", "latin_name": "", "service_number": "",
        "agency": AGENCY, "posting": "First responder", "role": "", "language": "",
    }  # fmt: skip
    return list((values | more).values())


def csv(rows: Sequence[Values], *, heads: Values = HEADS, separator: str = ",", encoding: str = "utf-8") -> bytes:
    lines = [separator.join(str(value) for value in line) for line in (heads, *rows)]
    return "\r\n".join(lines).encode(encoding)


def xlsx(rows: Sequence[Values], *, heads: Values = HEADS, change: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return a book with one sheet; `change` gets book and sheet before they are closed."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("People")
    for number, line in enumerate((heads, *rows)):
        for column, value in enumerate(line):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, str(value))
    if change is not None:
        change(book, sheet)
    book.close()
    return file.getvalue()


def tampered(raw: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return an archive with some parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return file.getvalue()
