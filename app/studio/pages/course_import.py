"""View model of an uploaded archive of a course: the files that its import would add, change and remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.catalogue.domain.problems import Weight
from app.studio import labels
from app.studio.domain.import_kinds import ImportKind
from app.studio.pages import exchange_labels
from app.studio.pages.exchange_labels import ExchangeNote
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.imports import ENDPOINT
from app.studio.queries import checked
from app.studio.queries.uploads import CourseImport, Upload
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFileProblem:
    """A problem of a file in the archive."""

    path: str
    line: int
    note: ExchangeNote


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseImportPage(Page):
    """The files that an import would add, change and remove, and what prevents it."""

    template: ClassVar[str] = "studio/course_import.html"
    head: CourseHeader
    file_name: str
    kind: str
    notes: Sequence[ExchangeNote]
    problems: Sequence[ImportedFileProblem]
    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    count: int
    can_be_imported: bool
    has_errors: bool
    message: str
    import_url: str
    upload_url: str


def page(upload: Upload, course: CourseImport, message: str = "") -> CourseImportPage:
    """Return what the import of an archive would do."""
    workspace, comparison = upload.workspace, course.comparison
    is_read = not course.archive.notes
    return CourseImportPage(
        head=header(workspace, checked.checked(workspace).folder, ENDPOINT),
        file_name=upload.file_name,
        kind=ImportKind.COURSE,
        notes=[exchange_labels.note(note) for note in course.archive.notes],
        problems=_problems(course),
        added=comparison.added if is_read else (),
        changed=comparison.changed if is_read else (),
        removed=comparison.removed if is_read else (),
        count=comparison.count,
        can_be_imported=course.can_be_imported,
        has_errors=course.course.errors > 0,
        message=message,
        import_url=url_for("studio.import_upload", course=workspace.slug, digest=upload.digest),
        upload_url=url_for(ENDPOINT, course=workspace.slug),
    )


def _problems(course: CourseImport) -> list[ImportedFileProblem]:
    """Return the problems of the files, errors first."""
    problems = []
    for path, listed in course.course.problems.items():
        for problem in listed:
            message, hint = labels.problem(problem)
            note = ExchangeNote(message, hint, problem.weight is Weight.ERROR)
            problems.append(ImportedFileProblem(path=path, line=problem.line, note=note))
    return sorted(problems, key=lambda problem: not problem.note.is_error)
