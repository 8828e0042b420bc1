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


def question_tables(body: Element) -> list[QuestionTable]:
    """Return the questions of a document in order; examples are among them, tables without a row Question are not."""
    tables: list[QuestionTable] = []
    for table in _tables(body):
        rows = [_row(number, cells) for number, cells in enumerate(table_rows(table), 1)]
        if any(type_ is RowType.QUESTION for _, type_, _ in rows):
            tables += _divided(rows)
    filled = [table for table in tables if table.is_example or not table.is_empty]
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


def _row(number: int, cells: list[Cell]) -> tuple[int, RowType | None, list[Cell]]:
    label = cells[0].text() if cells and cells[0] else ""
    return number, row_type(label), cells


def _divided(rows: list[tuple[int, RowType | None, list[Cell]]]) -> list[QuestionTable]:
    """Divide the rows of a table before each further row Example or Question."""
    table = QuestionTable(0)
    tables = [table]
    has_question = False
    for number, type_, cells in rows:
        begins = type_ is RowType.EXAMPLE or (type_ is RowType.QUESTION and has_question)
        if begins and (has_question or table.rows):
            table = QuestionTable(0)
            tables.append(table)
            has_question = False
        has_question = has_question or type_ is RowType.QUESTION
        if type_ is RowType.EXAMPLE:
            table.is_example = True
        else:
            _add(table, number, type_, cells)
    return tables


def _add(table: QuestionTable, number: int, type_: RowType | None, cells: list[Cell]) -> None:
    """Add a row that has content; a question without text is added as well, because its absence is a problem."""
    text, feedback = ([*cells[1:], None, None])[:2]
    content = [cell for cell in cells[1:] if cell is not None and has_content(cell)]
    if type_ is None:
        label = cells[0].text() if cells and cells[0] else ""
        if content or (label and len(cells) == 1):
            table.unread[number] = label
    elif content:
        table.rows.append(QuestionRow(number, type_, text, feedback))


def has_content(cell: Element) -> bool:
    """Return whether a cell has text or a picture."""
    return bool(cell.text()) or _has_picture(cell)


def _has_picture(element: Element) -> bool:
    return element.tag == "img" or any(_has_picture(child) for child in element.elements())
