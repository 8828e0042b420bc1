"""Read uploaded files: what an import would do to the draft, before anything is written."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.queries import versions
from app.db.session import db
from app.db.stores.media_contents import size_of
from app.kernel.errors import DomainError
from app.studio.domain.archived_course import ArchivedCourse, archived_course
from app.studio.domain.course_archive import (
    CourseArchive,
    ExpectedCourse,
    FileComparison,
    compared,
    digests_in,
    read_course_archive,
)
from app.studio.domain.course_edits import Files
from app.studio.domain.exchange.shapes import ExchangeTexts, ImportOptions
from app.studio.domain.import_changes import new_ids
from app.studio.domain.import_content import ImportContent, read_content
from app.studio.domain.import_kinds import ImportKind, recognise
from app.studio.models import DraftBlob, DraftUpload
from app.studio.queries import checked, drafts, workspaces
from app.studio.queries.checked import CheckedCourse
from app.studio.queries.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a user uploaded for a course; `revision` is None until it is imported."""

    workspace: Workspace
    digest: str
    person_id: UUID
    file_name: str
    uploaded_at: datetime
    revision: int | None

    @property
    def trainers(self) -> frozenset[UUID]:
        """Return the trainers of the course."""
        return self.workspace.trainers

    @property
    def reviewers(self) -> frozenset[UUID]:
        """Return the reviewers of the course."""
        return self.workspace.reviewers


@dataclass(frozen=True, slots=True)
class OpenUploads:
    """How many files a user has that are not imported, and their size in bytes."""

    count: int
    size: int


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """What a user chooses for an import: the kind of the file, and the competency of questions that name none."""

    kind: ImportKind
    competency: str
    texts: ExchangeTexts


@dataclass(frozen=True, slots=True)
class CourseImport:
    """The archive of a course, how it differs from the draft, and the result of its check."""

    archive: CourseArchive
    comparison: FileComparison
    course: CheckedCourse

    @property
    def can_be_imported(self) -> bool:
        """Return whether something differs, and nothing is wrong but what a draft may have or this draft has."""
        new = {*self.comparison.added, *self.comparison.changed}
        has_new_errors = any(path in new for path in self.course.import_errors)
        return not self.archive.notes and not has_new_errors and self.comparison.count > 0


def own_upload(actor: Actor, course: str, digest: str) -> Upload:
    """Return a file that the actor uploaded for a course, or raise NoResultFound."""
    workspace = workspaces.workspace(actor, course)
    if actor.id not in workspace.trainers:
        raise NoResultFound
    row = db.session.get(DraftUpload, (workspace.course_id, digest, actor.id))
    if row is None:
        raise NoResultFound
    return Upload(workspace, digest, actor.id, row.file_name, row.uploaded_at, row.revision)


def own_uploads(workspace: Workspace, person_id: UUID) -> list[Upload]:
    """Return the files that a user uploaded for a course and did not import, the newest first."""
    query = select(DraftUpload).where(
        DraftUpload.course_id == workspace.course_id,
        DraftUpload.person_id == person_id,
        DraftUpload.revision.is_(None),
    )
    return [
        Upload(workspace, row.digest, person_id, row.file_name, row.uploaded_at, None)
        for row in db.session.scalars(query.order_by(DraftUpload.uploaded_at.desc()))
    ]


def open_uploads(person_id: UUID, *, except_for: tuple[UUID, str], since: datetime) -> OpenUploads:
    """Return how many files a user uploaded since a time and did not import, without one of a course and digest."""
    course_id, digest = except_for
    query = (
        select(func.count(), func.coalesce(func.sum(size_of(DraftBlob)), 0))
        .select_from(DraftUpload)
        .join(DraftBlob, DraftBlob.digest == DraftUpload.digest)
        .where(
            DraftUpload.person_id == person_id,
            DraftUpload.revision.is_(None),
            DraftUpload.uploaded_at >= since,
            (DraftUpload.course_id != course_id) | (DraftUpload.digest != digest),
        )
    )
    count, size = db.session.execute(query).one()
    return OpenUploads(count, size)


def kind_of(upload: Upload) -> ImportKind | None:
    """Return the kind of a file by its content and name."""
    return _kind(upload.digest, upload.file_name)


@lru_cache(maxsize=64)
def _kind(digest: str, file_name: str) -> ImportKind | None:
    return recognise(drafts.content(digest), file_name)


def read_questions_or_lessons(upload: Upload, choices: ImportChoices, files: Files) -> ImportContent:
    """Return the content of a file, with ids that are new in these files of the draft."""
    ids = new_ids(files, drafts.published_files(upload.workspace))
    options = ImportOptions(ids, choices.competency, choices.texts)
    return read_content(drafts.content(upload.digest), choices.kind, upload.file_name, options)


def read_course(upload: Upload, files: Files) -> CourseImport:
    """Return the archive of a course as it would replace these files of the draft."""
    workspace = upload.workspace
    published = drafts.published_files(workspace)
    digests = {drafts.digest_of(content) for content in (*files.values(), *published.values())}
    expected = ExpectedCourse(workspace.code, workspace.slug, workspace.sensitivity)
    archive = read_course_archive(drafts.content(upload.digest), expected, digests)
    course = checked.check_files(workspace, archive.files) if not archive.notes else CheckedCourse(None, {})
    return CourseImport(archive, compared(files, archive.files), course)


def new_course(content: bytes, code: str) -> ArchivedCourse:
    """Return the course of an uploaded archive, under its own id or under `code`; stored pictures remain as they are.

    Raises DomainError if its texts cannot be read, or if another course has its id.
    """
    records = versions.all_records()
    stored = drafts.stored_digests(digests_in(content))
    course = archived_course(content, stored, code=code, slugs={record.slug for record in records})
    if course.code in {record.code for record in records}:
        raise DomainError("There is already a course with the id %(code)s.", code=course.code)
    return course
