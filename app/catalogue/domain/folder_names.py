"""Parse the path of a file in `courses/`: course, kind of file, name of the lesson or scenario, language."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.catalogue.domain.course_reader import LANGUAGE, SLUG
from app.catalogue.domain.media import MEDIA_NAME
from app.catalogue.domain.problems import Problem


class Part(StrEnum):
    COURSE = "course.toml"
    TEXT = "course.md"
    LESSON = "lesson"
    BANK = "test"
    SCENARIO = "scenario"
    DOCUMENT = "document"
    DOCUMENTS = "documents.toml"
    MEDIA = "media.toml"
    MEDIUM = "medium"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Name:
    """`folder` is empty for what all courses share; `name` is that of a lesson, scenario, document or medium."""

    part: Part
    folder: str = ""
    name: str = ""
    language: str = ""


_COURSE_FILES = {
    Part.COURSE: re.compile(r"course\.toml"),
    Part.TEXT: re.compile(rf"course\.(?P<language>{LANGUAGE})\.md"),
    Part.LESSON: re.compile(rf"lessons/(?P<name>{SLUG})\.(?P<language>{LANGUAGE})\.md"),
    Part.BANK: re.compile(rf"test\.(?P<language>{LANGUAGE})\.md"),
    Part.SCENARIO: re.compile(rf"scenario(?:-(?P<name>{SLUG}))?\.(?P<language>{LANGUAGE})\.md"),
    Part.DOCUMENT: re.compile(rf"documents/(?P<name>{SLUG})\.(?P<language>{LANGUAGE})\.md"),
    Part.DOCUMENTS: re.compile(r"documents/documents\.toml"),
    Part.MEDIA: re.compile(r"(?:media/)?media\.toml"),
    Part.MEDIUM: re.compile(rf"media/(?P<name>{MEDIA_NAME})"),
}
_REFERENCE = re.compile(
    rf"(?P<name>competencies|plan|glossary|rubrics|treaties|countries)\.(?P<language>{LANGUAGE})\.md"
    r"|(?P<toml>competencies|plan|sources|glossary|rubrics|treaties|countries)\.toml"
)
_FOLDER = re.compile(SLUG)
SHARED_DOCUMENTS = "documents"  # the folder beside the courses
_BESIDE = frozenset({"LICENSE", "README.md"})  # may stand beside the courses; not read


def name_of(path: str) -> Name | Problem | None:
    """Parse a path relative to `courses/`; None for a licence or readme, a problem for an unknown name."""
    folder, slash, rest = path.partition("/")
    if not slash:
        return _name_beside(path)
    if folder == SHARED_DOCUMENTS:
        return _course_file_name("", path) or _unknown(path)
    if not _FOLDER.fullmatch(folder):
        message, hint = (
            'The folder "%(name)s" is not a valid folder name.',
            "Use small letters, digits and single hyphens.",
        )
        return Problem(path, 1, message, hint, {"name": folder})
    return _course_file_name(folder, rest) or _unknown(path)


def _name_beside(path: str) -> Name | Problem | None:
    return None if path in _BESIDE else _reference_name(path) or _unknown(path)


def _reference_name(path: str) -> Name | None:
    match = _REFERENCE.fullmatch(path)
    return Name(Part.REFERENCE, "", match["name"] or match["toml"], match["language"] or "") if match else None


def _course_file_name(folder: str, path: str) -> Name | None:
    for part, pattern in _COURSE_FILES.items():
        if match := pattern.fullmatch(path):
            groups = match.groupdict()
            return Name(part, folder, groups.get("name") or "", groups.get("language") or "")
    return None


def path_in_course(part: Part, language: str, name: str = "") -> str:
    """Return the path of a Markdown file within the folder of its course."""
    if part is Part.LESSON:
        return f"lessons/{name}.{language}.md"
    if part is Part.SCENARIO:
        return f"scenario-{name}.{language}.md" if name else f"scenario.{language}.md"
    if part is Part.DOCUMENT:
        return f"documents/{name}.{language}.md"
    return f"test.{language}.md" if part is Part.BANK else f"course.{language}.md"


def _unknown(path: str) -> Problem:
    hint = (
        "Name it as the format does: course.toml, course.en.md, lessons/name.en.md, test.en.md, scenario.en.md, "
        "documents/name.en.md, media.toml or media/name.png in the folder of a course."
    )
    return Problem(path, 1, "A file with this name cannot be in this folder.", hint)
