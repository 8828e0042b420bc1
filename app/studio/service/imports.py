"""Store uploaded files until they are imported, import them as one revision, and undo an import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.locks import lock_key
from app.db.session import db
from app.db.upsert import upsert
from app.kernel.errors import DomainError
from app.studio.domain.course_archive import replacement
from app.studio.domain.import_changes import MediaRights, import_changes
from app.studio.domain.import_kinds import ImportKind
from app.studio.domain.revisions import RevisionKind
from app.studio.models import DraftUpload
from app.studio.queries import drafts, uploads
from app.studio.queries.drafts import digest_of
from app.studio.queries.uploads import ImportChoices, Upload
from app.studio.service.contents import store_contents
from app.studio.service.drafts import Undone, change_files, open_draft, undo
from app.studio.service.retention import UPLOADS_STAY

LONGEST_NAME = 200
MOST_UPLOADS = 20  # files of a user that are not imported
MOST_MEGABYTES = 300  # of all these files


class AlreadyImportedError(DomainError):
    """The file was imported before; nothing was written."""


def store_upload(course_id: UUID, content: bytes, file_name: str, *, by: UUID, now: datetime) -> str:
    """Store a file for its user for a day, and return its digest.

    Raises DomainError if the user has too many files, or too large ones, that are not imported.
    """
    lock_key(by.hex)
    digest = store_contents([content])[content]
    others = uploads.open_uploads(by, except_for=(course_id, digest), since=now - UPLOADS_STAY)
    if others.count >= MOST_UPLOADS:
        raise DomainError("You have %(most)s files to import. Import them, or try again tomorrow.", most=MOST_UPLOADS)
    if others.size + len(content) > MOST_MEGABYTES * 1024**2:
        raise DomainError(
            "Your files to import are larger than %(most)s MB. Import them, or try again tomorrow.", most=MOST_MEGABYTES
        )
    new_values = {"file_name": file_name[:LONGEST_NAME], "uploaded_at": now, "revision": None}
    keys = (DraftUpload.course_id, DraftUpload.digest, DraftUpload.person_id)
    values = {"course_id": course_id, "digest": digest, "person_id": by, **new_values}
    db.session.execute(upsert(DraftUpload, keys, new_values).values(values))
    return digest


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
    """Lock the draft and the row of an upload, and return the row. Raises NoResultFound if the job has deleted it."""
    course_id = upload.workspace.course_id
    open_draft(course_id, now)
    keys = (course_id, upload.digest, upload.person_id)
    return db.session.get_one(DraftUpload, keys, populate_existing=True, with_for_update=True)
