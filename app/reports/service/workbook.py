"""A report as XLSX: a sheet for each group of sections, and the JSON in a hidden sheet."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, assert_never

import xlsxwriter
from flask_babel import force_locale

from app.i18n.languages import NAMES, direction
from app.reports.domain.document import (
    Block,
    Cell,
    CellKind,
    Items,
    ReportColumn,
    ReportDocument,
    ReportHeading,
    ReportParagraph,
    Row,
    Section,
    SignatureLines,
    Table,
    Tiles,
    TrendBlock,
)
from app.reports.service.arrangement import ReportLabels, labels_of, without_unsafe
from app.reports.service.embedding import chunks
from app.reports.service.trend_figures import figures_of

_JSON_SHEET = "json"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_LONGEST = 32_767  # characters in a cell
_LARGEST = 1e15  # beyond, a sheet would show other digits
_NARROW, _WIDE = 9, 48  # characters in a column
_TEXT_COLUMNS = 8  # over which a paragraph runs
_LINE = 110  # characters in a line of a paragraph
_TONES = frozenset({"good", "risk", "bad"})
_NUMBERS = frozenset({CellKind.NUMBER, CellKind.PERCENT})
_FROZEN_ROWS = 6  # heads further down are not frozen
_FORMATS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "font_size": 12},
    "caption": {"bold": True},
    "text": {"text_wrap": True, "valign": "top"},
    "note": {"text_wrap": True, "valign": "top", "font_color": "#4B5659"},
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E0EDEE"},
    "cell": {"text_wrap": True, "valign": "top"},
    "number": {"num_format": "#,##0.##", "valign": "top"},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "percent": {"num_format": "0%", "valign": "top"},
    "percent_decimal": {"num_format": "0.0#%", "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    "good": {"valign": "top", "font_color": "#1D6838"},
    "risk": {"valign": "top", "font_color": "#875000"},
    "bad": {"valign": "top", "font_color": "#A1252A"},
}


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is filled: the next row, widths of columns, rows with heads."""

    book: "_Book"
    sheet: Any
    row: int = 0
    widths: dict[int, int] = field(default_factory=dict)
    heads: list[int] = field(default_factory=list)

    def text(self, text: str, look: str) -> None:
        """Write a text over several columns."""
        lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
        paint = self.book.formats[look]
        self.sheet.merge_range(self.row, 0, self.row, _TEXT_COLUMNS - 1, "", paint)
        self.sheet.write_string(self.row, 0, text[:_LONGEST], paint)
        if lines > 1:
            self.sheet.set_row(self.row, min(400, 15 * lines))
        self.row += 1

    def table(self, columns: Sequence[ReportColumn], rows: Sequence[Row]) -> None:
        """Write heads and rows; a number is a number, each other cell a text."""
        self.heads.append(self.row)
        for number, column in enumerate(columns):
            self.sheet.write_string(self.row, number, column.head[:_LONGEST], self.book.formats["head"])
            self.widen(number, column.head)
        for row in rows:
            self.row += 1
            for number, cell in enumerate(row.cells):
                self.widen(number, cell.text)
                self.write(number, cell, is_total=row.is_total)
        self.row += 1

    def write(self, column: int, cell: Cell, *, is_total: bool) -> None:
        """Write a cell by its kind; without a value its text."""
        value, look = _typed(cell)
        paint = self.book.paint(look, is_total=is_total)
        if isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, paint)
        elif value == "":
            self.sheet.write_blank(self.row, column, None, paint)
        elif isinstance(value, str):
            self.sheet.write_string(self.row, column, value[:_LONGEST], paint)
        else:
            self.sheet.write_number(self.row, column, value, paint)

    def widen(self, column: int, text: str) -> None:
        """Make a column wide enough for a text, within limits."""
        width = min(_WIDE, max(_NARROW, len(text) + 2))
        self.widths[column] = max(self.widths.get(column, 0), width)

    def close(self) -> None:
        """Set the widths of columns, and freeze the title or the heads of the only table."""
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, width)
        is_near = len(self.heads) == 1 and self.heads[0] < _FROZEN_ROWS
        self.sheet.freeze_panes(self.heads[0] + 1 if is_near else 1, 0)


class _Book:
    """A workbook with its formats and sheets."""

    def __init__(self, file: io.BytesIO, document: ReportDocument) -> None:
        self.book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})
        self.is_mirrored = direction(document.language) == "rtl"
        self.formats: dict[str, Any] = {}
        for look, paint in _FORMATS.items():
            self.formats[look] = self.book.add_format(paint)
            self.formats[f"{look} total"] = self.book.add_format({**paint, "bold": True, "top": 1})
        self.sheets: dict[str, _Sheet] = {}
        self.book.set_properties(
            {
                "title": document.title[:255],
                "subject": document.subtitle[:255],
                "author": "COLEP Academy",
                "created": datetime.fromisoformat(document.frozen_at),
            }
        )

    def paint(self, look: str, *, is_total: bool) -> Any:
        """Return a format."""
        return self.formats[f"{look} total" if is_total else look]

    def sheet(self, name: str) -> _Sheet:
        """Return the sheet of a name, a new one if there is none; Excel does not distinguish large letters."""
        title = _sheet_name(name)
        key = title.casefold()
        if key not in self.sheets:
            sheet = self.book.add_worksheet(title)
            if self.is_mirrored:
                sheet.right_to_left()
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            self.sheets[key] = _Sheet(self, sheet)
        return self.sheets[key]

    def close(self) -> None:
        """Finish all sheets and write the file."""
        for sheet in self.sheets.values():
            sheet.close()
        self.book.close()


