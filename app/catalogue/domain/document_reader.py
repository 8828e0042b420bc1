"""Parse a document of a course, `documents/<slug>.<lang>.md`, into its parts and numbered units."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalogue.domain.answer_lists import table_cells
from app.catalogue.domain.document_lines import RawPart, RawUnit, cut_parts
from app.catalogue.domain.documents import Document, DocumentKind, DocumentPart, DocumentStatus, PartKind, Unit
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report, SourceLines, lines_of_file, read_keys
from app.catalogue.domain.targets import DOCUMENT_ID, UNIT_NAME
from app.catalogue.domain.text import TextFile

UNITS = 120
SOURCE_BYTES = 12_000
DRAWN_BYTES = 20_000  # of a document as HTML
SPEAKING = frozenset({DocumentKind.CHAT, DocumentKind.TRANSCRIPT, DocumentKind.POST})
SOURCE_KEYS = ("id", "kind", "date")
TRANSLATED_KEYS = ("from", "to", "place", "status", "dir", "columns", "note")

_NAME = re.compile(r"(?:^| )\{#([^{}\s]*)\}$")
_GOOD_NAME = re.compile(UNIT_NAME)
_TURN = re.compile(r"(?:([^*]*[^*\s]) +)?\*\*([^*]+)\*\*:(?: +(.*))?")
_DELIMITER = re.compile(r":?-+:?")
_COLUMNS = re.compile(r"left = ([a-z]{2,3}(?:-[A-Za-z]{2,8})?), right = ([a-z]{2,3}(?:-[A-Za-z]{2,8})?)")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with the line of each unit in its file."""

    document: Document
    lines: tuple[int, ...]


def read_document(
    source: TextFile, *, kind: DocumentKind | None = None, translation: bool = False
) -> tuple[ReadDocument | None, list[Problem]]:
    """Return a document and every problem of its text; None without an id or a kind.

    `kind` is the kind of the source of a translation, which has no `id`, `kind` and `date` and no names of units.
    """
    report = Report(source.file)
    whole = lines_of_file(source, report).trimmed()
    title, rest = _read_title(whole, report)
    keys = SOURCE_KEYS * (not translation) + TRANSLATED_KEYS
    written, body = read_keys(rest, report, frozenset(keys))
    values = _convert({key.name: (key.value, key.line) for key in written}, report)
    if translation:
        values |= {"id": "", "kind": kind or DocumentKind.LETTER}
    else:
        _require_keys({key.name for key in written}, whole.first, report)
    document_kind = values.get("kind", DocumentKind.LETTER)
    raw_parts = cut_parts(body, report)
    parts, lines = _DocumentBuilder(report, document_kind, named=not translation).build(raw_parts)
    if not lines:
        report.error(whole.first, "The document has no text.", "Write paragraphs, a list or a table below the keys.")
    if not values.keys() >= _HINTS.keys():
        return None, report.sorted()
    return ReadDocument(Document(title=title, parts=parts, **values), lines), report.sorted()


def _read_title(whole: SourceLines, report: Report) -> tuple[str, SourceLines]:
    first = whole.lines[0] if whole.lines else ""
    title = first[2:].strip() if first.startswith("# ") else ""
    if not title:
        report.error(whole.first, "The document has no title.", "Begin it with # and the title.")
    return title, whole.part(1) if first.startswith("#") else whole


def _require_keys(names: set[str], line: int, report: Report) -> None:
    for name, hint in _HINTS.items():
        if name not in names:
            report.error(line, "The document has no key %(key)s.", hint, key=name)


def _id(value: str) -> str:
    if not re.fullmatch(DOCUMENT_ID, value):
        raise ValueError(value)
    return value


def _date(value: str) -> str:
    return date.fromisoformat(value).isoformat()


def _dir(value: str) -> str:
    if value not in ("ltr", "rtl"):
        raise ValueError(value)
    return value


def _columns(value: str) -> tuple[str, str]:
    match = _COLUMNS.fullmatch(value)
    if not match:
        raise ValueError(value)
    return match[1], match[2]


_KEYS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "id": ("id", _id),
    "kind": ("kind", DocumentKind),
    "date": ("date", _date),
    "from": ("sender", str),
    "to": ("to", str),
    "place": ("location", str),
    "status": ("status", DocumentStatus),
    "dir": ("dir", _dir),
    "columns": ("columns", _columns),
    "note": ("note", str),
}
_EXAMPLES = {
    "id": "SF-D10",
    "kind": ", ".join(DocumentKind),
    "date": "2026-05-29",
    "status": ", ".join(DocumentStatus),
    "dir": "ltr, rtl",
    "columns": "left = en, right = ar",
}
_HINTS = {
    "id": "Write it below the title, as in id: SF-D10.",
    "kind": "Write it below the title, as in kind: letter.",
}


def key_examples() -> dict[str, str]:
    """Return the keys of a document with their possible values or an example; empty if any text is allowed."""
    return {name: _EXAMPLES.get(name, "") for name in _KEYS}


def _convert(written: dict[str, tuple[str, int]], report: Report) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, (value, line) in written.items():
        name, convert = _KEYS[key]
        try:
            values[name] = convert(value)
        except ValueError:
            message = "%(value)s is not a valid value of the key %(key)s."
            report.error(line, message, "Example: %(example)s.", value=value, key=key, example=_EXAMPLES[key])
    return values


