"""Parse and write `documents.toml`: which documents a course or all courses have, and where each may be used."""

from typing import Any

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.course_reader import SLUG
from app.catalogue.domain.documents import DocumentFacts, DocumentForm, DocumentKind
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.targets import DOCUMENT_ID
from app.catalogue.domain.text import TextFile, normalise
from app.catalogue.domain.toml_tables import (
    KeyRule,
    TomlReader,
    day,
    integer_between,
    list_of,
    one_of,
    parse_toml,
    read_fields,
    tables,
    text,
)
from app.catalogue.domain.toml_writer import edited_document, new_document

_slug = text(SLUG, "small letters, figures and single hyphens, such as six-payslips")
_id = text(DOCUMENT_ID, "the id of a document, such as SF-D10")
_course_id = text("[A-Z][A-Z0-9]*", "capital letters and figures, such as M01")
_source_id = text("[a-z0-9][a-z0-9-]*", "the id of a source, such as tip-protocol-2000")
_DOCUMENT = {
    "id": KeyRule(_id, needed=True),
    "slug": KeyRule(_slug, needed=True),
    "kind": KeyRule(one_of(DocumentKind), needed=True),
    "sensitivity": KeyRule(one_of(Sensitivity), needed=True),
    "form": KeyRule(one_of(DocumentForm), needed=True),
    "family": KeyRule(text(f"(?:{SLUG})?", "small letters, figures and single hyphens, such as payslips")),
    "courses": KeyRule(list_of(_course_id)),
    "warning": KeyRule(integer_between(0, 2)),
    "checked_fiction_on": KeyRule(day),
    "sources": KeyRule(list_of(_source_id)),
}
_FILE = {"document": KeyRule(tables(_DOCUMENT, DocumentFacts))}
_DEFAULTS = {"document": {"family": "", "courses": (), "warning": 0, "sources": ()}}


def read_document_facts(source: TextFile) -> tuple[tuple[DocumentFacts, ...], list[Problem]]:
    """Return the documents in the order of the file, and every problem of `documents.toml`."""
    plain, desk = parse_toml(source)
    fields = (read_fields(plain, _FILE, desk, ()) or {}) if plain else {}
    documents: tuple[DocumentFacts, ...] = fields.get("document", ())
    _note_twins(documents, desk)
    return documents, desk.problems


def _note_twins(documents: tuple[DocumentFacts, ...], desk: TomlReader) -> None:
    for name in ("id", "slug"):
        met: set[str] = set()
        for index, facts in enumerate(documents):
            value = getattr(facts, name)
            if value in met:
                desk.note(("document", index, name), '"%(name)s" is here twice.', "Remove one of the two.", name=value)
            met.add(value)


def write_document_facts(documents: tuple[DocumentFacts, ...], original: str | None = None) -> str:
    """Return the text of `documents.toml`; comments and order of `original` are kept."""
    if not original:
        return new_document(_plain(documents), _DEFAULTS)
    original = normalise(original)
    before, _ = read_document_facts(TextFile("documents.toml", original))
    if before == documents:
        return original
    written = edited_document(original, _plain(documents), before=_plain(before), defaults=_DEFAULTS)
    same = read_document_facts(TextFile("documents.toml", written))[0] == documents
    return written if same else write_document_facts(documents)


def _plain(documents: tuple[DocumentFacts, ...]) -> dict[str, Any]:
    return {"document": [_entry(facts) for facts in documents]} if documents else {}


def _entry(facts: DocumentFacts) -> dict[str, Any]:
    values = msgspec.structs.asdict(facts)
    enums = {name: str(values[name]) for name in ("kind", "sensitivity", "form")}
    return {name: value for name, value in (values | enums).items() if value is not None}
