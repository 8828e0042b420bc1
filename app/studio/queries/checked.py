"""Read a draft with the checker of the course format; results are cached by revision, because checking is slow."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import msgspec

from app.catalogue.domain.folder import in_order, read_folder
from app.catalogue.domain.folder_checks import check_lesson, known_ids
from app.catalogue.domain.guess_checks import future_guesses
from app.catalogue.domain.invented_names import check_real_looking
from app.catalogue.domain.lesson_reader import read_lesson
from app.catalogue.domain.library import CourseFolder, Library, References
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.text import TextFile
from app.catalogue.queries import courses, versions
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.course_archive import may_have_errors
from app.studio.domain.course_edits import COURSE_FILE
from app.studio.domain.media_library import is_medium
from app.studio.queries import drafts
from app.studio.queries.workspaces import Workspace

CACHED = 32  # courses of about a megabyte each


@dataclass(frozen=True, slots=True)
class CheckedCourse:
    """A course as the checker reads it: None if `course.toml` cannot be used. `problems` by path within the folder.

    A cached course has the names of its media without their contents, which would fill the memory.
    """

    folder: CourseFolder | None
    problems: Mapping[str, tuple[Problem, ...]]

    @property
    def errors(self) -> int:
        """Return the number of problems that prevent publishing."""
        return sum(problem.weight is Weight.ERROR for problems in self.problems.values() for problem in problems)

    @property
    def import_errors(self) -> Mapping[str, tuple[Problem, ...]]:
        """Return by path the errors with which files cannot become a draft; one may have errors of its texts."""
        errors = {
            path: tuple(problem for problem in problems if problem.weight is Weight.ERROR)
            for path, problems in self.problems.items()
            if self.folder is None or not may_have_errors(path)
        }
        return {path: listed for path, listed in errors.items() if listed}


def checked(workspace: Workspace) -> CheckedCourse:
    """Return the draft as it is now, or the published version, as the checker reads it."""
    return _checked(_Cached(workspace))


def folder(workspace: Workspace) -> CourseFolder:
    """Return the draft of a course; raise DomainError if its `course.toml` cannot be used."""
    return _usable(checked(workspace).folder)


def folder_of_texts(workspace: Workspace) -> CourseFolder:
    """Return the draft as `folder` does, for a transaction: contents of media are not read, and not checked."""
    stored = drafts.stored_files(workspace)
    files = {path: b"" if is_medium(path) else file.read() for path, file in stored.items()}
    return _usable(check_files(workspace, files).folder)


def folder_of_lesson(workspace: Workspace, slug: str) -> CourseFolder:
    """Return the draft of a course for the editor of a lesson; the text of this lesson in it may be an earlier one.

    Each automatic save changes the draft, and checking a course takes up to 0.2 seconds. Raises as `folder` does.
    """
    course = _checked(_Cached(workspace, f"lessons/{slug}.")).folder
    if course is None or slug not in {entry.slug for entry in course.course.lessons}:
        return folder(workspace)
    return course


def _usable(course: CourseFolder | None) -> CourseFolder:
    if course is None:
        raise DomainError("The settings of the course have errors. Correct them under “More”, “Settings” first.")
    return course


class _Cached:
    """A workspace that is equal to another one with the same texts: the key of the cache.

    Texts whose path begins with `apart` may differ.
    """

    def __init__(self, workspace: Workspace, apart: str = "") -> None:
        self.workspace = workspace
        self.key = (workspace.course_id, apart, _texts_of(workspace, apart), courses.reference_numbers())

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Cached) and self.key == other.key


def _texts_of(workspace: Workspace, apart: str) -> UUID | str | None:
    """Return what changes with the texts: an automatic save extends a revision without a new number."""
    if not workspace.revision:
        return workspace.version_id
    digests = sorted(drafts.tree(workspace.course_id).items())
    return ",".join(f"{path}:{digest}" for path, digest in digests if not apart or not path.startswith(apart))


@lru_cache(maxsize=CACHED)
def _checked(cached: _Cached) -> CheckedCourse:
    course = check_files(cached.workspace, drafts.files(cached.workspace))
    if course.folder is None:
        return course
    names = dict.fromkeys(course.folder.contents, b"")
    return CheckedCourse(msgspec.structs.replace(course.folder, contents=names), course.problems)


def check_files(workspace: Workspace, files: Mapping[str, bytes]) -> CheckedCourse:
    """Return files of a course, by path within its folder, as the checker reads them."""
    return _check(workspace.slug, files, beside(workspace))


def check_new(slug: str, files: Mapping[str, bytes]) -> CheckedCourse:
    """Return the files of a course that does not exist yet as the checker reads them."""
    return _check(slug, files, Library(_others(None), references()))


def _check(slug: str, files: Mapping[str, bytes], base: Library) -> CheckedCourse:
    prefix = f"{slug}/"
    named = {prefix + path: content for path, content in files.items()}
    library, problems = read_folder(named, base=base)
    course = library.courses.get(slug)
    if course is not None:
        file = f"{prefix}{COURSE_FILE}"
        problems += future_guesses(course.course, clock.today(), file=file, toml=course.toml)
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        by_path.setdefault(problem.file.removeprefix(prefix), []).append(problem)
    return CheckedCourse(course, {path: tuple(listed) for path, listed in by_path.items()})


def lesson_problems(workspace: Workspace, folder: CourseFolder, path: str, text: str, warning: int) -> list[Problem]:
    """Return the problems of the unsaved text of a lesson, by line; other files are those of the draft."""
    page = TextFile(path, text)
    library = beside(workspace)
    names = known_ids(library.references, [folder.course, *(other.course for other in library.courses.values())])
    problems = read_lesson(page, warning=warning)[1] + check_lesson(folder, page, names)
    return in_order([*problems, *check_real_looking(text, path)])


def beside(workspace: Workspace) -> Library:
    """Return the references and the other published courses, to which a course may refer."""
    return Library(_others(workspace.course_id), references())


def references() -> References:
    """Return the newest references."""
    return courses.references()


def _others(course_id: UUID | None) -> dict[str, CourseFolder]:
    folders = {}
    for record in versions.course_records():
        if record.id != course_id and record.version_id is not None:
            facts = courses.outline(record.version_id).facts
            folders[record.slug] = CourseFolder(slug=record.slug, course=facts, toml="")
    return folders
