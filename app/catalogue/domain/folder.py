"""Reading and writing all of `courses/`: every file, every link between them, every mistake at once."""

from collections.abc import Iterable, Mapping

from app.catalogue.domain.blueprint_checks import check_blueprint
from app.catalogue.domain.course_files import Shelf
from app.catalogue.domain.course_folder import read_course_folder
from app.catalogue.domain.course_writer import write_course, write_course_text
from app.catalogue.domain.disk import RefusedFolderError, files_on_disk
from app.catalogue.domain.folder_checks import check_folder, known_ids
from app.catalogue.domain.folder_names import Name, Part, name_of, path_in_course
from app.catalogue.domain.item_writer import write_bank
from app.catalogue.domain.lesson_reader import write_lesson
from app.catalogue.domain.library import CourseFolder, Library
from app.catalogue.domain.media import write_media
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.reference_files import read_references, write_references
from app.catalogue.domain.scenario_writer import write_scenario
from app.catalogue.domain.toml_lines import TomlLines
from app.catalogue.domain.translations import write_front

__all__ = ["RefusedFolderError", "files_on_disk", "in_order", "read_folder", "write_course_folder", "write_folder"]


def read_folder(files: Mapping[str, bytes], *, base: Library | None = None) -> tuple[Library, list[Problem]]:
    """Return the library and every mistake, in the order of files and lines; paths are relative to `courses/`.

    `base` is the library that a supplement stands beside: its courses and references may be referred to.
    """
    named, mistakes = _named(files)
    references, wrong = read_references(named.pop("", {}), base.references if base else None)
    mistakes += wrong
    read = {slug: read_course_folder(slug, inside) for slug, inside in sorted(named.items())}
    courses = {slug: folder for slug, (folder, _) in read.items() if folder}
    shelves = {slug: shelf for slug, (_, shelf) in read.items()}
    beside = list(base.courses.values()) if base else []
    known = known_ids(references, [folder.course for folder in (*courses.values(), *beside)])
    for shelf in shelves.values():
        mistakes += shelf.mistakes
    for slug, folder in courses.items():
        shelf = shelves[slug]
        mistakes += check_folder(folder, shelf, known)
        bank = folder.banks.get(folder.course.source_language)
        mistakes += check_blueprint(folder.course, bank, file=shelf.toml.file, toml=shelf.toml.text)
    mistakes += _check_between(courses, shelves, beside)
    return Library(courses, references), in_order(mistakes)


def write_folder(library: Library) -> dict[str, bytes]:
    """Return every file of the library by its path relative to `courses/`: UTF-8, NFC, LF, no byte-order mark.

    What had errors when it was read may not be in the library, and so not in the files either.
    """
    texts = write_references(library.references)
    written = {path: text.encode() for path, text in texts.items()}
    for folder in library.courses.values():
        written |= {f"{folder.slug}/{path}": text.encode() for path, text in write_course_folder(folder).items()}
        written |= {f"{folder.slug}/media/{name}": content for name, content in folder.contents.items()}
    return written


def write_course_folder(folder: CourseFolder) -> dict[str, str]:
    """Return the texts of one course by path within its folder; the media themselves are left out."""
    source = folder.course.source_language
    pages = {path_in_course(Part.TEXT, lang): write_course_text(text) for lang, text in folder.texts.items()}
    for slug, lessons in folder.lessons.items():
        pages |= {path_in_course(Part.LESSON, lang, slug): write_lesson(one) for lang, one in lessons.items()}
    for lang, bank in folder.banks.items():
        pages[path_in_course(Part.BANK, lang)] = write_bank(bank, translation=lang != source)
    for name, scenarios in folder.scenarios.items():
        for lang, one in scenarios.items():
            pages[path_in_course(Part.SCENARIO, lang, name)] = write_scenario(one, translation=lang != source)
    heads = {path: write_front(front) for path, front in folder.fronts.items()}
    written = {path: heads.get(path, "") + text for path, text in pages.items()}
    written["course.toml"] = write_course(folder.course, folder.toml or None)
    if folder.media or folder.media_toml:
        written[folder.media_path] = write_media(folder.media, folder.media_toml or None)
    return written


def in_order(mistakes: Iterable[Problem]) -> list[Problem]:
    """Sort by file and line, and tell each thing once."""
    once = {(one.file, one.line, one.message % one.values, one.hint % one.values): one for one in mistakes}
    return [once[key] for key in sorted(once)]


def _named(files: Mapping[str, bytes]) -> tuple[dict[str, dict[Name, tuple[str, bytes]]], list[Problem]]:
    """Sort the files by the folder they stand in; the empty name is for what all courses share."""
    folders: dict[str, dict[Name, tuple[str, bytes]]] = {}
    mistakes = []
    for path, raw in sorted(files.items()):
        name = name_of(path)
        if isinstance(name, Problem):
            mistakes.append(name)
        elif name and name in folders.get(name.folder, {}):
            hint = "Keep the one in the folder of the course."
            mistakes.append(Problem(path, 1, "There are two files of this kind.", hint))
        elif name:
            folders.setdefault(name.folder, {})[name] = (path, raw)
    return folders, mistakes


def _check_between(
    courses: Mapping[str, CourseFolder], shelves: Mapping[str, Shelf], beside: Iterable[CourseFolder]
) -> list[Problem]:
    """Find ids that two courses share, and prerequisites that lead back to the course itself."""
    owner = {folder.course.id: folder.slug for folder in beside}
    needs = {folder.course.id: folder.course.prerequisites for folder in courses.values()}
    mistakes = []
    for slug, folder in courses.items():
        file, lines = shelves[slug].toml.file, TomlLines(shelves[slug].toml.text)
        one = folder.course.id
        if owner.setdefault(one, slug) != slug:
            message, hint = "The course %(other)s has the id %(id)s already.", "Give this course an id of its own."
            mistakes.append(Problem(file, lines.of(("id",)), message, hint, {"other": owner[one], "id": one}))
        if _leads_back(one, needs):
            message, hint = "The prerequisites lead back to this course.", "Take one of them away."
            mistakes.append(Problem(file, lines.of(("prerequisites",)), message, hint))
    return mistakes


def _leads_back(course: str, needs: Mapping[str, tuple[str, ...]]) -> bool:
    met: set[str] = set()
    ahead = list(needs[course])
    while ahead:
        one = ahead.pop()
        if one not in met:
            met.add(one)
            ahead += needs.get(one, ())
    return course in met
