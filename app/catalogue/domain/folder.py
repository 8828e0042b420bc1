"""Read and write all of `courses/`: a `Library` of courses and references, with the problems of all files."""

from collections.abc import Iterable, Mapping

from app.catalogue.domain.blueprint_checks import check_blueprint
from app.catalogue.domain.course_files import CourseSources
from app.catalogue.domain.course_folder import read_course_folder, read_shared_documents
from app.catalogue.domain.course_writer import write_course, write_course_text
from app.catalogue.domain.disk import RefusedFolderError, files_on_disk
from app.catalogue.domain.document_facts import write_document_facts
from app.catalogue.domain.document_writer import write_document
from app.catalogue.domain.documents import CourseDocument
from app.catalogue.domain.folder_checks import KnownIds, check_folder, known_ids
from app.catalogue.domain.folder_names import Name, Part, name_of, path_in_course
from app.catalogue.domain.guess_checks import check_guesses
from app.catalogue.domain.item_writer import write_bank
from app.catalogue.domain.lesson_reader import write_lesson
from app.catalogue.domain.library import SHARED_LANGUAGE, CourseFolder, Library, SharedDocuments
from app.catalogue.domain.media import write_media
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.reference_files import read_references, write_references
from app.catalogue.domain.scenario_writer import write_scenario
from app.catalogue.domain.toml_lines import TomlLines
from app.catalogue.domain.translations import Front, write_front

__all__ = ["RefusedFolderError", "files_on_disk", "in_order", "read_folder", "write_course_folder", "write_folder"]


def read_folder(files: Mapping[str, bytes], *, base: Library | None = None) -> tuple[Library, list[Problem]]:
    """Return the library and every problem, in the order of files and lines; paths are relative to `courses/`.

    `base` is a library whose courses and references the files may refer to.
    """
    named, problems = _named(files)
    shared = named.pop("", {})
    references, new_problems = read_references(_of_parts(shared, Part.REFERENCE), base.references if base else None)
    documents, document_problems = _read_shared(_of_parts(shared, Part.DOCUMENT, Part.DOCUMENTS), base)
    problems += new_problems + document_problems
    courses, shelves = _read_courses(named, documents)
    beside = list(base.courses.values()) if base else []
    known_names = known_ids(references, [folder.course for folder in (*courses.values(), *beside)])
    for shelf in shelves.values():
        problems += shelf.problems
    for slug, folder in courses.items():
        problems += _check_course(folder, shelves[slug], known_names)
    problems += _check_between(courses, shelves, beside)
    return Library(courses, references, documents), in_order(problems)


def _of_parts(files: dict[Name, tuple[str, bytes]], *parts: Part) -> dict[Name, tuple[str, bytes]]:
    return {name: content for name, content in files.items() if name.part in parts}


def _read_shared(files: dict[Name, tuple[str, bytes]], base: Library | None) -> tuple[SharedDocuments, list[Problem]]:
    """Read the shared documents; without any file they are those of `base`."""
    if not files:
        return (base.documents if base else SharedDocuments()), []
    return read_shared_documents(files)


def _read_courses(
    named: dict[str, dict[Name, tuple[str, bytes]]], documents: SharedDocuments
) -> tuple[dict[str, CourseFolder], dict[str, CourseSources]]:
    read = {slug: read_course_folder(slug, inside, documents) for slug, inside in sorted(named.items())}
    courses = {slug: folder for slug, (folder, _) in read.items() if folder}
    return courses, {slug: shelf for slug, (_, shelf) in read.items()}


def _check_course(folder: CourseFolder, shelf: CourseSources, known_names: KnownIds) -> list[Problem]:
    bank = folder.banks.get(folder.course.source_language)
    blueprint_problems = check_blueprint(folder.course, bank, file=shelf.toml.file, toml=shelf.toml.text)
    page = shelf.page(Part.BANK)
    guess_problems = check_guesses(
        folder.course, page.text if page else None, file=shelf.toml.file, toml=shelf.toml.text
    )
    return check_folder(folder, shelf, known_names) + blueprint_problems + guess_problems


def write_folder(library: Library) -> dict[str, bytes]:
    """Return every file of the library by its path relative to `courses/`: UTF-8, NFC, LF, no byte-order mark.

    A file that had errors when it was read may be missing from the library, and so from the result.
    """
    texts = write_references(library.references)
    written = {path: text.encode() for path, text in texts.items()}
    written |= {path: text.encode() for path, text in _write_shared(library.documents).items()}
    for folder in library.courses.values():
        written |= {f"{folder.slug}/{path}": text.encode() for path, text in write_course_folder(folder).items()}
        written |= {f"{folder.slug}/media/{name}": content for name, content in folder.contents.items()}
    return written


