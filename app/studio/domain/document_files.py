"""Documents among the files of a course: a new one, other facts, a removal, and the problems of an unsaved text.

As in `course_edits`, changes are the files to write, by path within the folder of the course.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.catalogue.domain.document_checks import check_document
from app.catalogue.domain.document_facts import read_document_facts, write_document_facts
from app.catalogue.domain.document_reader import SOURCE_BYTES, read_document
from app.catalogue.domain.documents import Document, DocumentFacts, DocumentForm, DocumentKind
from app.catalogue.domain.folder import in_order
from app.catalogue.domain.folder_names import Name, Part, name_of, path_in_course
from app.catalogue.domain.invented_names import check_real_looking
from app.catalogue.domain.page_limits import check_limits
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.text import TextFile
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import DOCUMENTS_FILE, Changes, Files, facts_of, slug_of
from app.studio.domain.document_examples import body_of

HIDDEN_FORMS = frozenset({DocumentForm.B, DocumentForm.RESERVE})
"""Forms of documents that learners must not know before a test or a watched check."""


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document as the checker reads it: None without a usable id and kind. `problems` in the order of their lines."""

    document: Document | None
    problems: tuple[Problem, ...]


def document_path(slug: str, language: str) -> str:
    """Return the path of a document within the folder of its course."""
    return path_in_course(Part.DOCUMENT, language, slug)


def check_text(path: str, text: str) -> CheckedDocument:
    """Return the document of a text in the source language, with the problems that the checker reports for it."""
    page = TextFile(path, text)
    read, problems = read_document(page)
    problems += check_limits(page, page_bytes=SOURCE_BYTES) + check_real_looking(text, path)
    if read is not None:
        problems += check_document(read, path)
    return CheckedDocument(read.document if read else None, tuple(in_order(problems)))


def hidden_slugs(documents: Iterable[DocumentFacts]) -> frozenset[str]:
    """Return the slugs of the documents of form B and reserve."""
    return frozenset(facts.slug for facts in documents if facts.form in HIDDEN_FORMS)


def document_facts(files: Files) -> tuple[DocumentFacts, ...]:
    """Return the entries of `documents.toml`; raise DomainError if it has errors, so that no entry is lost."""
    raw = files.get(DOCUMENTS_FILE)
    if raw is None:
        return ()
    documents, problems = read_document_facts(TextFile(DOCUMENTS_FILE, raw.decode("utf-8", "replace")))
    if any(problem.weight is Weight.ERROR for problem in problems):
        raise DomainError("The list of documents has errors. Correct documents/documents.toml in an export first.")
    return documents


def add_document(files: Files, kind: DocumentKind, title: str, document_id: str = "") -> tuple[str, Changes]:
    """Return the slug of a new document of form A, and the files to write; without an id it has the next one.

    Raises DomainError if another document has the id.
    """
    course, documents = facts_of(files), document_facts(files)
    taken = {facts.id for facts in documents}
    document_id = document_id or next_id(course.id, taken)
    if document_id in taken:
        raise DomainError("Another document has this id. Choose another one.")
    slugs = {facts.slug for facts in documents} | _slugs_of_files(files)
    slug = slug_of(title, slugs, fallback="document")
    facts = DocumentFacts(document_id, slug, kind, course.sensitivity, DocumentForm.A)
    text = f"# {title}\nid: {document_id}\nkind: {kind}\n{body_of(kind)}\n"
    changes = _with_facts(files, (*documents, facts))
    return slug, changes | {document_path(slug, course.source_language): text.encode()}


def next_id(course_code: str, taken: Collection[str]) -> str:
    """Return the first id of a document of the course that is free, such as M01-D03."""
    number = 1
    while f"{course_code}-D{number:02}" in taken:
        number += 1
    return f"{course_code}-D{number:02}"


def change_facts(files: Files, changed: DocumentFacts) -> Changes:
    """Return `documents.toml` with other facts of the document of this slug; raise DomainError if it was removed."""
    documents = document_facts(files)
    if all(facts.slug != changed.slug for facts in documents):
        raise DomainError("This document was removed by another user.")
    return _with_facts(files, tuple(changed if facts.slug == changed.slug else facts for facts in documents))


def remove_document(files: Files, slug: str) -> Changes:
    """Return the changes that remove a document in all its languages; published versions keep it."""
    remaining = tuple(facts for facts in document_facts(files) if facts.slug != slug)
    changes = _with_facts(files, remaining) if DOCUMENTS_FILE in files else {}
    return changes | {path: None for path in files if _slug_of_file(path) == slug}


def _with_facts(files: Files, documents: tuple[DocumentFacts, ...]) -> Changes:
    original = files.get(DOCUMENTS_FILE, b"").decode("utf-8", "replace")
    return {DOCUMENTS_FILE: write_document_facts(documents, original or None).encode()}


def _slugs_of_files(files: Files) -> set[str]:
    return {slug for path in files if (slug := _slug_of_file(path))}


def _slug_of_file(path: str) -> str:
    name = name_of(f"course/{path}")
    return name.name if isinstance(name, Name) and name.part is Part.DOCUMENT else ""
