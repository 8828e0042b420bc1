"""Parse one course folder: texts, lessons, bank and cases by language, translations merged with their source."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.catalogue.domain.course_files import CourseSources, Files, decode_course_files
from app.catalogue.domain.course_reader import read_course_text
from app.catalogue.domain.course_writer import blocks_of_course_text
from app.catalogue.domain.courses import CourseText
from app.catalogue.domain.folder_names import Name, Part, path_in_course
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_translation import merge_bank
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.items import Bank
from app.catalogue.domain.lesson_reader import blocks_of_lesson, read_lesson
from app.catalogue.domain.lessons import LessonSource
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.markdown_blocks import cut
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.scenario_reader import merge_scenario, read_scenario
from app.catalogue.domain.scenario_writer import blocks_of_scenario
from app.catalogue.domain.scenarios import Scenario
from app.catalogue.domain.structure_comparison import compare
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import Front, state_of

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class _Way(Generic[_Thing]):
    """How to parse a kind of file, split it into blocks, and merge a translation (None for prose)."""

    read: Callable[[TextFile, bool], tuple[_Thing | None, list[Problem]]]
    blocks: Callable[[_Thing], list[str]]
    merge: Callable[[_Thing, _Thing, str], tuple[_Thing, list[Problem]]] | None = None


def read_course_folder(slug: str, files: Files) -> tuple[CourseFolder | None, CourseSources]:
    """Return the course, or None if `course.toml` is not usable, and the shelf with all texts and problems."""
    shelf = decode_course_files(slug, files)
    texts = _languages(shelf, _TEXTS, Part.TEXT)
    lessons = {name: _languages(shelf, _lessons(shelf, name), Part.LESSON, name) for name in shelf.names(Part.LESSON)}
    banks = _languages(shelf, _BANKS, Part.BANK)
    scenarios = {name: _languages(shelf, _SCENARIOS, Part.SCENARIO, name) for name in shelf.names(Part.SCENARIO)}
    if shelf.course is None:
        return None, shelf
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
    )
    return folder, shelf


def _languages(shelf: CourseSources, way: _Way[_Thing], part: Part, name: str = "") -> dict[str, _Thing]:
    """Parse a part in all its languages; it is left out without a usable text in the source language."""
    pages = shelf.of(part, name)
    wanted = f"{shelf.slug}/{path_in_course(part, shelf.language, name)}"
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


_TEXTS: _Way[CourseText] = _Way(lambda page, _: read_course_text(page), blocks_of_course_text)
_BANKS: _Way[Bank] = _Way(lambda page, other: read_bank(page, translation=other), blocks_of_bank, merge_bank)
_SCENARIOS: _Way[Scenario] = _Way(
    lambda page, other: read_scenario(page, translation=other), blocks_of_scenario, merge_scenario
)
