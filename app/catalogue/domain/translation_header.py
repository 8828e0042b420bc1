"""Update the header of a translation with the hashes of its source blocks, for `flask courses follow`."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from app.catalogue.domain.course_writer import blocks_of_course_text
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.lesson_reader import blocks_of_lesson
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.references.texts import blocks_of_texts, read_texts
from app.catalogue.domain.scenario_writer import blocks_of_scenario
from app.catalogue.domain.text import TextFile, read
from app.catalogue.domain.translations import FrontState, cut_front, front_for, write_front
from app.kernel.errors import DomainError

T = TypeVar("T")


class NothingFollowedError(DomainError):
    """The path is not a translation, or its source is missing."""


def with_current_header(
    files: Mapping[str, bytes], path: str, *, state: FrontState = FrontState.DRAFT, source: str = "en"
) -> bytes:
    """Return the file of a translation with a header that follows every current block of the source.

    `path` is relative to the folder of courses; `source` is the language of the references. Raises
    NothingFollowedError.
    """
    name = name_of(path)
    if not isinstance(name, Name) or not name.language:
        raise NothingFollowedError(f"{path} is no text in a language.")
    blocks = _shared(files, name, source) if name.part is Part.REFERENCE else _of_course(files, name)
    if not blocks:
        raise NothingFollowedError(f"{path} has no source that it could follow.")
    page, _ = read(path, files[path])
    _front, body, _ = cut_front(page)
    return (write_front(front_for(blocks, state=state)) + body.text.lstrip("\n")).encode()


def _shared(files: Mapping[str, bytes], name: Name, source: str) -> list[str]:
    file = f"{name.name}.{source}.md"
    if name.language == source or file not in files:
        return []
    return blocks_of_texts(read_texts(TextFile(file, files[file].decode()))[0])


def _of_course(files: Mapping[str, bytes], name: Name) -> list[str]:
    folder = read_folder(files)[0].courses.get(name.folder)
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
    return _blocks_of(folder.scenarios.get(name.name, {}).get(own), blocks_of_scenario)


def _blocks_of(source: T | None, blocks: Callable[[T], list[str]]) -> list[str]:
    return [] if source is None else blocks(source)
