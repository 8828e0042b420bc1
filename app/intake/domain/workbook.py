"""Reading an .xlsx file: texts, numbers as they are shown, and by their places the cells that nobody typed.

The usual library keeps merged ranges and hidden columns from who reads row by row; here all of that is said.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.intake.domain.book import Names, Strings, Styles, Targets, unescaped, whole
from app.intake.domain.grid import (
    CUT,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Grid,
    Line,
    Note,
    Odd,
    Remark,
    Trouble,
    UnreadableError,
    letters,
)
from app.intake.domain.parts import Attributes, Part, Parts

BEFORE_HEADS = 20  # lines of a title and the like
MOST_SHEETS = 20
MOST_MERGED = 20_000  # cells
NAMED = 10  # sheets or columns in a remark
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LARGEST = 1e15  # beyond, a spreadsheet has lost digits
_TEXTS = frozenset({"s", "str", "inlineStr"})


@dataclass
class _Reading:
    """The cell that is being read."""

    column: int = 0
    kind: str = ""
    style: int = 0
    formula: bool = False
    parts: list[str] = field(default_factory=list)


class _Sheet(Part):
    """The cells of a sheet with something in them."""

    def __init__(self, strings: list[str], styles: Styles) -> None:
        self._strings, self._styles = strings, styles
        self.lines: list[Line] = []
        self.merged: list[tuple[int, int, int, int]] = []  # first and last row, first and last column
        self.hidden_columns: set[int] = set()
        self.hidden_rows: set[int] = set()
        self._merged = 0
        self._row = 0
        self._cells: dict[int, Cell] = {}
        self._cell = _Reading()
        self._takes = False

    def begin(self, name: str, attributes: Attributes) -> None:
        self._takes = name in {"v", "t"}
        match name:
            case "row":
                self._begin_row(attributes)
            case "c":
                self._begin_cell(attributes)
            case "f":
                self._cell.formula = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "col":
                self._hide(attributes)

    def _begin_row(self, attributes: Attributes) -> None:
        self._row = whole(attributes.get("r")) or self._row + 1
        self._cells = {}
        self._cell = _Reading(column=-1)
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self._row)

    def _begin_cell(self, attributes: Attributes) -> None:
        column = _place(attributes.get("r", ""))[1]
        self._cell = _Reading(
            column=self._cell.column + 1 if column < 0 else column,
            kind=attributes.get("t", "n"),
            style=whole(attributes.get("s")),
        )

    def _hide(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in {"1", "true"} and len(self.hidden_columns) < MOST_COLUMNS:
            first, last = whole(attributes.get("min")), whole(attributes.get("max"))
            self.hidden_columns.update(range(max(first - 1, 0), min(last, MOST_COLUMNS)))

    def end(self, name: str) -> None:
        self._takes = False
        if name == "c":
            self._keep(self._cell)
        elif name == "row" and self._cells:
            self.lines.append(Line(self._row, self._cells))
            if len(self.lines) > MOST_ROWS + BEFORE_HEADS:
                raise UnreadableError(Trouble.TOO_MANY_ROWS)

    def text(self, text: str) -> None:
        if self._takes:
            self._cell.parts.append(text)

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        self.merged.append((top, bottom, left, right))
        self._merged += max(1, (bottom - top + 1) * (right - left + 1))
        if self._merged > MOST_MERGED:
            raise UnreadableError(Trouble.MERGED)

    def _keep(self, cell: _Reading) -> None:
        if 0 <= cell.column < MOST_COLUMNS:
            text, odd = self._shown(cell)
            if text.strip() or odd is Odd.FORMULA:
                self._cells[cell.column] = Cell(text[:CUT], odd)

    def _shown(self, cell: _Reading) -> tuple[str, Odd | None]:
        """Return a cell's text as it is shown, and what is odd about it."""
        text = "".join(cell.parts)
        if cell.kind == "s":
            number = whole(text)
            text = self._strings[number] if number < len(self._strings) else ""
        elif cell.kind in _TEXTS:
            text = unescaped(text)
        if cell.formula:
            return text, Odd.FORMULA
        if cell.kind == "e":
            return text, Odd.ERROR_VALUE
        if cell.kind == "d":
            return text, Odd.DATE
        return (text, None) if cell.kind in _TEXTS or cell.kind == "b" else self._number(text, cell.style)

    def _number(self, text: str, style: int) -> tuple[str, Odd | None]:
        if not text.strip():
            return "", None
        try:
            value = float(text)
        except ValueError:
            return text, Odd.ERROR_VALUE
        if self._styles.is_date(style):
            return text, Odd.DATE
        if not abs(value) < _LARGEST:
            return text, Odd.LONG_NUMBER
        shown = str(int(value)) if value == int(value) else repr(value)
        return shown.zfill(self._styles.zeros(style)), None


