"""Move large contents of media from the database to MEDIA_PATH, and delete those there to which no row refers.

New contents are always written to the database. A job writes one as an object, reads it back and compares, and only
then lets the row refer to it: killed at any moment, the content is in the database or in an object, and the next run
goes on. Only one run at a time (the lease of the job), and no row is moved after `LONGEST`, long before a lease ends:
the object that one run is about to refer to is not deleted by another.
"""

import time
from collections.abc import Set
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from app.audit import queries as audit
from app.catalogue.domain.media import hash_of
from app.db.session import db, transaction
from app.db.stores import media_contents, media_owner
from app.db.stores.media_contents import PendingContent
from app.db.stores.media_owner import LastUse
from app.db.stores.media_store import MediaStore, media_names
from app.db.stores.object_store import StoreError
from app.db.upsert import insert_ignore
from app.studio.models import UnusedMedium

PORTION = 100
LONGEST = timedelta(minutes=10)
UNUSED_STAYS = timedelta(days=7)  # for a backup that is being made, and an older database that is put back


def take_possession(store: MediaStore, today: date) -> bool:
    """Return whether a store belongs to this site, which takes one without an owner as soon as it has large media.

    Raises StoreError if the store belongs to another site.
    """
    is_used = bool(media_contents.pending(1) or media_contents.moved_sizes())
    site_id = audit.site_id()
    db.session.rollback()  # no transaction while the store works
    owner = media_owner.owner(store)
    media_owner.refuse_other(owner, site_id)
    if owner is None and is_used:
        claim(store, today)
    return owner is not None or is_used


def claim(store: MediaStore, today: date) -> None:
    """Let this copy of the database be the only one that deletes in a store.

    Raises StoreError if the store belongs to another site.
    """
    site_id, use = audit.site_id(), LastUse(today.isoformat(), *audit.last_entry())
    db.session.rollback()  # no transaction while the store works
    media_owner.refuse_other(media_owner.owner(store), site_id)
    media_owner.claim(store, site_id, use)


def claim_alone(store: MediaStore, today: date) -> None:
    """Let this copy of the database be the only one, and forget since when contents are unused.

    Those of other copies then stay for `UNUSED_STAYS`, also on a database that was restored from an older backup.
    Raises StoreError if the store belongs to another site.
    """
    media_owner.refuse_other(media_owner.owner(store), audit.site_id())
    with transaction():  # first: if the process is killed before the claim, nothing is deleted earlier
        db.session.execute(delete(UnusedMedium))
    claim(store, today)


def may_delete(store: MediaStore, today: date) -> bool:
    """Record the use of a store if the audit log has grown. Return False if another copy of the database has used it.

    That is recorded as well: then the other copy deletes nothing either until a person decides (`claim_alone`).
    """
    owner = media_owner.owner(store)
    site_id, newest = audit.site_id(), audit.last_entry()
    is_used_elsewhere = media_owner.is_used_elsewhere(owner, site_id, audit.has_entry)
    db.session.rollback()  # no transaction while the store works
    last_use = owner.last_use if owner else None
    if is_used_elsewhere:
        media_owner.dispute(store, site_id, last_use)
    elif last_use is None or (last_use.entry, last_use.entry_hash) != newest:
        claim(store, today)
    return not is_used_elsewhere


def move_contents(store: MediaStore, longest: timedelta = LONGEST) -> int:
    """Move the large contents of media into a store, each in its own transaction; return how many rows changed."""
    ends, moved = time.monotonic() + longest.total_seconds(), 0
    objects = _Objects(store)
    while rows := media_contents.pending(PORTION):
        changed = 0
        for row in rows:
            if time.monotonic() > ends:
                return moved + changed
            changed += _move(row, objects)
        if not changed:
            break
        moved += changed
    db.session.rollback()  # give the read snapshot back
    return moved


class _Objects:
    """The objects of a store; those that a run has read back are not read again."""

    def __init__(self, store: MediaStore) -> None:
        self._store, self._stored, self._proved = store, set(media_names(store)), set[str]()

    def prove(self, digest: str, content: bytes) -> None:
        """Make sure that an object has a content, as read back. Raises StoreError."""
        if digest in self._proved:
            return
        if digest not in self._stored or self._store.get(digest) != content:
            self._store.put(digest, content)
            if self._store.get(digest) != content:
                raise StoreError("MEDIA_PATH does not return what was written. Check the store.")
        self._proved.add(digest)


def _move(row: PendingContent, objects: _Objects) -> bool:
    content = media_contents.content_of(row)
    db.session.rollback()  # no transaction while the store works
    if content is None:
        return False
    digest = hash_of(content)
    objects.prove(digest, content)
    with transaction():
        return media_contents.remove_content(row, digest, len(content))


def delete_unused(store: MediaStore, now: datetime) -> int:
    """Delete the contents of a store to which no row has referred for some days; return how many."""
    unused = media_names(store).keys() - media_contents.moved_sizes().keys()
    since = _unused_since(unused, now)
    old = [digest for digest in sorted(unused) if since[digest] <= now - UNUSED_STAYS]
    for digest in old:
        store.delete(digest)
    return len(old)


def _unused_since(unused: Set[str], now: datetime) -> dict[str, datetime]:
    """Record which contents are unused now, and return since when each is."""
    recorded = {row.digest: row.since for row in db.session.scalars(select(UnusedMedium))}
    db.session.rollback()  # give the read snapshot back
    if recorded.keys() != unused:
        with transaction():
            db.session.execute(delete(UnusedMedium).where(UnusedMedium.digest.in_(recorded.keys() - unused)))
            for digest in sorted(unused - recorded.keys()):
                values = {"digest": digest, "since": now}
                db.session.execute(insert_ignore(UnusedMedium, (UnusedMedium.digest,)).values(values))
    return {digest: recorded.get(digest, now) for digest in unused}


def move_back(store: MediaStore) -> int:
    """Write all moved contents into the database again; return how many. Objects stay until the job deletes them."""
    digests = sorted(media_contents.moved_sizes())
    db.session.rollback()
    for digest in digests:
        content = store.get(digest)
        if hash_of(content) != digest:
            raise StoreError(f"The content {digest} in MEDIA_PATH was changed. Restore it from a backup.")
        with transaction():
            media_contents.put_back(digest, content)
    return len(digests)
