"""Store the contents of files, each once; a stored content is not deleted while the transaction is open."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from app.catalogue.queries.versions import StoredFile
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


def store_files(files: Mapping[str, bytes | StoredFile]) -> dict[str, str]:
    """Store files as `store_contents` does, and return their digests by path.

    A content in MEDIA_PATH, to which a version or a draft refers already, stays there and is not read.
    """
    rows = {path: _row(file) for path, file in files.items()}
    _store({str(row["digest"]): row for row in rows.values()})
    return {path: str(row["digest"]) for path, row in rows.items()}


def _row(file: bytes | StoredFile) -> Mapping[str, object]:
    if isinstance(file, bytes):
        return {"digest": digest_of(file), "content": file}
    if file.content is not None:
        return _row(file.content)
    return {"digest": file.digest, "content": None, "size": file.size}


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
