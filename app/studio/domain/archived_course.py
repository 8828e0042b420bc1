"""A new course from the ZIP archive of a course folder, as it is or under another id."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.course_writer import write_course
from app.kernel.errors import DomainError
from app.studio.domain.course_archive import folder_of, read_files
from app.studio.domain.course_edits import COURSE_FILE, RESERVED, Files, facts_of, slug_of, with_ids_of
from app.studio.domain.exchange.shapes import Note


@dataclass(frozen=True, slots=True)
class ArchivedCourse:
    """The files of a new course by path within its folder; `notes` are why they cannot be used."""

    code: str
    slug: str
    sensitivity: Sensitivity
    files: Files
    notes: tuple[Note, ...] = ()


def archived_course(content: bytes, digests: Collection[str], *, code: str, slugs: Collection[str]) -> ArchivedCourse:
    """Return the course of an archive, under its own id or under `code`, with an address that is not in `slugs`.

    Pictures are written again without metadata, except those with a SHA-256 in `digests`. Raises DomainError if the
    archive has no usable course.toml.
    """
    archive = read_files(content, digests)
    if archive.notes:
        return ArchivedCourse(code, "", Sensitivity.PARTICIPANTS_ONLY, {}, archive.notes)
    facts = facts_of(archive.files)
    files = renamed(archive.files, code) if code else archive.files
    folder = folder_of(content) or code or facts.id
    slug = slug_of(folder, {*RESERVED, *slugs}, fallback="course")
    return ArchivedCourse(code or facts.id, slug, facts.sensitivity, files)


def renamed(files: Files, code: str) -> Files:
    """Return the files of a course under another id, with which ids of items, cases and documents begin."""
    facts = facts_of(files)
    if facts.id == code:
        return files
    try:
        texts = with_ids_of(files, facts.id, code)
    except UnicodeDecodeError:
        raise DomainError("A text in the archive is not UTF-8. Save it as UTF-8.") from None
    changed = msgspec.structs.replace(facts_of(texts), id=code)
    return {**texts, COURSE_FILE: write_course(changed, texts[COURSE_FILE].decode()).encode()}
