"""Sheets of values for tests: downloaded, filled like in a spreadsheet program, and sent back."""

import io
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.support import factories

FIRST_ROW = 3  # below the names and heads of the columns
PDF = b"%PDF-1.7 minutes of the meeting"
Change = Callable[[Any], None]


def download(client: FlaskClient, path: str) -> bytes:
    """Return a downloaded sheet."""
    with client.get(path) as answer:
        assert answer.status_code == 200, answer.status_code
        return bytes(answer.data)


def rows(raw: bytes) -> list[dict[str, Any]]:
    """Return the rows of a sheet by the names of their columns."""
    sheet = load_workbook(io.BytesIO(raw)).active
    names = [cell.value for cell in sheet[1]]
    return [dict(zip(names, values, strict=True)) for values in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)]


def filled(raw: bytes, cells: Mapping[tuple[int, str], object], change: Change | None = None) -> bytes:
    """Return a sheet with some cells filled, by row of the data from 0 and name of the column."""
    book = load_workbook(io.BytesIO(raw))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    for (row, name), value in cells.items():
        sheet.cell(FIRST_ROW + row, columns[name]).value = value
    if change is not None:
        change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(app: Flask, client: FlaskClient, path: str, raw: bytes) -> TestResponse:
    """Send a sheet to be checked."""
    return _upload(app, client, path, {"sheet": FileStorage(io.BytesIO(raw), "values.xlsx")})


def checked(app: Flask, client: FlaskClient, path: str, raw: bytes) -> str:
    """Send a sheet and return the address of its check."""
    answer = send(app, client, path, raw)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def write(app: Flask, client: FlaskClient, address: str, document: bytes = PDF) -> TestResponse:
    """Write a checked sheet with a document."""
    files = {"document": FileStorage(io.BytesIO(document), "minutes.pdf")} if document else {}
    return _upload(app, client, f"{address}/write", files)


def _upload(app: Flask, client: FlaskClient, path: str, files: Mapping[str, FileStorage]) -> TestResponse:
    values = {**files, "csrf_token": factories.token(app, client)}
    boundary, body = encode_multipart(values)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def shown(client: FlaskClient, address: str) -> str:
    """Return the text of a page without tags."""
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())
