"""Open a draft and save revisions; two saves of one file are merged, and no text is overwritten unseen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.catalogue.domain.text import normalise
from app.catalogue.queries import versions
from app.catalogue.queries.versions import StoredFile
from app.db.session import db, record
from app.db.upsert import insert_ignore, upsert
from app.kernel.errors import DomainError
from app.studio.domain.merge import Merged, merge
from app.studio.domain.revisions import (
    FileChange,
    RevisionKind,
    can_restore,
    can_undo,
    changes_between,
    extends_last,
    reversal,
)
from app.studio.events import DraftOpened, DraftSaved
from app.studio.models import CourseDraft, DraftChange, DraftEditor, DraftFile, DraftReplaced, DraftRevision
from app.studio.queries import drafts
from app.studio.service.contents import store_contents, store_files


@dataclass(frozen=True, slots=True)
class SavedFile:
    """The file was saved; `merged` says that changes of another user were combined with it."""

    number: int
    digest: str
    content: bytes
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was saved: another user changed the same lines. `digest` is that of the file as it is now."""

    digest: str
    merged: Merged


@dataclass(frozen=True, slots=True)
class FileSave:
    """A text that a user sends for a file; `opened` is the digest that the user began from, "" for a new file."""

    path: str
    text: str
    opened: str
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Undone:
    """The number of the new revision, and the paths that were changed again and remain as they are."""

    number: int
    left: tuple[str, ...]


