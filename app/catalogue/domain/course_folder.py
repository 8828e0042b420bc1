"""Parse one course folder: texts, lessons, bank and cases by language, translations merged with their source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.catalogue.domain.course_files import CourseSources, Files, decode_course_files, decode_shared_documents
from app.catalogue.domain.course_reader import read_course_text
from app.catalogue.domain.course_writer import blocks_of_course_text
from app.catalogue.domain.courses import CourseText
from app.catalogue.domain.document_checks import check_document
from app.catalogue.domain.document_reader import ReadDocument, read_document
from app.catalogue.domain.document_translation import merge_document
from app.catalogue.domain.document_writer import blocks_of_document
from app.catalogue.domain.documents import CourseDocument, Document, DocumentFacts, DocumentKind
from app.catalogue.domain.folder_names import Name, Part, path_in_course
from app.catalogue.domain.invented_names import check_real_looking
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_translation import merge_bank
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.items import Bank
from app.catalogue.domain.lesson_reader import blocks_of_lesson, read_lesson
from app.catalogue.domain.lessons import LessonSource
from app.catalogue.domain.library import CourseFolder, SharedDocuments
from app.catalogue.domain.markdown_blocks import cut
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.scenario_reader import merge_scenario, read_scenario
from app.catalogue.domain.scenario_writer import blocks_of_scenario
from app.catalogue.domain.scenarios import Scenario
from app.catalogue.domain.structure_comparison import compare
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.toml_lines import TomlLines
from app.catalogue.domain.translations import Front, state_of

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class _Way(Generic[_Thing]):
    """How to parse a kind of file, split it into blocks, and merge a translation (None for prose)."""

    read: Callable[[TextFile, bool], tuple[_Thing | None, list[Problem]]]
    blocks: Callable[[_Thing], list[str]]
    merge: Callable[[_Thing, _Thing, str], tuple[_Thing, list[Problem]]] | None = None


def read_shared_documents(files: Files) -> tuple[SharedDocuments, list[Problem]]:
    """Return the documents that all courses share, and every problem of their files."""
    shelf = decode_shared_documents(files)
    documents = _read_documents(shelf)
    fronts = {path_in_course(path.part, path.language, path.name): front for path, front in shelf.heads.items()}
    shared = {code: CourseDocument(document.facts, document.texts, shared=True) for code, document in documents.items()}
    for page in shelf.pages.values():
        shelf.problems += check_real_looking(page.text, page.file)
    return SharedDocuments(shared, shelf.documents_toml.text, fronts, shelf.statuses), shelf.problems


def read_course_folder(slug: str, files: Files, shared: SharedDocuments) -> tuple[CourseFolder | None, CourseSources]:
    """Return the course, or None if `course.toml` is not usable, and the shelf with all texts and problems."""
    shelf = decode_course_files(slug, files)
    texts = _languages(shelf, _TEXTS, Part.TEXT)
    lessons = {name: _languages(shelf, _lessons(shelf, name), Part.LESSON, name) for name in shelf.names(Part.LESSON)}
    banks = _languages(shelf, _BANKS, Part.BANK)
    scenarios = {name: _languages(shelf, _SCENARIOS, Part.SCENARIO, name) for name in shelf.names(Part.SCENARIO)}
    documents = _read_documents(shelf)
    if shelf.course is None:
        return None, shelf
    documents = _with_shared(shelf, documents, shared, shelf.course.id)
    folder = CourseFolder(
        slug=slug,
        course=shelf.course,
        toml=shelf.toml.text,
        texts=texts,
        lessons=lessons,
        banks=banks,
        scenarios=scenarios,
        fronts={path_in_course(path.part, path.language, path.name): front for path, front in shelf.heads.items()},
        statuses=shelf.statuses,
        media=shelf.media,
        media_toml=shelf.media_toml.text,
        media_path=shelf.media_toml.file.partition("/")[2] or "media.toml",
        contents=shelf.contents,
        documents=documents,
        documents_toml=shelf.documents_toml.text,
    )
    return folder, shelf


def _languages(shelf: CourseSources, way: _Way[_Thing], part: Part, name: str = "") -> dict[str, _Thing]:
    """Parse a part in all its languages; it is left out without a usable text in the source language."""
    pages = shelf.of(part, name)
    wanted = f"{shelf.prefix}{path_in_course(part, shelf.language, name)}"
    if shelf.language not in pages:
        hint = "Add %(wanted)s, or delete the translation."
        for page in pages.values():
            shelf.note(page.file, 1, "The text in the source language is missing.", hint, wanted=wanted)
    read: dict[str, _Thing] = {}
    for language, page in pages.items():
        thing, problems = way.read(page, language != shelf.language)
        shelf.problems += problems
        if thing is None:
            continue
        if language == shelf.language:
            read[language] = thing
        elif shelf.language in read:
            page_name = Name(part, shelf.slug, name, language)
            read[language] = _follow(shelf, way, page_name, (read[shelf.language], thing))
    return read


def _follow(shelf: CourseSources, way: _Way[_Thing], name: Name, pair: tuple[_Thing, _Thing]) -> _Thing:
    """Set the status of a translation, then merge it with its source or compare the structure of both."""
    source, translated = pair
    page = shelf.pages[name]
    front = shelf.heads.get(name, Front(()))
    status = state_of(way.blocks(source), front)
    shelf.statuses[path_in_course(name.part, name.language, name.name)] = status
    if way.merge:
        translated, problems = way.merge(source, translated, page.file)
    else:
        source_page = shelf.pages[Name(name.part, shelf.slug, name.name, shelf.language)]
        problems = compare(page.file, cut(source_page.lines), cut(page.lines), front=front, status=status)
    shelf.problems += problems
    return translated


def _lessons(shelf: CourseSources, slug: str) -> _Way[LessonSource]:
    """Read lessons with the warning that the course gives them."""
    entries = shelf.course.lessons if shelf.course else ()
    warning = next((entry.warning for entry in entries if entry.slug == slug), 0)
    return _Way(lambda page, _: read_lesson(page, warning=warning), blocks_of_lesson)


def _read_documents(shelf: CourseSources) -> dict[str, CourseDocument]:
    """Read the documents of `documents.toml` with their texts, by id; those without an entry are problems."""
    slugs = shelf.names(Part.DOCUMENT)
    read = {slug: _languages(shelf, _documents(), Part.DOCUMENT, slug) for slug in slugs}
    lines = TomlLines(shelf.documents_toml.text)
    documents = {}
    for index, facts in enumerate(shelf.documents):
        if facts.slug in read:
            _check_texts(shelf, _first_file(shelf, facts.slug), facts, read[facts.slug])
        else:
            wanted = f"{shelf.prefix}{path_in_course(Part.DOCUMENT, shelf.language, facts.slug)}"
            message, hint = "The document %(wanted)s is missing.", "Add it, or delete this entry."
            shelf.note(shelf.documents_toml.file, lines.of(("document", index)), message, hint, wanted=wanted)
        documents[facts.id] = CourseDocument(facts, _document_texts(read.get(facts.slug, {})))
    for slug in sorted(set(slugs) - {facts.slug for facts in shelf.documents}):
        hint = 'Add a "[[document]]" with this slug, or delete the file.'
        shelf.note(_first_file(shelf, slug), 1, "This document has no entry in documents.toml.", hint)
    return documents


def _first_file(shelf: CourseSources, slug: str) -> str:
    return next(iter(shelf.of(Part.DOCUMENT, slug).values())).file


def _document_texts(read: Mapping[str, ReadDocument]) -> dict[str, Document]:
    return {language: entry.document for language, entry in read.items()}


def _check_texts(shelf: CourseSources, file: str, facts: DocumentFacts, texts: dict[str, ReadDocument]) -> None:
    """Check the source text of a document by itself, and against its entry."""
    read = texts.get(shelf.language)
    shelf.problems += check_document(read, file) if read else []
    for key in ("id", "kind"):
        if read and getattr(read.document, key) != getattr(facts, key):
            message = "documents.toml gives this document the %(key)s %(there)s, not %(here)s."
            values = {"there": str(getattr(facts, key)), "here": str(getattr(read.document, key))}
            shelf.note(file, 1, message, "Use the same in both files.", key=key, **values)


def _with_shared(
    shelf: CourseSources, own: dict[str, CourseDocument], shared: SharedDocuments, course: str
) -> dict[str, CourseDocument]:
    used = {code: document for code, document in shared.documents.items() if course in document.facts.courses}
    lines = TomlLines(shelf.documents_toml.text)
    for index, facts in enumerate(shelf.documents):
        if facts.id in shared.documents:
            message, hint = "A shared document has the id %(id)s.", "Give this document another id."
            shelf.note(shelf.documents_toml.file, lines.of(("document", index, "id")), message, hint, id=facts.id)
    return used | own


def _documents() -> _Way[ReadDocument]:
    """Read documents in all languages; a translation has the kind of its source, which is read first."""
    kinds: list[DocumentKind] = []

    def read_one(page: TextFile, other: bool) -> tuple[ReadDocument | None, list[Problem]]:
        read, problems = read_document(page, kind=kinds[0] if kinds else None, translation=other)
        kinds.extend([read.document.kind] if read and not other else [])
        return read, problems

    return _Way(read_one, lambda read: blocks_of_document(read.document), merge_document)


_TEXTS: _Way[CourseText] = _Way(lambda page, _: read_course_text(page), blocks_of_course_text)
_BANKS: _Way[Bank] = _Way(lambda page, other: read_bank(page, translation=other), blocks_of_bank, merge_bank)
_SCENARIOS: _Way[Scenario] = _Way(
    lambda page, other: read_scenario(page, translation=other), blocks_of_scenario, merge_scenario
)
