"""Read the files, revisions and editors of a draft; a course without a draft is read from its published version."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, union
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import InstrumentedAttribute

from app.catalogue.queries import versions
from app.catalogue.queries.versions import StoredFile
from app.db.session import db
from app.db.stores import media_store
from app.db.stores.media_contents import FOLDER, size_of
from app.studio.domain.revisions import FileChange, LastRevision, RevisionKind
from app.studio.models import (
    DraftBlob,
    DraftChange,
    DraftEditor,
    DraftFile,
    DraftReplaced,
    DraftRevision,
    DraftSourceAuthor,
)
from app.studio.queries.workspaces import Workspace

CONFIRMED = "confirmed"  # the note of a revision in which a second person confirmed a translation
MOST_REVISIONS = 1_000
EDITOR_LEAVES_AFTER = timedelta(minutes=2)  # the page of the editor asks every 30 seconds


@dataclass(frozen=True, slots=True)
class FileState:
    """The digests of a file in the draft and in the published version; None: it does not exist there."""

    digest: str | None
    base_digest: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision in the list of versions of a file or a draft."""

    number: int
    kind: RevisionKind
    note: str
    author_id: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class EditorLine:
    """A user who has a file open in the editor."""

    person_id: UUID
    path: str
    since: datetime


def digest_of(content: bytes) -> str:
    """Return the SHA-256 by which the content of a file is stored."""
    return hashlib.sha256(content).hexdigest()


def file_states(workspace: Workspace) -> dict[str, FileState]:
    """Return all files of the draft by path, with those that were deleted in it."""
    if not workspace.revision:
        return {path: FileState(digest, digest, 0) for path, digest in _published_digests(workspace).items()}
    return draft_states(workspace.course_id)


def draft_states(course_id: UUID) -> dict[str, FileState]:
    """Return all files of an opened draft by path, with those that were deleted in it."""
    query = select(DraftFile.path, DraftFile.digest, DraftFile.base_digest, DraftFile.revision)
    rows = db.session.execute(query.where(DraftFile.course_id == course_id).order_by(DraftFile.path))
    return {row.path: FileState(row.digest, row.base_digest, row.revision) for row in rows}


def tree(course_id: UUID) -> dict[str, str]:
    """Return the digest of each file of a draft as it is now, by path."""
    query = select(DraftFile.path, DraftFile.digest).where(
        DraftFile.course_id == course_id, DraftFile.digest.is_not(None)
    )
    return {row[0]: str(row[1]) for row in db.session.execute(query)}


def tree_at(course_id: UUID, number: int) -> dict[str, str]:
    """Return the digest of each file of a draft after a revision, by path."""
    newest = (
        select(DraftChange.path, func.max(DraftChange.number).label("number"))
        .where(DraftChange.course_id == course_id, DraftChange.number <= number)
        .group_by(DraftChange.path)
        .subquery()
    )
    query = (
        select(DraftChange.path, DraftChange.after)
        .join(newest, (newest.c.path == DraftChange.path) & (newest.c.number == DraftChange.number))
        .where(DraftChange.course_id == course_id, DraftChange.after.is_not(None))
    )
    return {row[0]: str(row[1]) for row in db.session.execute(query)}


def contents(digests: Collection[str]) -> dict[str, bytes]:
    """Return the contents of these digests."""
    query = select(DraftBlob.digest, DraftBlob.content).where(DraftBlob.digest.in_(set(digests)))
    return {row[0]: media_store.read(row[0], row[1]) for row in db.session.execute(query)}


def stored_digests(digests: Collection[str]) -> set[str]:
    """Return those of these digests whose contents are stored."""
    return set(db.session.scalars(select(DraftBlob.digest).where(DraftBlob.digest.in_(set(digests)))))


def files(workspace: Workspace, *, revision: int | None = None) -> dict[str, bytes]:
    """Return all files of a course by path: of the draft, of one of its revisions, or of the published version."""
    if not workspace.revision:
        return published_files(workspace)
    digests = tree(workspace.course_id) if revision is None else tree_at(workspace.course_id, revision)
    stored = contents(digests.values())
    return {path: stored[digest] for path, digest in digests.items()}


def stored_files(workspace: Workspace) -> dict[str, StoredFile]:
    """Return all files of the draft, or of the published version, by path, without reading contents that were moved."""
    if not workspace.revision:
        return versions.stored_files(workspace.version_id) if workspace.version_id else {}
    query = (
        select(DraftFile.path, DraftBlob.digest, size_of(DraftBlob), DraftBlob.content)
        .join(DraftBlob, DraftBlob.digest == DraftFile.digest)
        .where(DraftFile.course_id == workspace.course_id)
    )
    return {row[0]: StoredFile(*row[1:]) for row in db.session.execute(query)}