def read(raw: bytes) -> Iterator[Grid]:
    """Yield the sheets of a book that are shown, in their order; raise UnreadableError."""
    parts = Parts(raw)
    top = _targets(parts, "_rels/.rels", "")
    book = top.by_kind.get("officeDocument", "xl/workbook.xml")
    if not parts.has(book):
        raise UnreadableError(Trouble.NOT_A_SHEET)
    folder, name = posixpath.split(book)
    inside = _targets(parts, posixpath.join(folder, "_rels", f"{name}.rels"), folder)
    names, strings, styles = Names(), Strings(), Styles()
    parts.read(book, names)
    for kind, reader in (("sharedStrings", strings), ("styles", styles)):
        if (where := inside.by_kind.get(kind)) and parts.has(where):
            parts.read(where, reader)
    shown = [one for one in names.sheets if one[1] == "visible" and parts.has(inside.by_id.get(one[2], ""))]
    if not shown:
        raise UnreadableError(Trouble.NO_ROWS)
    hidden = [one[0] for one in names.sheets if one[1] != "visible"]
    for title, _state, part in shown[:MOST_SHEETS]:
        sheet = _Sheet(strings.texts, styles)
        parts.read(inside.by_id[part], sheet)
        yield _grid(sheet, title, [one[0] for one in shown if one[0] != title], hidden)


def _targets(parts: Parts, name: str, base: str) -> Targets:
    found = Targets(base)
    if parts.has(name):
        parts.read(name, found)
    return found


def _grid(sheet: _Sheet, title: str, others: list[str], hidden: list[str]) -> Grid:
    marked = [_marked(line, sheet.merged) for line in sheet.lines] if sheet.merged else sheet.lines
    shown = {line.number for line in sheet.lines}
    away = len(shown & sheet.hidden_rows)
    columns = ", ".join(letters(one) for one in sorted(sheet.hidden_columns)[:NAMED])
    notes = [
        Note(Remark.SHEET_READ, title) if others else None,
        Note(Remark.SHEETS_LEFT_OUT, ", ".join(others[:NAMED])) if others else None,
        Note(Remark.SHEETS_HIDDEN, ", ".join(hidden[:NAMED])) if hidden else None,
        Note(Remark.COLUMNS_HIDDEN, columns) if columns else None,
        Note(Remark.ROWS_HIDDEN, str(away)) if away else None,
    ]
    return Grid(marked, tuple(one for one in notes if one is not None))


def _marked(line: Line, merged: list[tuple[int, int, int, int]]) -> Line:
    """Return a line whose cells in merged ranges are marked, also those that hold nothing for it."""
    cells = dict(line.cells)
    for top, bottom, left, right in merged:
        if top <= line.number <= bottom:
            for column in range(left, min(right + 1, MOST_COLUMNS)):
                cells[column] = Cell(cells[column].text if column in cells else "", Odd.MERGED)
    return Line(line.number, cells)


def _place(address: str) -> tuple[int, int]:
    """Return row and column (from 0) of an address such as B7; (0, -1) for none."""
    found = _ADDRESS.fullmatch(address.replace("$", ""))
    if found is None:
        return 0, -1
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), column - 1