def open_draft(course_id: UUID, now: datetime) -> CourseDraft:
    """Return the locked draft of a course; the first call copies the files of the published version."""
    _insert_draft(course_id, now)
    draft = db.session.scalars(
        select(CourseDraft)
        .where(CourseDraft.course_id == course_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if not draft.revision:
        _copy_published(draft, now)
    return draft


def _insert_draft(course_id: UUID, now: datetime) -> None:
    values = {"course_id": course_id, "base_version_id": None, "revision": 0, "opened_at": now}
    db.session.execute(insert_ignore(CourseDraft, (CourseDraft.course_id,)).values(values))


def _copy_published(draft: CourseDraft, now: datetime) -> None:
    (course,) = versions.course_records({draft.course_id})
    draft.base_version_id = course.version_id
    files = versions.stored_files(course.version_id) if course.version_id else {}
    changes = [FileChange(path, None, digest) for path, digest in store_files(files).items()]
    _add_revision(draft, changes, RevisionKind.OPENED, by=None, now=now)
    for change in changes:
        _file_row(draft.course_id, change.path).base_digest = change.after
    record(DraftOpened(at=now, course_id=draft.course_id, version_id=course.version_id))


def save_file(course_id: UUID, save: FileSave, *, by: UUID, now: datetime) -> SavedFile | Conflict:
    """Save a text as the new content of a file.

    If the file changed since the user opened it, both changes are combined; without an overlap the result is saved.
    """
    draft = open_draft(course_id, now)
    current = drafts.tree(course_id).get(save.path)
    text, is_merged = normalise(save.text), False
    if current is not None and current != save.opened:
        merged = _merge(course_id, save, text, current)
        if merged.conflicts:
            return Conflict(current, merged)
        text, is_merged = merged.text, merged.text != text
    content = text.encode()
    digest = store_contents([content])[content]
    if digest == current:
        return SavedFile(draft.revision, digest, content, is_merged)
    change = FileChange(save.path, current, digest)
    number = _add_save(draft, change, is_automatic=save.is_automatic, by=by, now=now)
    return SavedFile(number, digest, content, is_merged)


def _merge(course_id: UUID, save: FileSave, text: str, current: str) -> Merged:
    if not save.opened:
        raise DomainError("There is already a file with this name.")
    base = drafts.opened(course_id, save.path, save.opened)
    if base is None:  # the page is older than the oldest stored content
        raise DomainError("This page is too old to be saved. Copy your text, then open the page again.")
    return merge(base.decode(), text, drafts.content(current).decode())


def _add_save(draft: CourseDraft, change: FileChange, *, is_automatic: bool, by: UUID, now: datetime) -> int:
    last = drafts.last_revision(draft.course_id, draft.revision, by)
    if extends_last(last, change.path, now):
        return _extend(draft, change, is_automatic=is_automatic, now=now)
    kind = RevisionKind.AUTOSAVED if is_automatic else RevisionKind.SAVED
    return _add_revision(draft, [change], kind, by=by, now=now)


def _extend(draft: CourseDraft, change: FileChange, *, is_automatic: bool, now: datetime) -> int:
    """Write a save into the newest revision, an automatic save of the same user and file."""
    stored = db.session.get_one(DraftChange, (draft.course_id, draft.revision, change.path))
    note_base(draft.course_id, change.path, stored.after, now=now)
    stored.after = change.after
    _file_row(draft.course_id, change.path).digest = change.after
    if not is_automatic:
        revision = db.session.get_one(DraftRevision, (draft.course_id, draft.revision))
        revision.kind, revision.made_at = RevisionKind.SAVED, now
        _record_save(draft, RevisionKind.SAVED, 1, now)
    return draft.revision


def note_base(course_id: UUID, path: str, digest: str | None, *, now: datetime) -> None:
    """Note a text of a file that no revision has, so that pages that began from it can still be saved for 7 days."""
    if digest is None:
        return
    keys = (DraftReplaced.course_id, DraftReplaced.path, DraftReplaced.digest)
    values = {"course_id": course_id, "path": path, "digest": digest, "replaced_at": now}
    db.session.execute(upsert(DraftReplaced, keys, {"replaced_at": now}).values(values))


def change_files(
    course_id: UUID,
    files: Mapping[str, bytes | StoredFile | None],
    kind: RevisionKind,
    *,
    by: UUID,
    now: datetime,
    note: str = "",
) -> int:
    """Write several files as one revision (None deletes a file); return its number."""
    draft = open_draft(course_id, now)
    before = drafts.tree(course_id)
    others = {path: digest for path, digest in before.items() if path not in files}
    written = store_files({path: file for path, file in files.items() if file is not None})
    changes = changes_between(before, {**others, **written})
    if not changes:
        return draft.revision
    return _add_revision(draft, changes, kind, by=by, now=now, note=note)


def restore(course_id: UUID, number: int, *, by: UUID, now: datetime, path: str | None = None) -> int:
    """Bring a file, or all files, back to the state after a revision, as a new revision; return its number.

    Raises DomainError for the newest revision.
    """
    draft = open_draft(course_id, now)
    require_restorable(number, draft.revision)
    before, after = drafts.tree(course_id), drafts.tree_at(course_id, number)
    changes = [change for change in changes_between(before, after) if path in (None, change.path)]
    if not changes:
        return draft.revision
    return _add_revision(draft, changes, RevisionKind.RESTORED, by=by, now=now, note=str(number))


def undo(course_id: UUID, number: int, *, by: UUID, now: datetime) -> Undone:
    """Undo an import; files that were changed again since remain as they are.

    Raises NoResultFound for a revision that does not exist, DomainError for one that is no import.
    """
    draft = open_draft(course_id, now)
    require_undoable(drafts.revision_line(course_id, number).kind)
    changes, left = reversal(drafts.changes(course_id, number), drafts.tree(course_id))
    if not changes:
        return Undone(draft.revision, left)
    return Undone(_add_revision(draft, changes, RevisionKind.UNDONE, by=by, now=now, note=str(number)), left)


def require_restorable(number: int, newest: int) -> None:
    """Raise DomainError for the newest revision, which is not restored."""
    if not can_restore(number, newest):
        raise DomainError("This is the newest version. Choose an earlier one to restore it.")


def require_undoable(kind: RevisionKind) -> None:
    """Raise DomainError for a revision that is no import."""
    if not can_undo(kind):
        raise DomainError("Only an import is undone. Restore an earlier version instead.")


def mark_editing(course_id: UUID, path: str, *, by: UUID, now: datetime) -> None:
    """Note that a user has a file open in the editor."""
    values = {"course_id": course_id, "path": path, "person_id": by, "since": now, "seen_at": now}
    keys = (DraftEditor.course_id, DraftEditor.path, DraftEditor.person_id)
    db.session.execute(upsert(DraftEditor, keys, {"seen_at": now}).values(values))


def stop_editing(course_id: UUID, path: str, *, by: UUID) -> None:
    """Note that a user left the editor of a file."""
    db.session.execute(
        delete(DraftEditor).where(
            DraftEditor.course_id == course_id, DraftEditor.path == path, DraftEditor.person_id == by
        )
    )


def seal(draft: CourseDraft) -> None:
    """Let no automatic save extend the newest revision of a locked draft: it is being reviewed."""
    newest = db.session.get_one(DraftRevision, (draft.course_id, draft.revision))
    if newest.kind is RevisionKind.AUTOSAVED:
        newest.kind = RevisionKind.SAVED


def _add_revision(
    draft: CourseDraft,
    changes: Iterable[FileChange],
    kind: RevisionKind,
    *,
    by: UUID | None,
    now: datetime,
    note: str = "",
) -> int:
    draft.revision += 1
    number, course_id, count = draft.revision, draft.course_id, 0
    db.session.add(DraftRevision(course_id=course_id, number=number, kind=kind, note=note, author_id=by, made_at=now))
    db.session.flush()
    for change in changes:
        count += 1
        row = _file_row(course_id, change.path)
        row.digest, row.revision = change.after, number
        if row.digest is None and row.base_digest is None:
            db.session.delete(row)
        db.session.add(
            DraftChange(course_id=course_id, number=number, path=change.path, before=change.before, after=change.after)
        )
    db.session.flush()
    if by is not None:
        _record_save(draft, kind, count, now)
    return number


def _record_save(draft: CourseDraft, kind: RevisionKind, files: int, now: datetime) -> None:
    record(DraftSaved(at=now, course_id=draft.course_id, number=draft.revision, kind=str(kind), files=files))


def _file_row(course_id: UUID, path: str) -> DraftFile:
    row = db.session.get(DraftFile, (course_id, path))
    if row is None:
        row = DraftFile(course_id=course_id, path=path)
        db.session.add(row)
    return row