def texts(workspace: Workspace) -> dict[str, bytes]:
    """Return the files of a course by path, without those in `media/`."""
    if not workspace.revision:
        return versions.texts_of(workspace.version_id) if workspace.version_id else {}
    digests = {path: digest for path, digest in tree(workspace.course_id).items() if not path.startswith(FOLDER)}
    stored = contents(digests.values())
    return {path: stored[digest] for path, digest in digests.items()}


def contents_by_path(course_id: UUID) -> dict[str, bytes]:
    """Return all files of an opened draft by path."""
    digests = tree(course_id)
    stored = contents(digests.values())
    return {path: stored[digest] for path, digest in digests.items()}


def file(workspace: Workspace, path: str) -> bytes:
    """Return a file of the draft, or raise NoResultFound."""
    return stored_file(workspace, path).read()


def stored_file(workspace: Workspace, path: str) -> StoredFile:
    """Return a file of the draft without reading a content that was moved, or raise NoResultFound."""
    if not workspace.revision:
        if workspace.version_id is None:
            raise NoResultFound
        return versions.file_of(workspace.version_id, path)
    query = (
        select(DraftBlob.digest, size_of(DraftBlob), DraftBlob.content)
        .join(DraftFile, DraftFile.digest == DraftBlob.digest)
        .where(DraftFile.course_id == workspace.course_id, DraftFile.path == path)
    )
    return StoredFile(*db.session.execute(query).one())


def content(digest: str) -> bytes:
    """Return a content by its digest, or raise NoResultFound."""
    query = select(DraftBlob.content).where(DraftBlob.digest == digest)
    return media_store.read(digest, db.session.execute(query).scalar_one())


def opened(course_id: UUID, path: str, digest: str) -> bytes | None:
    """Return the content that a user began from, by its digest; None if this file of the draft never had it.

    A digest of a request may be that of another course: its content is not read.
    """
    in_revision = (DraftChange.course_id == course_id) & (DraftChange.path == path) & (DraftChange.after == digest)
    replaced = (DraftReplaced.course_id == course_id) & (DraftReplaced.path == path) & (DraftReplaced.digest == digest)
    query = select(DraftBlob.content).where(DraftBlob.digest == digest)
    row = db.session.execute(query.where(or_(exists().where(in_revision), exists().where(replaced)))).one_or_none()
    return None if row is None else media_store.read(digest, row[0])


def published_files(workspace: Workspace) -> dict[str, bytes]:
    """Return the files of the published version, none before the first."""
    return versions.files_of(workspace.version_id) if workspace.version_id else {}


def revisions(course_id: UUID, *, path: str | None = None, limit: int = 100) -> list[RevisionLine]:
    """Return the revisions of a draft, or those that changed a file, the newest first."""
    query = _lines(course_id)
    if path is not None:
        changed = (DraftChange.course_id == course_id) & (DraftChange.number == DraftRevision.number)
        query = query.join(DraftChange, changed).where(DraftChange.path == path)
    rows = db.session.execute(query.order_by(DraftRevision.number.desc()).limit(limit))
    return [RevisionLine(*row) for row in rows]


def changes(course_id: UUID, number: int) -> tuple[FileChange, ...]:
    """Return the changes of a revision, by path."""
    query = select(DraftChange.path, DraftChange.before, DraftChange.after).where(
        DraftChange.course_id == course_id, DraftChange.number == number
    )
    return tuple(FileChange(*row) for row in db.session.execute(query.order_by(DraftChange.path)))


def last_revision(course_id: UUID, number: int, person_id: UUID) -> LastRevision | None:
    """Return the revision of this number as an automatic save by a person sees it."""
    row = db.session.get(DraftRevision, (course_id, number))
    if row is None:
        return None
    paths = tuple(change.path for change in changes(course_id, number))
    return LastRevision(row.kind, row.author_id == person_id, paths, row.made_at)


