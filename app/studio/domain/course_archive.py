"""The plain folder of a course as a ZIP archive: written for an export, read and compared for an import."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.access.policy import Sensitivity
from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.folder_names import Name, name_of
from app.catalogue.domain.text import read
from app.kernel.errors import Word
from app.kernel.pictures import RefusedPictureError
from app.studio.domain.course_edits import COURSE_FILE, Changes, Files
from app.studio.domain.exchange.archive import COURSE_LIMITS, RefusedFileError, unpack
from app.studio.domain.exchange.shapes import Note, NoteSeverity
from app.studio.domain.media_kinds import clean_medium

_CLEANED = (".png", ".jpg", ".jpeg", ".webp", ".mp3", ".mp4", ".webm")
_OF_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # programs that pack folders add these files
_TIME = (1980, 1, 1, 0, 0, 0)  # the same files are the same archive


@dataclass(frozen=True, slots=True)
class ExpectedCourse:
    """What an archive must have in common with the course that it replaces."""

    code: str
    slug: str
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class CourseArchive:
    """The files of an archive by path within the folder of the course; `notes` are why they cannot be imported."""

    files: Mapping[str, bytes]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class FileComparison:
    """Paths of the files that an import adds, changes and removes."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def count(self) -> int:
        """Return the number of files that differ."""
        return len(self.added) + len(self.changed) + len(self.removed)


def may_have_errors(path: str) -> bool:
    """Return whether a draft may have this file with errors: a text of a course, which writers correct."""
    name = name_of(f"course/{path}")
    return isinstance(name, Name) and bool(name.language)


def write_course_archive(slug: str, files: Files) -> bytes:
    """Return a ZIP archive with the folder of a course; the same files are always the same archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{slug}/{path}", _TIME), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def read_course_archive(content: bytes, course: ExpectedCourse, digests: Collection[str]) -> CourseArchive:
    """Return the files of an archive, and why it cannot replace the files of the course.

    Pictures are written again without metadata, except those with a SHA-256 in `digests`: the course has them already.
    """
    return _read(content, digests, lambda files, folder: _course_notes(files, folder, course))


def read_files(content: bytes, digests: Collection[str]) -> CourseArchive:
    """Return the files of an archive of any course; otherwise as `read_course_archive`."""
    return _read(content, digests, lambda files, _folder: _file_notes(files))


def folder_of(content: bytes) -> str:
    """Return the name of the folder in an archive that was read before, "" for none."""
    return _unwrapped(_packed(content))[0]


def digests_in(content: bytes) -> set[str]:
    """Return the SHA-256 of each file in an archive; none of one that is refused."""
    try:
        return {hashlib.sha256(raw).hexdigest() for raw in _packed(content).values()}
    except RefusedFileError:
        return set()


def _packed(content: bytes) -> dict[str, bytes]:
    packed = unpack(content, COURSE_LIMITS)
    return {path: packed[path] for path in packed if not _is_of_system(path)}


def _read(content: bytes, digests: Collection[str], check: Callable[[Files, str], list[Note]]) -> CourseArchive:
    try:
        folder, files = _unwrapped(_packed(content))
    except RefusedFileError as error:
        return CourseArchive({}, (error.reason,))
    notes = check(files, folder)
    cleaned: dict[str, bytes] = {}
    for path, raw in files.items():
        try:
            cleaned[path] = _cleaned(path, raw, digests)
        except RefusedPictureError as error:
            values = {"name": path, "reason": Word(error.message)}
            notes.append(_error("The picture %(name)s cannot be used: %(reason)s", error.hint, **values))
    return CourseArchive(cleaned, tuple(notes))


def _is_of_system(path: str) -> bool:
    return path.startswith("__MACOSX/") or path.rpartition("/")[2] in _OF_SYSTEMS


def _unwrapped(files: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """Return the name of the folder that contains all files, "" for none, and the files by path within it."""
    folders = {path.partition("/")[0] for path in files}
    if COURSE_FILE in files or len(folders) != 1:
        return "", dict(files)
    (folder,) = folders
    return folder, {path.removeprefix(f"{folder}/"): content for path, content in files.items()}


def _file_notes(files: Files) -> list[Note]:
    if COURSE_FILE not in files:
        return [_error("The archive has no course.toml.", "Pack the folder of the course as an export has it.")]
    if _facts(files) is None:
        return [_error("The file course.toml in the archive has errors.", "Correct it, then pack the folder again.")]
    return []


def _facts(files: Files) -> CourseFacts | None:
    return read_course(read(COURSE_FILE, files[COURSE_FILE])[0])[0]


def _course_notes(files: Files, folder: str, course: ExpectedCourse) -> list[Note]:
    facts = _facts(files) if COURSE_FILE in files else None
    if facts is None:
        return _file_notes(files)
    notes = _fact_notes(facts, course)
    if folder not in ("", course.slug):
        message = "The folder in the archive is %(folder)s, and this course is %(slug)s."
        notes.append(_error(message, "Import it into its own course.", folder=folder, slug=course.slug))
    return notes


def _fact_notes(facts: CourseFacts, course: ExpectedCourse) -> list[Note]:
    notes = []
    if facts.id != course.code:
        message = "The archive has the course %(other)s, and this course is %(code)s."
        notes.append(_error(message, "Import it into its own course.", other=facts.id, code=course.code))
    if facts.sensitivity != course.sensitivity:
        message = "The sensitivity in the archive is another one than that of this course."
        notes.append(_error(message, "Write the sensitivity of this course into its course.toml."))
    return notes


def _cleaned(path: str, content: bytes, digests: Collection[str]) -> bytes:
    if not path.startswith("media/") or not path.endswith(_CLEANED):
        return content
    return content if hashlib.sha256(content).hexdigest() in digests else clean_medium(content).content


def _error(message: str, hint: str, **values: str) -> Note:
    return Note(NoteSeverity.ERROR, message, hint, values)


def compared(before: Files, after: Files) -> FileComparison:
    """Return how files differ from those before."""
    return FileComparison(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(path for path in after.keys() & before.keys() if after[path] != before[path])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def replacement(before: Files, after: Files) -> Changes:
    """Return the changes that replace all files of a course by others."""
    changes: Changes = dict.fromkeys(before.keys() - after.keys())
    return changes | dict(after)
