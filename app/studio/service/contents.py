"""Store the contents of files, each once; a stored content is not deleted while the transaction is open."""

from collections.abc import Collection, Iterable, Mapping

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
    _store({digest: {"digest": digest, "content": content} for content, digest in digests.items()})
    return digests


def store_moved(sizes: Mapping[str, int]) -> None:
    """Store references to contents in MEDIA_PATH, by SHA-256, to which a published version refers already."""
    _store({digest: {"digest": digest, "content": None, "size": size} for digest, size in sizes.items()})


def _store(rows: Mapping[str, Mapping[str, object]]) -> None:
    missing = dict(rows)
    while missing:
        for digest in sorted(missing):  # in one order: two transactions may store the same contents
            db.session.execute(insert_ignore(DraftBlob, (DraftBlob.digest,)).values(missing[digest]))
        locked = _lock(missing)
        missing = {digest: row for digest, row in missing.items() if digest not in locked}


def _lock(digests: Collection[str]) -> set[str]:
    """Lock stored contents against deletion, shared with other transactions; SQLite has one writer at a time."""
    query = select(DraftBlob.digest).where(DraftBlob.digest.in_(digests))
    return set(db.session.scalars(query.with_for_update(read=True, key_share=True)))
