"""Render documents to `DocumentText`: cells as inline HTML, runs of the other direction isolated by `<bdi>`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.catalogue.domain.documents import Document, DocumentPart, PartKind, Unit
from app.catalogue.service.text_rendering import RenderBatch
from app.catalogue.shapes import DocumentText, PartText, UnitText
from app.i18n.languages import direction
from app.markup.errors import MarkupError

MAX_BYTES = 20_000  # a document as it is sent, before compression
MAX_UNITS = 120
UNIT_BYTES, CELL_BYTES, HEAD_BYTES = 110, 24, 600  # what the template adds to the texts, measured
_TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&#?\w+;)")
_LATIN = "A-Za-z0-9\u00c0-\u024f"
_LATIN_RUN = re.compile(rf"[+\u2212-]?[{_LATIN}]+(?:(?:\. |[ .,:/'\u2019@_+\u2013-])[{_LATIN}]+)*[%\u2030]?")
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT_RUN = re.compile(rf"[{_RIGHT_TO_LEFT}]+(?: [{_RIGHT_TO_LEFT}]+)*")
_PLAIN_NUMBER = re.compile(r"[0-9]{1,4}")  # needs no isolation within right-to-left text
_NUMBER = re.compile(r"[+\u2212-]?[0-9][0-9.,:\u00a0 ]*%?")
_ISOLATED = ("bdi", "code")


class DocumentTooLargeError(MarkupError):
    """A document is over 20 kB or 120 units when it is drawn."""

    def __init__(self, document: str, size: int, units: int) -> None:
        super().__init__(
            0,
            f"The document {document} has {units} lines and {size} bytes when it is drawn; the limits are"
            f" {MAX_UNITS} lines and {MAX_BYTES} bytes. Divide it.",
        )


def document_texts(documents: Sequence[tuple[Document, str]]) -> list[DocumentText]:
    """Render documents, each with its language, in one child process.

    Raises DocumentTooLargeError for a document over a limit, and MarkupError as markup.render does.
    """
    batch = RenderBatch()
    pending = [_PendingDocument(document, language, batch) for document, language in documents]
    batch.render(inline=True)
    texts = [document.text() for document in pending]
    for text in texts:
        _check_size(text)
    return texts


def drawn_bytes(text: DocumentText) -> int:
    """Return about how many bytes of HTML a document is when it is drawn, before compression."""
    size = HEAD_BYTES + len(f"{text.title}{text.sender}{text.to}{text.location}{text.note}".encode())
    for part in text.parts:
        size += sum(len(head.encode()) + CELL_BYTES for head in (part.title, *part.heads))
        for unit in part.units:
            size += UNIT_BYTES + len(f"{unit.time}{unit.speaker}".encode())
            size += sum(len(cell.encode()) + CELL_BYTES for cell in unit.cells)
            size += sum(len(head.encode()) for head in part.heads)  # each cell repeats its heading for narrow screens
    return size


def isolate(html: str, text_direction: str) -> str:
    """Return inline HTML whose runs of the other direction are in `<bdi>`; tags, code and entities stay."""
    pattern = _LATIN_RUN if text_direction == "rtl" else _RIGHT_TO_LEFT_RUN
    pieces: list[str] = []
    depth = 0  # of elements that isolate already
    for piece in _TAG_OR_ENTITY.split(html):
        if piece.startswith("<"):
            depth += _depth_change(piece)
            pieces.append(piece)
        elif depth or piece.startswith("&"):
            pieces.append(piece)
        else:
            pieces.append(pattern.sub(_isolated_run, piece))
    return "".join(pieces)


def _isolated_run(match: re.Match[str]) -> str:
    return match[0] if _PLAIN_NUMBER.fullmatch(match[0]) else f"<bdi>{match[0]}</bdi>"


def _depth_change(tag: str) -> int:
    if tag.startswith(tuple(f"</{name}" for name in _ISOLATED)):
        return -1
    return 1 if tag.startswith(tuple(f"<{name}" for name in _ISOLATED)) else 0


def _check_size(text: DocumentText) -> None:
    units = sum(len(part.units) for part in text.parts)
    size = drawn_bytes(text)
    if size > MAX_BYTES or units > MAX_UNITS:
        raise DocumentTooLargeError(text.id, size, units)


@dataclass(frozen=True, slots=True)
class _PendingPart:
    """A part whose texts are in a batch that is not rendered yet: indexes of its title, heads and cells."""

    source: DocumentPart
    title: int
    heads: tuple[int, ...]
    cells: tuple[tuple[int, ...], ...]


class _PendingDocument:
    def __init__(self, document: Document, language: str, batch: RenderBatch) -> None:
        self._document, self._language, self._batch = document, language, batch
        self._dir = document.dir or direction(language)
        self._parts = [
            _PendingPart(
                part,
                batch.add(part.title),
                tuple(batch.add(head) for head in part.heads),
                tuple(tuple(batch.add(cell) for cell in unit.cells) for unit in part.units),
            )
            for part in document.parts
        ]

    def text(self) -> DocumentText:
        """Return the rendered document."""
        document = self._document
        return DocumentText(
            id=document.id,
            kind=str(document.kind),
            title=document.title,
            language=self._language,
            dir=self._dir,
            parts=tuple(map(self._part, self._parts)),
            date=document.date,
            sender=document.sender,
            to=document.to,
            location=document.location,
            status=str(document.status or ""),
            columns=document.columns,
            note=document.note,
        )

    def _part(self, pending: _PendingPart) -> PartText:
        part = pending.source
        return PartText(
            kind=str(part.kind),
            units=tuple(
                self._unit(part, unit, indexes) for unit, indexes in zip(part.units, pending.cells, strict=True)
            ),
            title=self._html(pending.title),
            heads=tuple(self._cells(part, pending.heads)),
            ordered=part.ordered,
            numeric=_numeric_columns(part),
        )

    def _unit(self, part: DocumentPart, unit: Unit, indexes: tuple[int, ...]) -> UnitText:
        is_field = part.kind is PartKind.FIELDS
        return UnitText(
            number=unit.number,
            cells=tuple(self._cells(part, indexes)),
            time=unit.time,
            speaker=unit.speaker,
            fillable=is_field and not unit.cells[-1].strip(),
            label=unit.cells[0] if is_field else "",
        )

    def _cells(self, part: DocumentPart, indexes: tuple[int, ...]) -> Iterator[str]:
        columns = self._document.columns if part.kind is PartKind.TABLE and len(indexes) == 2 else None
        for position, index in enumerate(indexes):
            yield self._html(index, direction(columns[position]) if columns else "")

    def _html(self, index: int, text_direction: str = "") -> str:
        return isolate(self._batch[index], text_direction or self._dir)


def _numeric_columns(part: DocumentPart) -> tuple[int, ...]:
    """Return the positions from 0 of the columns of a table that hold only numbers and empty cells."""
    if part.kind is not PartKind.TABLE:
        return ()
    columns = zip(*(unit.cells for unit in part.units), strict=False)
    return tuple(position for position, cells in enumerate(columns) if position and _are_numbers(cells))


def _are_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(_NUMBER.fullmatch(cell.strip()) for cell in filled)