class _DocumentBuilder:
    """Number the units of raw parts, split names, turns and cells."""

    def __init__(self, report: Report, kind: DocumentKind, *, named: bool) -> None:
        self.report = report
        self.kind = kind
        self.named = named
        self.lines: list[int] = []
        self.names: dict[str, int] = {}
        self.labels: dict[str, int] = {}

    def build(self, raw_parts: list[RawPart]) -> tuple[tuple[DocumentPart, ...], tuple[int, ...]]:
        """Return the parts, and the line of each unit."""
        parts = tuple(self._build(raw) for raw in raw_parts)
        if len(self.lines) > UNITS:
            message = "The document has %(count)s lines that can be marked; the limit is %(limit)s."
            self.report.error(self.lines[UNITS], message, "Shorten it.", count=len(self.lines), limit=UNITS)
        return parts, tuple(self.lines)

    def _build(self, raw: RawPart) -> DocumentPart:
        if raw.kind is PartKind.TABLE:
            return self._table(raw)
        if self._is_spoken(raw):
            return self._turns(raw)
        if raw.kind is PartKind.MARGIN and not raw.units:
            self.report.error(raw.line, "This block is empty.", "Write its text, or remove it.")
        units = tuple(filter(None, (self._unit(unit) for unit in raw.units)))
        return DocumentPart(raw.kind, units, raw.title, ordered=raw.ordered)

    def _is_spoken(self, raw: RawPart) -> bool:
        return raw.kind is PartKind.LIST and self.kind in SPEAKING and any(_turn(unit) for unit in raw.units)

    def _unit(self, raw: RawUnit) -> Unit | None:
        text, name = self._split_name(raw)
        if not text:
            self.report.error(raw.line, "This line of the document is empty.", "Write its text, or remove it.")
            return None
        return Unit(self._number(raw.line), (text,), name)

    def _turns(self, raw: RawPart) -> DocumentPart:
        units = tuple(filter(None, (self._turn_unit(unit) for unit in raw.units)))
        return DocumentPart(PartKind.TURNS, units, raw.title, ordered=raw.ordered)

    def _turn_unit(self, raw: RawUnit) -> Unit | None:
        match = _turn(raw)
        if not match:
            hint = "Write it as - **Name**: text, with the time before the name."
            self.report.error(raw.line, "This turn has no speaker.", hint)
            return self._unit(raw)
        unit = self._unit(RawUnit(raw.line, [match[3] or ""]))
        time, speaker = (match[1] or "").strip(), match[2].strip()
        return Unit(unit.number, unit.cells, unit.name, time, speaker) if unit else None

    def _table(self, raw: RawPart) -> DocumentPart:
        heads = tuple(table_cells(raw.units[0].text))
        rows = self._rows(raw)
        if not rows:
            self.report.error(raw.line, "The table has no row below its heading.", "Write one, or remove the table.")
        kind = PartKind.FIELDS if self.kind is DocumentKind.FORM and len(heads) == 2 else PartKind.TABLE
        units = tuple(self._row(row, len(heads)) for row in rows)
        if kind is PartKind.FIELDS:
            self._check_labels(units)
        return DocumentPart(kind, units, raw.title, heads)

    def _rows(self, raw: RawPart) -> list[RawUnit]:
        """Return the rows of a table below its heading."""
        rows = raw.units[1:]
        delimiter = table_cells(rows[0].text) if rows else []
        if delimiter and all(_DELIMITER.fullmatch(cell) for cell in delimiter):
            return rows[1:]
        message = "The table has no heading row."
        self.report.error(raw.line, message, "Write a row of titles, and below it a row of dashes.")
        return rows

    def _row(self, raw: RawUnit, columns: int) -> Unit:
        text, name = self._split_name(raw)
        cells = table_cells(text)
        if len(cells) != columns:
            self.report.error(
                raw.line,
                "This is not a table row of %(columns)s cells.",
                "Begin and end it with |, and write a bar in a cell as \\|.",
                columns=columns,
            )
            cells = [*cells, *[""] * columns][:columns]
        return Unit(self._number(raw.line), tuple(cells), name)

    def _check_labels(self, units: tuple[Unit, ...]) -> None:
        for unit in units:
            label = unit.cells[0] if unit.cells else ""
            line = self.lines[unit.number - 1]
            if label in self.labels:
                message = 'The form has the label "%(label)s" twice.'
                self.report.error(line, message, "Give each field its own label.", label=label)
            elif not label:
                self.report.error(line, "This field of the form has no label.", "Write it in the first cell.")
            self.labels[label] = line

    def _number(self, line: int) -> int:
        self.lines.append(line)
        return len(self.lines)

    def _split_name(self, raw: RawUnit) -> tuple[str, str]:
        text = raw.text
        match = _NAME.search(text)
        if not match:
            return text, ""
        text, name = text[: match.start()].rstrip(), match[1]
        line = raw.line
        if not self.named:
            self.report.error(line, "A translation has no names of lines.", "Remove {#%(name)s}.", name=name)
            return text, ""
        if not _GOOD_NAME.fullmatch(name):
            message, hint = (
                '"%(name)s" is not a name of a line.',
                "Write small letters, digits and hyphens, at most 20.",
            )
            self.report.error(line, message, hint, name=name[:40])
            return text, ""
        if name in self.names:
            message = 'The name "%(name)s" is taken by line %(first)s of the file.'
            self.report.error(line, message, "Give this line another name.", name=name, first=self.names[name])
            return text, ""
        self.names[name] = line
        return text, name


def _turn(unit: RawUnit) -> re.Match[str] | None:
    return _TURN.fullmatch(unit.text)
