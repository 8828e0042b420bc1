"""Find the question tables of a Word document: rows by their labels, tables without a gap between them divided."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.studio.domain.exchange.word_html import Element
from app.studio.domain.exchange.word_labels import RowType, row_type
from app.studio.domain.exchange.word_tables import Cell, table_rows


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A row with content: its number in the table from 1, its type, and two cells after the label; None for no cell."""

    number: int
    type: RowType
    text: Cell
    feedback: Cell


_BEGINNINGS = frozenset({RowType.EXAMPLE, RowType.QUESTION})


@dataclass(slots=True)
class QuestionTable:
    """A question: its number in the document from 1, and its rows.

    `unread` are rows with content that have no known label, by number.
    """

    number: int
    rows: list[QuestionRow] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)
    is_example: bool = False

    def of(self, *types: RowType) -> list[QuestionRow]:
        """Return the rows of some types, in order."""
        return [row for row in self.rows if row.type in types]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was filled in but the kind, which a template presets."""
        return not self.unread and all(row.type is RowType.KIND for row in self.rows)


class _TableRow:
    """A row of a table as it is in the document."""

    def __init__(self, number: int, cells: list[Cell]) -> None:
        first, *others = cells or [None]
        self._number = number
        self._label = first.text() if first else ""
        self._cells = others
        self.type = row_type(self._label)

    def add_to(self, table: QuestionTable) -> None:
        """Add the row if it has content beside its label; an unknown label alone is added if nothing is beside it."""
        is_filled = any(has_content(cell) for cell in self._cells if cell is not None)
        if self.type is RowType.EXAMPLE:
            table.is_example = True
        elif self.type is None:
            self._add_unread(table, is_filled=is_filled)
        elif is_filled:
            text, feedback, *_ = *self._cells, None, None
            table.rows.append(QuestionRow(self._number, self.type, text, feedback))

    def _add_unread(self, table: QuestionTable, *, is_filled: bool) -> None:
        is_alone = bool(self._label) and not self._cells
        if is_filled or is_alone:
            table.unread[self._number] = self._label


def question_tables(body: Element) -> list[QuestionTable]:
    """Return the questions of a document in order; examples are among them, tables without a row Question are not."""
    tables: list[QuestionTable] = []
    for element in _tables(body):
        rows = [_TableRow(number, cells) for number, cells in enumerate(table_rows(element), 1)]
        if any(row.type is RowType.QUESTION for row in rows):
            tables += _divided(rows)
    return _numbered([table for table in tables if table.is_example or not table.is_empty])


def _numbered(filled: list[QuestionTable]) -> list[QuestionTable]:
    number = 0
    for table in filled:
        number += not table.is_example
        table.number = number
    return filled


def _tables(element: Element) -> Iterator[Element]:
    """Yield the outermost tables."""
    for child in element.elements():
        if child.tag == "table":
            yield child
        else:
            yield from _tables(child)


def _divided(rows: list["_TableRow"]) -> list[QuestionTable]:
    """Divide the rows of a table: a further row Example or Question begins another question."""
    tables = [QuestionTable(0)]
    has_question = False
    for row in rows:
        if has_question and row.type in _BEGINNINGS:
            tables.append(QuestionTable(0))
            has_question = False
        has_question = has_question or row.type is RowType.QUESTION
        row.add_to(tables[-1])
    return tables


def has_content(cell: Element) -> bool:
    """Return whether a cell has text or a picture."""
    return bool(cell.text()) or _has_picture(cell)


def _has_picture(element: Element) -> bool:
    return element.tag == "img" or any(_has_picture(child) for child in element.elements())
