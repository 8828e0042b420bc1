"""The lines of a document as blocks of a translation, with what stands around each in its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.catalogue.domain.answer_lists import table_cells
from app.catalogue.domain.document_reader import ReadDocument, read_document
from app.catalogue.domain.document_writer import blocks_of_document
from app.catalogue.domain.documents import DocumentKind, DocumentPart, PartKind
from app.catalogue.domain.text import TextFile

OPENING: Final = "opening"  # the title with the keys below it
HEADING: Final = "heading"
PARAGRAPH: Final = "paragraph"
ITEM: Final = "item"
MARGIN: Final = "margin"
_ROW: Final = "table row: "
_ROWS = (PartKind.TABLE, PartKind.FIELDS)
_LISTS = (PartKind.LIST, PartKind.TURNS)


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """A block: `before` and `after` are the signs around its text, `is_joined`: no empty line is before it.

    The kind of a row of a table, or of its titles, has the number of cells, which a translation keeps.
    """

    kind: str
    text: str
    line: int
    before: str = ""
    after: str = ""
    is_joined: bool = False


def source_blocks_of(source: TextFile) -> tuple[DocumentBlock, ...]:
    """Return the blocks of a document in the source language, in the order of their hashes; none if it has errors."""
    read = read_document(source)[0]
    return _blocks(read) if read else ()


def target_blocks_of(source: TextFile) -> tuple[DocumentBlock, ...]:
    """Return the blocks of a translation without its header; turns and fields are items and rows as any other."""
    read = read_document(source, kind=DocumentKind.LETTER, translation=True)[0]
    return _blocks(read) if read else ()


def sample(kind: str, text: str) -> str:
    """Return a document in which a text stands as a block of a kind; `expected_kinds` are those of its blocks."""
    if kind == OPENING:
        return f"{text}\n\nLine."
    if kind.startswith(_ROW):
        return f"# Title\n\n{text}\n{_dashes(len(table_cells(text)))}\n{text}"
    around = {HEADING: ("", "\n\nLine."), ITEM: ("- ", ""), MARGIN: ("/// margin\n", "\n///")}
    before, after = around.get(kind, ("", ""))
    return f"# Title\n\n{before}{text}{after}"


def expected_kinds(kind: str) -> list[str]:
    """Return the kinds of the blocks of a sample whose text is one block."""
    if kind == OPENING:
        return [OPENING, PARAGRAPH]
    if kind == HEADING:
        return [OPENING, HEADING, PARAGRAPH]
    return [OPENING, kind, kind] if kind.startswith(_ROW) else [OPENING, kind]


def _blocks(read: ReadDocument) -> tuple[DocumentBlock, ...]:
    texts = iter(blocks_of_document(read.document))
    blocks = [DocumentBlock(OPENING, next(texts), 1)]
    for part in read.document.parts:
        blocks += _part(part, texts, read.lines)
    return tuple(blocks)


def _part(part: DocumentPart, texts: Iterator[str], lines: tuple[int, ...]) -> Iterator[DocumentBlock]:
    first = lines[part.units[0].number - 1] if part.units else 0
    if part.title:
        yield DocumentBlock(HEADING, next(texts), max(1, first - 2 - 2 * bool(part.heads)))
    if part.heads:
        after = f"\n{_dashes(len(part.heads))}"
        yield DocumentBlock(f"{_ROW}{len(part.heads)}", next(texts), first - 2, after=after)
    for index, unit in enumerate(part.units):
        yield _unit(part, index, next(texts), lines[unit.number - 1])


def _unit(part: DocumentPart, index: int, text: str, line: int) -> DocumentBlock:
    if part.kind in _ROWS:
        return DocumentBlock(f"{_ROW}{len(part.heads)}", text, line, is_joined=True)
    if part.kind in _LISTS:
        sign = f"{index + 1}. " if part.ordered else "- "
        return DocumentBlock(ITEM, text, line, before=sign, is_joined=index > 0)
    if part.kind is PartKind.MARGIN:
        is_last = index == len(part.units) - 1
        return DocumentBlock(
            MARGIN, text, line, before="" if index else "/// margin\n", after="\n///" if is_last else ""
        )
    return DocumentBlock(PARAGRAPH, text, line)


def _dashes(columns: int) -> str:
    return "|" + " --- |" * columns