def write_course_folder(folder: CourseFolder) -> dict[str, str]:
    """Return the texts of one course by path within its folder; the media themselves are left out."""
    written = _with_heads(_pages(folder), folder.fronts)
    written["course.toml"] = write_course(folder.course, folder.toml or None)
    written |= _write_facts(_own_documents(folder), folder.documents_toml)
    if folder.media or folder.media_toml:
        written[folder.media_path] = write_media(folder.media, folder.media_toml or None)
    return written


def _with_heads(pages: Mapping[str, str], fronts: Mapping[str, Front]) -> dict[str, str]:
    heads = {path: write_front(front) for path, front in fronts.items()}
    return {path: heads.get(path, "") + text for path, text in pages.items()}


def _own_documents(folder: CourseFolder) -> list[CourseDocument]:
    return [document for document in folder.documents.values() if not document.shared]


def _write_shared(shared: SharedDocuments) -> dict[str, str]:
    written = _with_heads(_document_pages(shared.documents.values(), SHARED_LANGUAGE), shared.fronts)
    return written | _write_facts(shared.documents.values(), shared.toml)


def _write_facts(documents: Iterable[CourseDocument], original: str) -> dict[str, str]:
    """Return `documents.toml`, or nothing without documents and an earlier file."""
    facts = tuple(document.facts for document in documents)
    if not facts and not original:
        return {}
    return {"documents/documents.toml": write_document_facts(facts, original or None)}


def _document_pages(documents: Iterable[CourseDocument], source: str) -> dict[str, str]:
    return {
        path_in_course(Part.DOCUMENT, language, document.facts.slug): write_document(
            text, translation=language != source
        )
        for document in documents
        for language, text in document.texts.items()
    }


def _pages(folder: CourseFolder) -> dict[str, str]:
    """Return the Markdown files by path within the folder, without the heads of translations."""
    source = folder.course.source_language
    pages = {path_in_course(Part.TEXT, lang): write_course_text(text) for lang, text in folder.texts.items()}
    for slug, lessons in folder.lessons.items():
        pages |= {path_in_course(Part.LESSON, lang, slug): write_lesson(lesson) for lang, lesson in lessons.items()}
    for lang, bank in folder.banks.items():
        pages[path_in_course(Part.BANK, lang)] = write_bank(bank, translation=lang != source)
    for name, scenarios in folder.scenarios.items():
        for lang, scenario in scenarios.items():
            pages[path_in_course(Part.SCENARIO, lang, name)] = write_scenario(scenario, translation=lang != source)
    return pages | _document_pages(_own_documents(folder), source)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems sorted by file and line, without duplicates."""
    once = {
        (problem.file, problem.line, problem.message % problem.values, problem.hint % problem.values): problem
        for problem in problems
    }
    return [once[key] for key in sorted(once)]


def _named(files: Mapping[str, bytes]) -> tuple[dict[str, dict[Name, tuple[str, bytes]]], list[Problem]]:
    """Group the files by folder; the empty name is for the shared files."""
    folders: dict[str, dict[Name, tuple[str, bytes]]] = {}
    problems = []
    for path, raw in sorted(files.items()):
        name = name_of(path)
        if isinstance(name, Problem):
            problems.append(name)
        elif name and name in folders.get(name.folder, {}):
            hint = "Keep the one in the folder of the course."
            problems.append(Problem(path, 1, "There are two files of this kind.", hint))
        elif name:
            folders.setdefault(name.folder, {})[name] = (path, raw)
    return folders, problems


def _check_between(
    courses: Mapping[str, CourseFolder], shelves: Mapping[str, CourseSources], beside: Iterable[CourseFolder]
) -> list[Problem]:
    """Find ids that two courses share, and prerequisites that lead back to the course itself."""
    owner = {folder.course.id: folder.slug for folder in beside}
    needs = {folder.course.id: folder.course.prerequisites for folder in courses.values()}
    problems = []
    for slug, folder in courses.items():
        file, lines = shelves[slug].toml.file, TomlLines(shelves[slug].toml.text)
        code = folder.course.id
        if owner.setdefault(code, slug) != slug:
            message, hint = "The course %(other)s already has the id %(id)s.", "Give this course another id."
            problems.append(Problem(file, lines.of(("id",)), message, hint, {"other": owner[code], "id": code}))
        if _leads_back(code, needs):
            message, hint = "The prerequisites lead back to this course.", "Remove one of them."
            problems.append(Problem(file, lines.of(("prerequisites",)), message, hint))
    return problems


def _leads_back(course: str, needs: Mapping[str, tuple[str, ...]]) -> bool:
    met: set[str] = set()
    ahead = list(needs[course])
    while ahead:
        code = ahead.pop()
        if code not in met:
            met.add(code)
            ahead += needs.get(code, ())
    return course in met
