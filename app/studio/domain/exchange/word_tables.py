"""Write a table of a Word document as a Markdown table: merged cells are divided, a cell is one line."""

from collections.abc import Iterator

from app.studio.domain.exchange.word_html import BLOCKS, Element
from app.studio.domain.exchange.word_spans import LessonParts, write_line

MOST_COLUMNS = 60
Cell = Element | None


def table_rows(table: Element) -> list[list[Cell]]:
    """Return the cells by row and column; a cell over several rows is in each of them, over several columns once."""
    rows: list[list[Cell]] = []
    below: dict[int, tuple[Cell, int]] = {}  # by column: a cell from above and how many more rows it covers
    for row in _row_elements(table):
        cells: list[Cell] = []
        for cell in row.elements():
            _add_from_above(cells, below)
            span = _number(cell, "rowspan") - 1
            for position in range(min(_number(cell, "colspan"), MOST_COLUMNS - len(cells))):
                if span:
                    below[len(cells)] = (None if position else cell, span)
                cells.append(None if position else cell)
        _add_from_above(cells, below)
        rows.append(cells)
    return rows


def _add_from_above(cells: list[Cell], below: dict[int, tuple[Cell, int]]) -> None:
    while len(cells) in below:
        cell, left = below.pop(len(cells))
        if left > 1:
            below[len(cells)] = (cell, left - 1)
        cells.append(cell)


def _row_elements(table: Element) -> Iterator[Element]:
    for child in table.elements():
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody"}:
            yield from _row_elements(child)


def _number(cell: Element, name: str) -> int:
    text = cell.attributes.get(name, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


def write_table(table: Element, parts: LessonParts) -> str | None:
    """Return the Markdown of a table, its first row as heading; None for a table with a single cell."""
    rows = table_rows(table)
    columns = max(map(len, rows), default=0)
    if columns == 0:
        return ""
    if len(rows) == 1 and columns == 1:
        return None
    written: set[int] = set()
    lines = [_line(row, columns, written=written, parts=parts) for row in rows]
    parts.lost["merged"] += any(_is_merged(cell) for row in rows for cell in row if cell)
    lines.insert(1, "|" + " --- |" * columns)
    return "\n".join(lines)


def _line(row: list[Cell], columns: int, *, written: set[int], parts: LessonParts) -> str:
    texts = [_cell(cell, written, parts) for cell in row] + [""] * (columns - len(row))
    return f"| {' | '.join(texts)} |"


def _is_merged(cell: Element) -> bool:
    return _number(cell, "colspan") > 1 or _number(cell, "rowspan") > 1


def _cell(cell: Cell, written: set[int], parts: LessonParts) -> str:
    """Return the text of a cell in one line; a cell that was written in a row above is empty."""
    if cell is None or id(cell) in written:
        return ""
    written.add(id(cell))
    return cell_line(cell, parts)


def cell_line(cell: Cell, parts: LessonParts) -> str:
    """Return the Markdown of a cell in one line, its paragraphs separated by semicolons."""
    if cell is None:
        return ""
    texts = [write_line(nodes, parts, separator=" ") for nodes in _lines(cell)]
    texts = [text for text in texts if text]
    parts.lost["cells"] += len(texts) > 1
    return "; ".join(texts)


def _lines(element: Element) -> Iterator[list[Element | str]]:
    """Yield the contents of the paragraphs and list entries inside an element."""
    loose: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element) and child.tag in BLOCKS:
            yield loose
            loose = []
            yield from _lines(child)
        else:
            loose.append(child)
    yield loose
