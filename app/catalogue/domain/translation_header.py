"""Update the header of a translation with the hashes of its source blocks, for `flask courses follow`."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from app.catalogue.domain.course_writer import blocks_of_course_text
from app.catalogue.domain.document_writer import blocks_of_document
from app.catalogue.domain.documents import CourseDocument
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.lesson_reader import blocks_of_lesson
from app.catalogue.domain.library import SHARED_LANGUAGE, CourseFolder, Library
from app.catalogue.domain.references.texts import blocks_of_texts, read_texts
from app.catalogue.domain.scenario_writer import blocks_of_scenario
from app.catalogue.domain.text import TextFile, read
from app.catalogue.domain.translations import FrontState, cut_front, front_for, write_front
from app.kernel.errors import DomainError

T = TypeVar("T")


class NothingFollowedError(DomainError):
    """The path is not a translation, or its source is missing."""


def with_current_header(
    files: Mapping[str, bytes],
    path: str,
    *,
    library: Library | None = None,
    state: FrontState = FrontState.DRAFT,
    source: str = "en",
) -> bytes:
    """Return the file of a translation with a header that follows every current block of the source.

    `path` is relative to the folder of courses; `library` is what the files say, if it was read before; `source` is the
    language of the references. Raises NothingFollowedError.
    """
    name = name_of(path)
    if not isinstance(name, Name) or not name.language:
        raise NothingFollowedError(f"{path} is no text in a language.")
    if name.part is Part.REFERENCE:
        blocks = _shared(files, name, source)
    else:
        blocks = _blocks(library or read_folder(_beside(files, path))[0], name)
    if not blocks:
        raise NothingFollowedError(f"{path} has no source that it could follow.")
    page, _ = read(path, files[path])
    _front, body, _ = cut_front(page)
    return (write_front(front_for(blocks, state=state)) + body.text.lstrip("\n")).encode()


def _beside(files: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    """Return the files of the folder of a file."""
    folder = path.partition("/")[0]
    return {other: content for other, content in files.items() if other.partition("/")[0] == folder}


def _blocks(library: Library, name: Name) -> list[str]:
    return _of_course(library, name) if name.folder else _of_shared_document(library, name)


def _of_shared_document(library: Library, name: Name) -> list[str]:
    if name.language == SHARED_LANGUAGE:
        return []
    return _of_slug(library.documents.documents.values(), name.name, SHARED_LANGUAGE)


def _shared(files: Mapping[str, bytes], name: Name, source: str) -> list[str]:
    file = f"{name.name}.{source}.md"
    if name.language == source or file not in files:
        return []
    return blocks_of_texts(read_texts(TextFile(file, files[file].decode()))[0])


def _of_course(library: Library, name: Name) -> list[str]:
    folder = library.courses.get(name.folder)
    return source_blocks(folder, name) if folder and name.language != folder.course.source_language else []


def source_blocks(folder: CourseFolder, name: Name) -> list[str]:
    """Return the blocks of the source of a translation, in order; empty if there is no source."""
    own = folder.course.source_language
    if name.part is Part.TEXT:
        return _blocks_of(folder.texts.get(own), blocks_of_course_text)
    if name.part is Part.LESSON:
        return _blocks_of(folder.lessons.get(name.name, {}).get(own), blocks_of_lesson)
    if name.part is Part.BANK:
        return _blocks_of(folder.banks.get(own), blocks_of_bank)
    if name.part is Part.DOCUMENT:
        return _of_slug([document for document in folder.documents.values() if not document.shared], name.name, own)
    return _blocks_of(folder.scenarios.get(name.name, {}).get(own), blocks_of_scenario)


def _of_slug(documents: Iterable[CourseDocument], slug: str, language: str) -> list[str]:
    texts = (document.texts.get(language) for document in documents if document.facts.slug == slug)
    return _blocks_of(next(texts, None), blocks_of_document)


def _blocks_of(source: T | None, blocks: Callable[[T], list[str]]) -> list[str]:
    return [] if source is None else blocks(source)
