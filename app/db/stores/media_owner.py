"""Which site the contents in MEDIA_PATH belong to: an object names it, so that a second site with this path notices.

A site is known by an id (`audit.queries.site_id`) that a copy of its database has as well. So the object also names the
newest entry of the audit log at the last use: another copy of the database, and a restored one, lack it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.db.stores.media_store import MediaStore
from app.db.stores.object_store import MissingObjectError, StoreError

MARKER = "site"
_USE = re.compile(r"(\d{4}-\d\d-\d\d) (\d{1,18}) ([0-9a-f]{64})\Z")
HasEntry = Callable[[int, str], bool]


@dataclass(frozen=True, slots=True)
class LastUse:
    """The day of a use in UTC, and the newest entry of the audit log then."""

    day: str
    entry: int
    entry_hash: str


_DISPUTED = LastUse("0000-00-00", 0, "0" * 64)


@dataclass(frozen=True, slots=True)
class MediaOwner:
    """The site that a store belongs to; `last_use` is None until the jobs have used it."""

    site_id: str
    last_use: LastUse | None


def owner(store: MediaStore) -> MediaOwner | None:
    """Return the site that a store belongs to; None before its first use. Raises StoreError."""
    try:
        site_id, _line, rest = store.get(MARKER).decode("ascii", "replace").partition("\n")
    except MissingObjectError:
        return None
    match = _USE.match(rest.strip())
    damaged = _DISPUTED if rest else None
    return MediaOwner(site_id, LastUse(match[1], int(match[2]), match[3]) if match else damaged)


def claim(store: MediaStore, site_id: str, use: LastUse) -> None:
    """Let a store belong to a site and to this copy of its database. Raises StoreError."""
    store.put(MARKER, f"{site_id}\n{use.day} {use.entry} {use.entry_hash}\n".encode())
    refuse_other(owner(store), site_id)


def dispute(store: MediaStore, site_id: str, last_use: LastUse | None) -> None:
    """Name an entry that no audit log has: each copy of the database then finds that another one uses the store."""
    if last_use != _DISPUTED:
        claim(store, site_id, _DISPUTED)


def refuse_other(site: MediaOwner | None, site_id: str) -> None:
    """Raise StoreError if a store has another owner than this site."""
    if site is not None and site.site_id != site_id:
        raise StoreError(
            "MEDIA_PATH belongs to another site: nothing is moved to it or deleted there. Set another path. "
            f"If that site is gone for good, delete “{MARKER}” in MEDIA_PATH."
        )


def is_used_elsewhere(site: MediaOwner | None, site_id: str, has_entry: HasEntry) -> bool:
    """Return whether this database lacks the entry of the last use: another copy was the user, or this is restored.

    A store of another site is used by no copy of this database.
    """
    use = site.last_use if site and site.site_id == site_id else None
    return use is not None and not has_entry(use.entry, use.entry_hash)


def fault(store: MediaStore, site_id: str) -> str:
    """Return a message if a store does not answer, or belongs to another site; else ""."""
    try:
        refuse_other(owner(store), site_id)
    except StoreError as error:
        return str(error)
    return ""


def has_other_user(store: MediaStore, site_id: str, has_entry: HasEntry) -> bool:
    """Return whether another copy of the database has used a store; False if it does not answer."""
    try:
        return is_used_elsewhere(owner(store), site_id, has_entry)
    except StoreError:
        return False