def draw_workbook(document: ReportDocument, content: bytes, sha256: str) -> bytes:
    """Return the report as XLSX: texts as texts, numbers as numbers, no formula, no link."""
    clean = without_unsafe(document)
    file = io.BytesIO()
    book = _Book(file, clean)
    with force_locale(document.language.replace("-", "_")):
        labels = labels_of(clean)
    for section in clean.sections:
        _write_section(book.sheet(section.sheet), section, labels)
    _write_notes(book.sheet(labels.notes), clean, labels, sha256)
    _hide_json(book, content)
    book.close()
    return file.getvalue()


def _write_section(sheet: _Sheet, section: Section, labels: ReportLabels) -> None:
    sheet.row += 1 if sheet.row else 0
    sheet.text(section.title, "title")
    for block in section.blocks:
        _write_block(sheet, block, labels)


def _write_block(sheet: _Sheet, block: Block, labels: ReportLabels) -> None:
    match block:
        case ReportHeading() | ReportParagraph() | Items():
            _write_texts(sheet, block)
        case Tiles():
            _write_table(sheet, _tiles_table(block, labels))
        case Table():
            _write_table(sheet, block)
        case TrendBlock():
            _write_table(sheet, figures_of(block, labels.date))
        case SignatureLines():
            pass  # to sign on paper
        case _:
            assert_never(block)


def _write_texts(sheet: _Sheet, block: ReportHeading | ReportParagraph | Items) -> None:
    match block:
        case ReportHeading():
            sheet.text(block.text, "heading")
        case ReportParagraph():
            sheet.text(block.text, "note" if block.is_note else "text")
        case Items():
            for text in block.texts:
                sheet.text(text, "text")
        case _:
            assert_never(block)


def _write_table(sheet: _Sheet, table: Table) -> None:
    sheet.row += 1
    if table.caption:
        sheet.text(table.caption, "caption")
    sheet.table(table.columns, table.rows)
    if table.note:
        sheet.text(table.note, "note")


def _tiles_table(block: Tiles, labels: ReportLabels) -> Table:
    heads = (labels.meaning, labels.figure, labels.notes)
    rows = tuple(Row(cells=(Cell(text=tile.label), tile.figure, Cell(text=tile.note))) for tile in block.tiles)
    return Table(caption="", columns=tuple(ReportColumn(head=head) for head in heads), rows=rows)


def _write_notes(sheet: _Sheet, document: ReportDocument, labels: ReportLabels, sha256: str) -> None:
    """Write the facts of the report and the hash, which shows whether its JSON was changed."""
    sheet.row += 1 if sheet.row else 0
    sheet.text(document.title, "title")
    sheet.text(document.subtitle or document.title, "note")
    day = Cell(text=document.as_of, kind=CellKind.DATE, value=document.as_of)
    facts = [(fact.label, Cell(text=fact.text)) for fact in document.facts]
    facts += [
        (labels.as_of, day),
        (labels.language, Cell(text=NAMES.get(document.language, document.language))),
        (labels.hash_all, Cell(text=sha256)),
    ]
    heads = (ReportColumn(head=labels.notes), ReportColumn(head=labels.state))
    sheet.table(heads, [Row(cells=(Cell(text=label), cell)) for label, cell in facts])
    for text in (labels.frozen, labels.check):
        sheet.text(text, "note")


def _hide_json(book: _Book, content: bytes) -> None:
    sheet = book.book.add_worksheet(_JSON_SHEET if _JSON_SHEET not in book.sheets else f"{_JSON_SHEET} 2")
    for row, chunk in enumerate(chunks(content)):
        sheet.write_string(row, 0, chunk)
    sheet.very_hidden()


def _sheet_name(name: str) -> str:
    """Return a name that Excel allows."""
    title = _NOT_IN_NAMES.sub(" ", name).strip(" '")[:_LONGEST_NAME].strip(" '")
    return f"{title} 1" if title.casefold() == "history" else title or "1"


def _typed(cell: Cell) -> tuple[float | str | date, str]:
    """Return the value of a cell for a sheet and the name of its format."""
    value = cell.value
    if cell.kind is CellKind.DATE:
        day = _date(str(value))
        return (cell.text, "cell") if day is None else (day, "date")
    if cell.kind in _NUMBERS and isinstance(value, int | float) and abs(value) <= _LARGEST:
        return _number(value, cell.kind)
    return cell.text, cell.tone if cell.tone in _TONES else "cell"


def _number(value: float, kind: CellKind) -> tuple[float, str]:
    """Return a number and the name of its format; 85 percent is 0.85."""
    if kind is CellKind.PERCENT:
        return round(value / 100, 6), "percent" if float(value).is_integer() else "percent_decimal"
    return value, "whole" if float(value).is_integer() else "number"


def _date(value: str) -> date | None:
    """Return a day that a sheet can hold: from 1900."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.year >= 1900 else None