def digest_at(course_id: UUID, path: str, number: int) -> str | None:
    """Return the digest of a file after a revision; None if it did not exist then."""
    query = (
        select(DraftChange.after)
        .where(DraftChange.course_id == course_id, DraftChange.path == path, DraftChange.number <= number)
        .order_by(DraftChange.number.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def authors(course_id: UUID, ranges: Collection[range]) -> frozenset[UUID]:
    """Return the authors of the revisions in these ranges of numbers, and of text that these copied from a course."""
    own = select(DraftRevision.author_id).where(
        DraftRevision.course_id == course_id, or_(false(), *(_within(DraftRevision.number, part) for part in ranges))
    )
    copied = select(DraftSourceAuthor.person_id).where(
        DraftSourceAuthor.course_id == course_id,
        or_(false(), *(_within(DraftSourceAuthor.number, part) for part in ranges)),
    )
    return frozenset(person_id for person_id in db.session.scalars(union(own, copied)) if person_id)


def _within(number: InstrumentedAttribute[int], part: range) -> ColumnElement[bool]:
    return number.between(part.start, part.stop - 1)


def authors_of_files(course_id: UUID) -> frozenset[UUID]:
    """Return everyone who wrote a file that a draft has now, published or not, here or before it was copied."""
    numbers = (
        select(DraftChange.number)
        .join(DraftFile, (DraftFile.course_id == DraftChange.course_id) & (DraftFile.path == DraftChange.path))
        .where(DraftChange.course_id == course_id, DraftFile.digest.is_not(None))
    )
    own = select(DraftRevision.author_id).where(DraftRevision.course_id == course_id, DraftRevision.number.in_(numbers))
    copied = select(DraftSourceAuthor.person_id).where(
        DraftSourceAuthor.course_id == course_id, DraftSourceAuthor.number.in_(numbers)
    )
    return frozenset(person_id for person_id in db.session.scalars(union(own, copied)) if person_id)


def restored_states(course_id: UUID) -> dict[int, int]:
    """Return the number of the earlier state that a revision brought back, by the number of the revision."""
    query = select(DraftRevision.number, DraftRevision.kind, DraftRevision.note).where(
        DraftRevision.course_id == course_id,
        DraftRevision.kind.in_((RevisionKind.RESTORED, RevisionKind.UNDONE)),
    )
    return {
        row.number: int(row.note) - (1 if row.kind is RevisionKind.UNDONE else 0) for row in db.session.execute(query)
    }


def revision_line(course_id: UUID, number: int) -> RevisionLine:
    """Return a revision, or raise NoResultFound."""
    return RevisionLine(*db.session.execute(_lines(course_id).where(DraftRevision.number == number)).one())


def base_tree(course_id: UUID) -> dict[str, str]:
    """Return the digests in the published version from which an opened draft began, by path."""
    return {path: state.base_digest for path, state in draft_states(course_id).items() if state.base_digest}


def changed_paths(course_id: UUID, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the paths of the changed files of each of these revisions."""
    query = select(DraftChange.number, DraftChange.path).where(
        DraftChange.course_id == course_id, DraftChange.number.in_(numbers)
    )
    paths: dict[int, list[str]] = {}
    for number, path in db.session.execute(query.order_by(DraftChange.path)):
        paths.setdefault(number, []).append(path)
    return {number: tuple(listed) for number, listed in paths.items()}


def digests_of(course_id: UUID, path: str) -> list[str]:
    """Return the digests that a file had, the newest first."""
    query = select(DraftChange.after).where(
        DraftChange.course_id == course_id, DraftChange.path == path, DraftChange.after.is_not(None)
    )
    return [str(digest) for digest in db.session.scalars(query.order_by(DraftChange.number.desc()).limit(100))]


def authors_of_translation(course_id: UUID, path: str) -> frozenset[UUID]:
    """Return the authors of a translation since a second person last confirmed it."""
    authors = set[UUID]()
    for line in revisions(course_id, path=path, limit=MOST_REVISIONS):
        if line.kind is RevisionKind.SAVED and line.note == CONFIRMED:  # an import has the name of its file as a note
            break
        if line.author_id:
            authors.add(line.author_id)
    return frozenset(authors)


def editors(course_id: UUID, now: datetime, *, without: UUID) -> list[EditorLine]:
    """Return the other users who have a file of the draft open, by the time they opened it."""
    query = select(DraftEditor.person_id, DraftEditor.path, DraftEditor.since).where(
        DraftEditor.course_id == course_id,
        DraftEditor.person_id != without,
        DraftEditor.seen_at > now - EDITOR_LEAVES_AFTER,
    )
    return [EditorLine(*row) for row in db.session.execute(query.order_by(DraftEditor.since))]


def _lines(course_id: UUID) -> Select[int, RevisionKind, str, UUID | None, datetime]:
    columns = (
        DraftRevision.number, DraftRevision.kind, DraftRevision.note, DraftRevision.author_id, DraftRevision.made_at,
    )  # fmt: skip
    return select(*columns).where(DraftRevision.course_id == course_id)


def _published_digests(workspace: Workspace) -> dict[str, str]:
    files = versions.stored_files(workspace.version_id) if workspace.version_id else {}
    return {path: file.digest or digest_of(file.content or b"") for path, file in files.items()}
