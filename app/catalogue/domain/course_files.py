"""Decode the files of one course into `CourseSources` (texts, headers, media, problems) for `course_folder`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.document_facts import read_document_facts
from app.catalogue.domain.document_reader import SOURCE_BYTES
from app.catalogue.domain.documents import DocumentFacts
from app.catalogue.domain.folder_names import Name, Part
from app.catalogue.domain.lessons import PAGE_BYTES
from app.catalogue.domain.media import Medium, check_media, read_media
from app.catalogue.domain.page_limits import check_limits
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile, read
from app.catalogue.domain.translations import Front, TranslationStatus, cut_front

LARGE_BYTES = 512 * 1024  # a bank or a scenario: many small texts, each rendered alone
_LIMITS = {Part.LESSON: PAGE_BYTES, Part.TEXT: PAGE_BYTES, Part.DOCUMENT: SOURCE_BYTES}
_NO_TEXT = TextFile("", "")
Files = Mapping[Name, tuple[str, bytes]]


@dataclass
class CourseSources:
    """The files of one course while they are read; the source language is `en` if `course.toml` is not usable.

    The documents that all courses share are read likewise, with an empty `slug`.
    """

    slug: str
    course: CourseFacts | None = None
    toml: TextFile = _NO_TEXT
    language: str = "en"
    pages: dict[Name, TextFile] = field(default_factory=dict)
    heads: dict[Name, Front] = field(default_factory=dict)
    statuses: dict[str, TranslationStatus] = field(default_factory=dict)
    media: tuple[Medium, ...] = ()
    media_toml: TextFile = _NO_TEXT
    contents: dict[str, bytes] = field(default_factory=dict)
    documents: tuple[DocumentFacts, ...] = ()
    documents_toml: TextFile = _NO_TEXT
    problems: list[Problem] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """Return what is before the path of a file within the folder of the course."""
        return f"{self.slug}/" if self.slug else ""

    def of(self, part: Part, name: str = "") -> dict[str, TextFile]:
        """Return the files of a lesson, scenario or other part by language, the source language first."""
        pages = {
            page_name.language: page
            for page_name, page in self.pages.items()
            if (page_name.part, page_name.name) == (part, name)
        }
        return dict(sorted(pages.items(), key=lambda pair: (pair[0] != self.language, pair[0])))

    def names(self, part: Part) -> list[str]:
        """Return the names of the lessons or scenarios that have a file."""
        return sorted({page_name.name for page_name in self.pages if page_name.part is part})

    def page(self, part: Part, name: str = "") -> TextFile | None:
        """Return the text of a part in the source language, or None."""
        return self.pages.get(Name(part, self.slug, name, self.language))

    def note(self, file: str, line: int, message: str, hint: str, **values: str | int | float) -> None:
        """Add a problem."""
        self.problems.append(Problem(file, line, message, hint, values))


def decode_course_files(slug: str, files: Files) -> CourseSources:
    """Decode every file of a course, parse `course.toml` and `media.toml`, cut off headers, check limits."""
    shelf = CourseSources(slug)
    _read_course(shelf, files)
    _read_media(shelf, files)
    _read_documents(shelf, files)
    for name, (path, raw) in files.items():
        if name.language:
            _open(shelf, name, path, raw)
    return shelf


def _read_course(shelf: CourseSources, files: Files) -> None:
    path, raw = files.get(Name(Part.COURSE, shelf.slug), ("", b""))
    if not path:
        hint = "Add it: id, source language, sensitivity, hours and licence of the course."
        return shelf.note(f"{shelf.slug}/course.toml", 1, "The folder has no course.toml.", hint)
    shelf.toml, problems = read(path, raw)
    shelf.course, new_problems = read_course(shelf.toml)
    shelf.problems += problems + new_problems
    if shelf.course:
        shelf.language = shelf.course.source_language
    return None


def _read_media(shelf: CourseSources, files: Files) -> None:
    shelf.contents = {name.name: raw for name, (_, raw) in files.items() if name.part is Part.MEDIUM}
    path, raw = files.get(Name(Part.MEDIA, shelf.slug), ("", b""))
    if path:
        shelf.media_toml, problems = read(path, raw)
        shelf.media, new_problems = read_media(shelf.media_toml)
        shelf.problems += problems + new_problems
    shelf.problems += check_media(shelf.slug, shelf.media, shelf.contents)


def decode_shared_documents(files: Files) -> CourseSources:
    """Decode the documents that all courses share."""
    shelf = CourseSources("")
    _read_documents(shelf, files)
    for name, (path, raw) in files.items():
        if name.language:
            _open(shelf, name, path, raw)
    return shelf


def _read_documents(shelf: CourseSources, files: Files) -> None:
    path, raw = files.get(Name(Part.DOCUMENTS, shelf.slug), ("", b""))
    if path:
        shelf.documents_toml, problems = read(path, raw)
        shelf.documents, new_problems = read_document_facts(shelf.documents_toml)
        shelf.problems += problems + new_problems


def _open(shelf: CourseSources, name: Name, path: str, raw: bytes) -> None:
    limit = _LIMITS.get(name.part, LARGE_BYTES)
    # What is far too large is cut before it costs time; the problem about its size comes from the limits.
    source, problems = read(path, raw[: 2 * limit])
    front, page, new_problems = cut_front(source)
    shelf.pages[name] = page
    shelf.problems += problems + new_problems
    if name.part is not Part.LESSON:  # the reader of lessons looks at the limits itself
        shelf.problems += check_limits(page, page_bytes=limit)
    if name.language == shelf.language:
        if front:
            hint = "Delete the lines between the dashes: only a translation has a header."
            shelf.note(path, 1, "A text in the source language has the header of a translation.", hint)
    elif front:
        shelf.heads[name] = front
    else:
        hint = 'Begin the file with "---", "follows: ...", "state: draft" and "---".'
        shelf.note(path, 1, "The translation has no header that names the source blocks.", hint)
