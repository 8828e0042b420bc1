"""Store the contents of files, each once; a stored content is not deleted while the transaction is open."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from app.db.session import db
from app.db.upsert import insert_ignore
from app.studio.models import DraftBlob
from app.studio.queries.drafts import digest_of


def store_contents(contents: Iterable[bytes]) -> dict[bytes, str]:
    """Store contents that are not stored yet; return the digest of each.

    The rows are locked until the transaction ends, so that `service.retention` does not delete a content before its
    new reference is committed. A content that was deleted between insert and lock is inserted again.
    """
    digests = {content: digest_of(content) for content in contents}
    missing = {digest: content for content, digest in digests.items()}
    while missing:
        for digest in sorted(missing):  # in one order: two transactions may store the same contents
            values = {"digest": digest, "content": missing[digest]}
            db.session.execute(insert_ignore(DraftBlob, (DraftBlob.digest,)).values(values))
        locked = _lock(missing)
        missing = {digest: content for digest, content in missing.items() if digest not in locked}
    return digests


def _lock(digests: Collection[str]) -> set[str]:
    """Lock stored contents against deletion, shared with other transactions; SQLite has one writer at a time."""
    query = select(DraftBlob.digest).where(DraftBlob.digest.in_(digests))
    return set(db.session.scalars(query.with_for_update(read=True, key_share=True)))
