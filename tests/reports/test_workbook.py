import io
from datetime import datetime

import msgspec
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from app.reports.domain.document import Cell, CellKind, ReportColumn, ReportDocument, Row, digest, encode
from app.reports.service.workbook import draw_workbook
from tests.support import frozen_reports

pytestmark = pytest.mark.usefixtures("context")

FORMULAS = ("=1+1", '=HYPERLINK("http://192.0.2.1")', "+1", "-1", "@SUM(A1)", "http://192.0.2.1/", "{=1}")


def _open(document: ReportDocument) -> Workbook:
    content = encode(document)
    return openpyxl.load_workbook(io.BytesIO(draw_workbook(document, content, digest(content))))


def _row(book: Workbook, sheet: str, first: str) -> list[openpyxl.cell.Cell]:
    """Return the cells of the row that begins with a text."""
    return next(list(row) for row in book[sheet].iter_rows() if row[0].value == first)


def test_workbook_has_a_sheet_for_each_group_and_notes_last() -> None:
    book = _open(frozen_reports.document(sections=3))
    visible = [name for name in book.sheetnames if book[name].sheet_state == "visible"]
    assert visible == ["Summary", "Outcome 1", "Outcome 2", "Notes"]


def test_numbers_are_numbers_and_hidden_ones_texts() -> None:
    book = _open(frozen_reports.document(sections=2))
    row = _row(book, "Outcome 1", "Azerbaijan")
    assert [cell.value for cell in row[1:5]] == [5, 1255.5, -5, 0.085]
    assert [cell.data_type for cell in row[1:5]] == ["n", "n", "n", "n"]
    assert row[4].number_format == "0.0#%"
    assert row[5].value == datetime(2027, 6, 30)  # noqa: DTZ001 - a sheet has days without zone
    assert row[6].value == "At risk"
    assert _row(book, "Outcome 1", "Bangladesh")[2].value == "too few to show"


@pytest.mark.parametrize(("language", "expected"), [("en", False), ("ar", True)])
def test_sheets_have_the_direction_of_the_language(language: str, expected: bool) -> None:
    book = _open(frozen_reports.document(language, sections=2))
    views = [sheet.sheet_view.rightToLeft for sheet in book if sheet.sheet_state == "visible"]
    assert {bool(view) for view in views} == {expected}


def test_trend_is_a_table_of_its_figures() -> None:
    book = _open(frozen_reports.document(sections=2))
    rows = [row for row in book["Outcome 1"].iter_rows(values_only=True) if row[0] == datetime(2026, 3, 31)]  # noqa: DTZ001
    assert rows[0][:5] == (datetime(2026, 3, 31), 12, None, None, 5)  # noqa: DTZ001


def test_notes_have_hash_and_day() -> None:
    document = frozen_reports.document(sections=1)
    rows = {row[0]: row[1] for row in _open(document)["Notes"].iter_rows(values_only=True)}
    assert rows["Full check code (SHA-256)"] == digest(encode(document))
    assert rows["Data as of"] == datetime(2027, 7, 5)  # noqa: DTZ001
    assert rows["Language"] == "English"


def test_heads_of_the_only_table_are_frozen() -> None:
    rows = (Row(cells=(Cell(text="a"), frozen_reports.number(1))),)
    book = _open(
        frozen_reports.with_table(rows, (ReportColumn(head="h"), ReportColumn(head="n", kind=CellKind.NUMBER)))
    )
    sheet = book["Summary"]
    assert sheet.cell(row=int(sheet.freeze_panes[1:]) - 1, column=1).value == "h"


@pytest.mark.parametrize("text", FORMULAS)
def test_texts_never_become_formulas_or_links(text: str) -> None:
    cells = (Cell(text=text), Cell(text=text, kind=CellKind.NUMBER), Cell(text=text, kind=CellKind.STATUS))
    columns = tuple(ReportColumn(head=text) for _cell in cells)
    book = _open(frozen_reports.with_table((Row(cells=cells),), columns, text))
    cells_of_sheet = [cell for row in book["Summary"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells_of_sheet} == {"s"}
    assert all(cell.hyperlink is None for cell in cells_of_sheet)
    assert [cell.value for cell in cells_of_sheet].count(text) == 8


def test_hostile_texts_and_sheet_names_are_written() -> None:
    cell = Cell(text="a\x00\x0b\x1f" + "w" * 40_000)
    document = frozen_reports.with_table((Row(cells=(cell,)),), (ReportColumn(head="h"),))
    names = ("a/b:c*d?e[f]\\g" * 4, "'quoted'", "History", "SUMMARY", "summary", "")
    sections = tuple(msgspec.structs.replace(document.sections[0], sheet=name) for name in names)
    book = _open(msgspec.structs.replace(document, sections=sections))
    assert len(book.sheetnames) == 7
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_all_rows_of_a_long_table_are_written() -> None:
    rows = tuple(Row(cells=(frozen_reports.number(n),)) for n in range(10_000))
    book = _open(frozen_reports.with_table(rows, (ReportColumn(head="h", kind=CellKind.NUMBER),)))
    values = [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    assert values[-10_000:] == list(range(10_000))
