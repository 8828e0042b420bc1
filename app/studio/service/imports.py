"""Store uploaded files until they are imported, import them as one revision, and undo an import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select

from app.db.session import db
from app.db.upsert import upsert
from app.kernel.errors import DomainError
from app.studio.domain.course_archive import replacement
from app.studio.domain.import_changes import MediaRights, import_changes
from app.studio.domain.import_kinds import ImportKind
from app.studio.domain.revisions import RevisionKind
from app.studio.models import DraftBlob, DraftChange, DraftFile, DraftReplaced, DraftUpload
from app.studio.queries import drafts, uploads
from app.studio.queries.drafts import digest_of
from app.studio.queries.uploads import ImportChoices, Upload
from app.studio.service.drafts import Undone, change_files, open_draft, store_contents, undo

UPLOADS_STAY = timedelta(days=1)
LONGEST_NAME = 200


class AlreadyImportedError(DomainError):
    """The file was imported before; nothing was written."""


def store_upload(course_id: UUID, content: bytes, file_name: str, *, by: UUID, now: datetime) -> str:
    """Store a file for its user and return its digest; files of the course older than a day are deleted."""
    _delete_old(course_id, now)
    digest = store_contents([content])[content]
    new_values = {"file_name": file_name[:LONGEST_NAME], "uploaded_at": now, "revision": None}
    keys = (DraftUpload.course_id, DraftUpload.digest, DraftUpload.person_id)
    values = {"course_id": course_id, "digest": digest, "person_id": by, **new_values}
    db.session.execute(upsert(DraftUpload, keys, new_values).values(values))
    return digest


def _delete_old(course_id: UUID, now: datetime) -> None:
    """Delete the rows of old uploads, and their contents if nothing else has them."""
    _delete_uploads((DraftUpload.course_id == course_id) & (DraftUpload.uploaded_at < now - UPLOADS_STAY))


def delete_uploads_of(person_id: UUID) -> None:
    """Delete the files that a person uploaded, when the identity is deleted; what was imported of them stays."""
    _delete_uploads(DraftUpload.person_id == person_id)


def _delete_uploads(condition: ColumnElement[bool]) -> None:
    digests = set(db.session.scalars(select(DraftUpload.digest).where(condition)))
    if not digests:
        return
    db.session.execute(delete(DraftUpload).where(condition))
    used = or_(
        select(DraftUpload.digest).where(DraftUpload.digest == DraftBlob.digest).exists(),
        select(DraftFile.path)
        .where((DraftFile.digest == DraftBlob.digest) | (DraftFile.base_digest == DraftBlob.digest))
        .exists(),
        select(DraftReplaced.path).where(DraftReplaced.digest == DraftBlob.digest).exists(),
        select(DraftChange.path)
        .where((DraftChange.before == DraftBlob.digest) | (DraftChange.after == DraftBlob.digest))
        .exists(),
    )
    db.session.execute(delete(DraftBlob).where(DraftBlob.digest.in_(digests), ~used))


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """What an import writes, read before the transaction: reading a large file must not hold up other writers.

    `base` are the digests of the draft that it was prepared for; `count` counts questions, lessons or files.
    """

    changes: Mapping[str, bytes | None]
    count: int
    base: Mapping[str, str]


def prepare_import(upload: Upload, choices: ImportChoices, rights: MediaRights) -> PreparedImport:
    """Read a file for its import. Raises DomainError if nothing can be imported, or pictures have no licence."""
    files = drafts.files(upload.workspace)
    base = {path: digest_of(content) for path, content in files.items()}
    if choices.kind is ImportKind.COURSE:
        changes, count = _replaced_course(upload, files)
        return PreparedImport(changes, count, base)
    content = uploads.read_questions_or_lessons(upload, choices, files)
    if not content.count:
        raise DomainError("The file has nothing that can be imported.")
    if content.pictures and not (rights.licence and rights.author):
        raise DomainError("Enter the licence and the author of the pictures.")
    return PreparedImport(import_changes(files, content, rights), content.count, base)


def _replaced_course(upload: Upload, files: Mapping[str, bytes]) -> tuple[Mapping[str, bytes | None], int]:
    """Return what an archive of the course changes, and how many files."""
    course = uploads.read_course(upload, files)
    if not course.can_be_imported:
        raise DomainError("The archive has errors, or is the same as the draft.")
    return replacement(files, course.archive.files), course.comparison.count


def import_upload(upload: Upload, prepared: PreparedImport, *, by: UUID, now: datetime) -> int:
    """Import a prepared file into the draft as one revision; return how many questions, lessons or files it has.

    Raises AlreadyImportedError if it was imported before, DomainError if the draft has changed since it was prepared.
    """
    row = _locked(upload, now)
    if row.revision is not None:
        raise AlreadyImportedError("This file is already imported.")
    course_id = upload.workspace.course_id
    if drafts.tree(course_id) != prepared.base:
        raise DomainError("The draft has changed since you opened this page. Look at it again.")
    row.revision = change_files(
        course_id, prepared.changes, RevisionKind.IMPORTED, by=by, now=now, note=upload.file_name
    )
    return prepared.count


def undo_import(upload: Upload, *, by: UUID, now: datetime) -> Undone | None:
    """Undo an import, so that the file can be imported again; None if it is not imported."""
    row = _locked(upload, now)
    if row.revision is None:
        return None
    number, row.revision = row.revision, None
    return undo(upload.workspace.course_id, number, by=by, now=now)


def _locked(upload: Upload, now: datetime) -> DraftUpload:
    """Return the row of an upload as it is while the draft is locked."""
    course_id = upload.workspace.course_id
    open_draft(course_id, now)
    return db.session.get_one(DraftUpload, (course_id, upload.digest, upload.person_id), populate_existing=True)
