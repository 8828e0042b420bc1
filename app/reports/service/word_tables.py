"""Tables of a Word report. Cells are written as XML: python-docx needs seconds for a large table."""

from collections.abc import Sequence
from typing import Any, Protocol

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from app.reports.domain.document import Cell, CellKind, ReportColumn, Row, Table, Tile, Tiles
from app.reports.service import word_parts
from app.reports.service.arrangement import direction_of
from app.reports.service.word_parts import Script

_TWIP = 635  # English metric units
_SIZE = "17"  # of text, in half points
_END_ALIGNED = frozenset({CellKind.NUMBER, CellKind.PERCENT})
_WEIGHTS = {CellKind.TEXT: 3.0, CellKind.NUMBER: 1.2, CellKind.PERCENT: 1.2, CellKind.DATE: 1.5, CellKind.STATUS: 1.6}
_FIRST_WEIGHT = 3.6


class TablePage(Protocol):
    """The document to which tables are added."""

    @property
    def word(self) -> WordDocument:
        """Return the document."""

    @property
    def script(self) -> Script:
        """Return its language and direction."""

    @property
    def width(self) -> int:
        """Return the width of the text."""

    def add(self, text: str, style: str = "Normal") -> Any:
        """Append a paragraph."""


def add_table(page: TablePage, table: Table, rows_left_out: str) -> None:
    """Append a table with its caption above, its heads repeated on each page, and its note below."""
    if table.caption:
        page.add(table.caption, "Caption")
    kinds = [column.kind for column in table.columns]
    grid = _new_table(page, _widths(page.width, kinds))
    grid.append(_row(page.script, _heads(table.columns), kinds, "head"))
    for row in table.rows:
        grid.append(_row(page.script, row.cells, kinds, "total" if row.is_total else ""))
    if rows_left_out:
        page.add(rows_left_out, "Report note")
    page.add(table.note, "Report note")  # without a note it is the space after the table


def add_facts(page: TablePage, facts: Sequence[tuple[str, str]]) -> None:
    """Append labels with their texts."""
    kinds = (CellKind.TEXT, CellKind.TEXT)
    grid = _new_table(page, [page.width // 3, page.width - page.width // 3])
    for label, text in facts:
        grid.append(_row(page.script, (Cell(text=label), Cell(text=text)), kinds, ""))


def add_tiles(page: TablePage, block: Tiles) -> None:
    """Append figures as a table with a row for each."""
    kinds = (CellKind.TEXT, CellKind.TEXT, CellKind.TEXT)
    grid = _new_table(page, [page.width // 5, 2 * page.width // 5, 2 * page.width // 5])
    for tile in block.tiles:
        grid.append(_row(page.script, _tile_row(tile).cells, kinds, ""))
    page.add("", "Report note")


def _tile_row(tile: Tile) -> Row:
    return Row(cells=(Cell(text=tile.figure.text), Cell(text=tile.label), Cell(text=tile.note)))


def _heads(columns: Sequence[ReportColumn]) -> list[Cell]:
    return [Cell(text=column.head) for column in columns]


def _widths(width: int, kinds: Sequence[CellKind]) -> list[int]:
    """Return the widths of columns: texts get more than numbers, the first column most."""
    weights = [_FIRST_WEIGHT if n == 0 else _WEIGHTS[kind] for n, kind in enumerate(kinds)]
    return [round(width * weight / sum(weights)) for weight in weights]


def _new_table(page: TablePage, widths: Sequence[int]) -> Any:
    """Append a table without rows and return its element."""
    table = page.word.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid" if "Table Grid" in page.word.styles else None
    table.autofit = False
    word_parts.direct_table(table, page.script)
    element = table._tbl  # noqa: SLF001 - the library has no other way
    _add_borders(element.tblPr)
    for column, width in zip(element.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width // _TWIP))
    return element


def _add_borders(properties: Any) -> None:
    """Draw lines between rows only."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        is_line = side in {"bottom", "insideH"}
        word_parts.append(borders, f"w:{side}", val="single" if is_line else "nil", sz="4", color="DCD7CD")
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _row(script: Script, cells: Sequence[Cell], kinds: Sequence[CellKind], look: str) -> Any:
    row = OxmlElement("w:tr")
    properties = word_parts.append(row, "w:trPr")
    word_parts.append(properties, "w:cantSplit")
    if look == "head":
        word_parts.append(properties, "w:tblHeader")
    for cell, kind in zip(cells, kinds, strict=True):
        row.append(_cell(script, cell, kind, look))
    return row


def _cell(script: Script, cell: Cell, kind: CellKind, look: str) -> Any:
    element = OxmlElement("w:tc")
    properties = word_parts.append(element, "w:tcPr")
    if look == "head":
        word_parts.append(properties, "w:shd", val="clear", color="auto", fill="E0EDEE")
    paragraph = word_parts.append(element, "w:p")
    layout = word_parts.append(paragraph, "w:pPr")
    if script.is_rtl:
        word_parts.append(layout, "w:bidi")
    word_parts.append(layout, "w:spacing", before="30", after="30")
    if kind in _END_ALIGNED:
        word_parts.append(layout, "w:jc", val="right")  # the end of the line, in both directions
    _add_run(paragraph, script, cell, is_bold=look != "")
    return element


def _add_run(paragraph: Any, script: Script, cell: Cell, *, is_bold: bool) -> None:
    """Append the text of a cell; a status has its shape in front and its colour."""
    is_status = _is_status(cell)
    run = word_parts.append(paragraph, "w:r")
    look = word_parts.append(run, "w:rPr")
    is_rtl = script.is_rtl and direction_of(cell.text) == "rtl"
    if is_rtl:
        word_parts.append(look, "w:rFonts", cs=script.face)
    _paint(look, word_parts.TONES.get(cell.tone) if is_status else None, is_bold=is_bold or is_status)
    if is_rtl:
        word_parts.append(look, "w:rtl")
        word_parts.append(look, "w:lang", bidi=script.tag)
    text = word_parts.append(run, "w:t")
    text.text = f"{word_parts.SHAPES.get(cell.tone, word_parts.OPEN)} {cell.text}" if is_status else cell.text
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _is_status(cell: Cell) -> bool:
    return cell.kind is CellKind.STATUS and cell.text != ""


def _paint(look: Any, colour: RGBColor | None, *, is_bold: bool) -> None:
    """Set weight, colour and size of a run, in the order of the schema."""
    if is_bold:
        word_parts.append(look, "w:b")
        word_parts.append(look, "w:bCs")
    if colour is not None:
        word_parts.append(look, "w:color", val=str(colour))
    word_parts.append(look, "w:sz", val=_SIZE)
    word_parts.append(look, "w:szCs", val=_SIZE)
