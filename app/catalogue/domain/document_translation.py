"""Merge a translated document with its source: id, kind, date and names from the source, texts from the translation."""

import msgspec

from app.catalogue.domain.document_reader import ReadDocument
from app.catalogue.domain.document_writer import written_document_keys
from app.catalogue.domain.documents import Document, DocumentPart
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report

_TEXT_KEYS = ("from", "to", "place", "note", "columns")


def merge_document(source: ReadDocument, translated: ReadDocument, file: str) -> tuple[ReadDocument, list[Problem]]:
    """Return the whole translated document and every problem; the source itself if its units differ.

    A translation has the same parts of the same kinds, with as many units and cells.
    """
    report = Report(file)
    _compare_keys(source.document, translated.document, report)
    if not _have_same_units(source, translated, report):
        return source, report.sorted()
    parts = tuple(map(_named, source.document.parts, translated.document.parts))
    original = source.document
    document = msgspec.structs.replace(
        translated.document, id=original.id, kind=original.kind, date=original.date, parts=parts
    )
    return ReadDocument(document, translated.lines), report.sorted()


def _compare_keys(source: Document, translated: Document, report: Report) -> None:
    wanted, written = written_document_keys(source), written_document_keys(translated)
    for key in _TEXT_KEYS:
        if bool(wanted[key]) != bool(written[key]):
            message = "Source and translation do not both have the key %(key)s."
            report.error(1, message, "Translate it, or remove it.", key=key)


def _have_same_units(source: ReadDocument, translated: ReadDocument, report: Report) -> bool:
    original, other = source.document, translated.document
    if len(original.units) != len(other.units):
        message = "The translation has %(there)s lines that can be marked, its source has %(here)s."
        counts = {"there": len(other.units), "here": len(original.units)}
        report.error(_last_line(translated), message, "Give it the same lines in the same order.", **counts)
        return False
    if len(original.parts) != len(other.parts):
        message = "The translation has %(there)s parts, its source has %(here)s."
        counts = {"there": len(other.parts), "here": len(original.parts)}
        report.error(_last_line(translated), message, "Give it the same headings, lists and tables.", **counts)
        return False
    pairs = zip(original.parts, other.parts, strict=True)
    comparisons = [_is_same(part, other_part, translated, report) for part, other_part in pairs]
    return all(comparisons)


def _is_same(source: DocumentPart, part: DocumentPart, translated: ReadDocument, report: Report) -> bool:
    line = translated.lines[part.units[0].number - 1] if part.units else 1
    if _shape(source) != _shape(part):
        message = "The source has %(here)s at this position, not %(there)s."
        hint = "Give the translation the same kinds of lines in the same order."
        report.error(line, message, hint, here=_shape(source), there=_shape(part))
        return False
    for original, unit in zip(source.units, part.units, strict=True):
        if list(map(bool, original.cells)) != list(map(bool, unit.cells)):
            message, line = "This row has other empty cells than in the source.", translated.lines[unit.number - 1]
            report.error(line, message, "Leave the same cells empty as the source does.")
    if bool(source.title) != bool(part.title):
        report.error(line, "Source and translation do not both have a heading here.", "Translate it, or remove it.")
    return True


def _shape(part: DocumentPart) -> str:
    """Return the kind of a part with its number of lines, and of columns if it is a table."""
    columns = f" x {len(part.heads)}" if part.heads else ""
    numbered = " 1." if part.ordered else ""
    return f"{part.kind}{numbered}: {len(part.units)}{columns}"


def _named(source: DocumentPart, part: DocumentPart) -> DocumentPart:
    units = tuple(
        msgspec.structs.replace(unit, name=original.name)
        for original, unit in zip(source.units, part.units, strict=True)
    )
    return msgspec.structs.replace(part, units=units)


def _last_line(read: ReadDocument) -> int:
    return read.lines[-1] if read.lines else 1
