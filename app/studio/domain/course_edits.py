"""Changes of the structure of a course: a new course, lessons that are added, moved, described or removed.

Each function takes the files of a course (by path within its folder) and returns the files to write; None deletes.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.course_writer import write_course, write_course_text
from app.catalogue.domain.courses import CourseFacts, CourseText, LessonEntry
from app.catalogue.domain.folder_names import Name, Part, name_of, path_in_course
from app.catalogue.domain.text import TextFile
from app.kernel.errors import DomainError

COURSE_FILE = "course.toml"
MOST_IN_SLUG = 60
RESERVED = frozenset({"new", "reference", "sources", "terms"})  # pages at /teaching/courses/<name>
DOCUMENTS_FILE = "documents/documents.toml"
_ID = re.compile(r"\b([A-Z][A-Z0-9]*)-(?=[QSDPT][0-9])")
Files = Mapping[str, bytes]
Changes = dict[str, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCourse:
    """What a trainer says of a new course."""

    code: str
    slug: str
    title: str
    paragraph: str
    outcomes: tuple[str, ...]
    language: str
    sensitivity: Sensitivity
    hours: float
    licence: str = "CC-BY-4.0"


def slug_of(title: str, taken: Collection[str] = (), *, fallback: str = "lesson") -> str:
    """Return a name for addresses and files: Latin letters and digits of the title, unique among `taken`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_IN_SLUG].strip("-") or fallback
    number, name = 1, slug
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    return name


def new_course(course: NewCourse) -> dict[str, bytes]:
    """Return the files of a course without lessons."""
    facts = CourseFacts(
        id=course.code,
        source_language=course.language,
        sensitivity=course.sensitivity,
        hours=course.hours,
        licence=course.licence,
    )
    text = CourseText(title=course.title, paragraph=course.paragraph, outcomes=course.outcomes)
    return {
        COURSE_FILE: write_course(facts).encode(),
        path_in_course(Part.TEXT, course.language): write_course_text(text).encode(),
    }


def copied_course(files: Files, course: NewCourse) -> dict[str, bytes]:
    """Return the texts of a course as those of a new one, with its id, sensitivity and description.

    Ids of items, cases, documents, papers and tasks begin with the id of their course: they are renamed with it.
    """
    before = facts_of(files).id
    files = with_ids_of(files, before, course.code)
    facts = msgspec.structs.replace(
        facts_of(files),
        id=course.code,
        sensitivity=course.sensitivity,
        hours=course.hours,
        reviews=(),
        checklist=None,
        retired=(),
        guesses=(),
    )
    copied = {
        path: content
        for path, content in files.items()
        if name_of(f"{course.slug}/{path}") and _part_of(path) is not Part.TEXT
    }
    text = CourseText(title=course.title, paragraph=course.paragraph, outcomes=course.outcomes)
    copied[COURSE_FILE] = write_course(facts, files[COURSE_FILE].decode()).encode()
    copied[path_in_course(Part.TEXT, facts.source_language)] = write_course_text(text).encode()
    return copied


def with_ids_of(files: Files, before: str, after: str) -> Files:
    """Return files in which each id that begins with that of a course begins with another; the course keeps its id."""
    return {
        path: with_ids(content, before, after)
        if path.endswith(".md") or path in (COURSE_FILE, DOCUMENTS_FILE)
        else content
        for path, content in files.items()
    }


def with_ids(content: bytes, before: str, after: str) -> bytes:
    """Rename ids of items, cases, documents, papers and tasks; a text that only mentions them is renamed, too."""

    def renamed(match: re.Match[str]) -> str:
        return f"{after}-" if match[1] == before else match[0]

    return _ID.sub(renamed, content.decode()).encode()


def facts_of(files: Files) -> CourseFacts:
    """Return the content of `course.toml`; raise DomainError if it cannot be used."""
    raw = files.get(COURSE_FILE)
    facts = read_course(TextFile(COURSE_FILE, raw.decode()))[0] if raw is not None else None
    if facts is None:
        raise DomainError("The settings of the course have errors. Correct them under “More”, “Settings” first.")
    return facts


def with_facts(files: Files, facts: CourseFacts) -> Changes:
    """Return `course.toml` with these facts; its comments and order remain."""
    return {COURSE_FILE: write_course(facts, files[COURSE_FILE].decode()).encode()}


def add_lesson(files: Files, title: str, minutes: int, text: str = "") -> tuple[str, Changes]:
    """Return the slug of a new last lesson, and the files to write."""
    facts = facts_of(files)
    taken = {entry.slug for entry in facts.lessons} | {name.name for name in _names(files) if name.part is Part.LESSON}
    slug = slug_of(title, taken)
    body = f"# {title}\n\n{text}\n" if text else f"# {title}\n"
    changes = with_facts(files, _with_lessons(facts, (*facts.lessons, LessonEntry(slug, minutes))))
    changes[path_in_course(Part.LESSON, facts.source_language, slug)] = body.encode()
    return slug, changes


def move_lesson(files: Files, slug: str, position: int) -> Changes:
    """Return `course.toml` with a lesson at a position (from 1); positions beyond the ends are the ends."""
    facts = facts_of(files)
    entry = _entry(facts, slug)
    others = [other for other in facts.lessons if other.slug != slug]
    others.insert(max(0, min(position - 1, len(others))), entry)
    return with_facts(files, _with_lessons(facts, tuple(others)))


def change_lesson(files: Files, slug: str, *, minutes: int, competencies: tuple[str, ...], warning: int) -> Changes:
    """Return `course.toml` with other facts of a lesson."""
    facts = facts_of(files)
    entry = _entry(facts, slug)
    changed = msgspec.structs.replace(entry, minutes=minutes, competencies=competencies, warning=warning)
    return with_facts(
        files, _with_lessons(facts, tuple(changed if other is entry else other for other in facts.lessons))
    )


def remove_lesson(files: Files, slug: str) -> Changes:
    """Return the changes that remove a lesson in all its languages; published versions keep it."""
    facts = facts_of(files)
    entry = _entry(facts, slug)
    remaining = tuple(_without_link(other, slug) for other in facts.lessons if other is not entry)
    changes = with_facts(files, _with_lessons(facts, remaining))
    for path in files:
        name = name_of(f"course/{path}")
        if isinstance(name, Name) and name.part is Part.LESSON and name.name == slug:
            changes[path] = None
    return changes


def _without_link(entry: LessonEntry, slug: str) -> LessonEntry:
    """Return a lesson that does not lead to another one any more."""
    if entry.skip_to == slug:
        entry = msgspec.structs.replace(entry, skip_to="")
    if entry.alternative == slug:
        entry = msgspec.structs.replace(entry, alternative="")
    return entry


def _with_lessons(facts: CourseFacts, lessons: tuple[LessonEntry, ...]) -> CourseFacts:
    return msgspec.structs.replace(facts, lessons=lessons)


def _entry(facts: CourseFacts, slug: str) -> LessonEntry:
    for entry in facts.lessons:
        if entry.slug == slug:
            return entry
    raise DomainError("This lesson was removed by another user.")


def _names(files: Files) -> list[Name]:
    names = [name_of(f"course/{path}") for path in files]
    return [name for name in names if isinstance(name, Name)]


def _part_of(path: str) -> Part | None:
    name = name_of(f"course/{path}")
    return name.part if isinstance(name, Name) else None
