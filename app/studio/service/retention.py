"""Delete old uploads, texts that saves replaced 7 days ago, and contents that nothing refers to. For `jobs`.

A content is deleted only if no foreign key refers to it, in this order: lock it, then look for references in the
statement that deletes. On PostgreSQL, a transaction that refers to a content has its row locked (`contents`, and the
check of the foreign key): its content is skipped here, or its reference is committed before the lock and found. A
transaction that comes later waits for the deletion, and stores the content again. SQLite has one writer at a time.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, tuple_

from app.db.session import changed_rows, db
from app.studio.models import DraftBlob, DraftChange, DraftFile, DraftReplaced, DraftUpload

UPLOADS_STAY = timedelta(days=1)
REPLACED_STAYS = timedelta(days=7)
_REFERENCES: tuple[Any, ...] = (
    DraftUpload.digest,
    DraftFile.digest,
    DraftFile.base_digest,
    DraftReplaced.digest,
    DraftChange.before,
    DraftChange.after,
)


def delete_uploads(now: datetime, limit: int) -> int:
    """Delete the rows of some uploads that are older than a day; return how many."""
    keys = (DraftUpload.course_id, DraftUpload.digest, DraftUpload.person_id)
    return _delete_some(DraftUpload, keys, DraftUpload.uploaded_at < now - UPLOADS_STAY, limit)


def delete_replaced(now: datetime, limit: int) -> int:
    """Delete the rows of some texts that were replaced more than 7 days ago; return how many."""
    keys = (DraftReplaced.course_id, DraftReplaced.path, DraftReplaced.digest)
    return _delete_some(DraftReplaced, keys, DraftReplaced.replaced_at < now - REPLACED_STAYS, limit)


def _delete_some(table: Any, keys: tuple[Any, ...], is_old: ColumnElement[bool], limit: int) -> int:
    """Delete some old rows; a row that another transaction renews meanwhile is compared again and remains."""
    some = select(*keys).where(is_old).limit(limit)
    return changed_rows(delete(table).where(is_old, tuple_(*keys).in_(some)))


def unused_contents(after: str, limit: int) -> list[str]:
    """Return some digests above `after` to which nothing refers, in order."""
    query = select(DraftBlob.digest).where(DraftBlob.digest > after, _is_unused())
    return list(db.session.scalars(query.order_by(DraftBlob.digest).limit(limit)))


def delete_contents(digests: Collection[str]) -> int:
    """Delete the contents of these digests to which nothing refers; return how many.

    Contents that another transaction has locked remain until the next run.
    """
    query = select(DraftBlob.digest).where(DraftBlob.digest.in_(digests))
    locked = set(db.session.scalars(query.with_for_update(skip_locked=True)))
    return changed_rows(delete(DraftBlob).where(DraftBlob.digest.in_(locked), _is_unused())) if locked else 0


def delete_uploads_of(person_id: UUID) -> None:
    """Delete the files that a person uploaded, when the identity is deleted; what was imported of them stays."""
    digests = set(db.session.scalars(select(DraftUpload.digest).where(DraftUpload.person_id == person_id)))
    if digests:
        db.session.execute(delete(DraftUpload).where(DraftUpload.person_id == person_id))
        delete_contents(digests)


def _is_unused() -> ColumnElement[bool]:
    return and_(*(~select(column).where(column == DraftBlob.digest).exists() for column in _REFERENCES))
