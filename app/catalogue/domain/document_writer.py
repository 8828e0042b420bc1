"""Write a document of a course as Markdown, and cut it into the blocks that are translated one by one."""

from app.catalogue.domain.documents import Document, DocumentPart, PartKind, Unit


def write_document(document: Document, *, translation: bool = False) -> str:
    """Return the Markdown of a document; a translation has neither id, kind and date nor names of units."""
    head = "\n".join([f"# {document.title}", *_key_lines(document, translation=translation)])
    parts = [_part(part, named=not translation) for part in document.parts]
    return "\n\n".join([head, *parts]) + "\n"


def blocks_of_document(document: Document) -> list[str]:
    """Return the translation blocks: title with keys, then each heading, row of column titles, and unit.

    Marks and names are left out, so that only a changed text makes a translation stale.
    """
    blocks = ["\n".join([f"# {document.title}", *_key_lines(document, translation=True)])]
    for part in document.parts:
        blocks += [f"## {part.title}"] * bool(part.title)
        blocks += [_row(part.heads)] * bool(part.heads)
        blocks += [_unit_text(unit, part.kind) for unit in part.units]
    return blocks


def written_document_keys(document: Document) -> dict[str, str]:
    """Return the keys of a document with their values as written; an empty text for no value."""
    return {
        "id": document.id,
        "kind": document.kind,
        "date": document.date,
        "from": document.sender,
        "to": document.to,
        "place": document.location,
        "status": document.status or "",
        "dir": document.dir,
        "columns": "left = {}, right = {}".format(*document.columns) if document.columns else "",
        "note": document.note,
    }


def _key_lines(document: Document, *, translation: bool) -> list[str]:
    values = written_document_keys(document)
    left_out = {"id", "kind", "date"} if translation else set()
    return [f"{name}: {value}" for name, value in values.items() if value and name not in left_out]


def _part(part: DocumentPart, *, named: bool) -> str:
    heading = [f"## {part.title}"] * bool(part.title)
    body = [_body(part, named=named)] if part.units or part.kind is not PartKind.PARAGRAPHS else []
    return "\n\n".join(heading + body)


def _body(part: DocumentPart, *, named: bool) -> str:
    texts = [_unit_text(unit, part.kind) + _name(unit, named=named) for unit in part.units]
    if part.kind in (PartKind.TABLE, PartKind.FIELDS):
        return "\n".join([_row(part.heads), "|" + " --- |" * len(part.heads), *texts])
    if part.kind in (PartKind.LIST, PartKind.TURNS):
        signs = [f"{number}." if part.ordered else "-" for number in range(1, len(texts) + 1)]
        return "\n".join(map("{} {}".format, signs, texts))
    paragraphs = "\n\n".join(texts)
    return f"/// margin\n{paragraphs}\n///" if part.kind is PartKind.MARGIN else paragraphs


def _unit_text(unit: Unit, kind: PartKind) -> str:
    if kind in (PartKind.TABLE, PartKind.FIELDS):
        return _row(unit.cells)
    text = unit.cells[0]
    if kind is PartKind.TURNS and unit.speaker:
        text = f"**{unit.speaker}**: {text}"
        return f"{unit.time} {text}" if unit.time else text
    return text


def _row(cells: tuple[str, ...]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in (text.replace("|", "\\|") for text in cells))


def _name(unit: Unit, *, named: bool) -> str:
    return f" {{#{unit.name}}}" if named and unit.name else ""
