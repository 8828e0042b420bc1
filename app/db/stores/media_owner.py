"""Which site the contents in MEDIA_PATH belong to: an object names it, so that a second site with this path notices.

A site is known by an id (`audit.queries.site_id`) that a restored site has as well.
"""

from app.db.stores.media_store import MediaStore
from app.db.stores.object_store import MissingObjectError, StoreError

MARKER = "site"


def owner(store: MediaStore) -> str | None:
    """Return the id of the site that a store belongs to; None before its first use. Raises StoreError."""
    try:
        return store.get(MARKER).decode("ascii", "replace")
    except MissingObjectError:
        return None


def claim(store: MediaStore, site_id: str) -> None:
    """Let a store without an owner belong to a site. Raises StoreError."""
    store.put(MARKER, site_id.encode())
    refuse_other(owner(store), site_id)


def refuse_other(owner_id: str | None, site_id: str) -> None:
    """Raise StoreError if a store has another owner than this site."""
    if owner_id not in {None, site_id}:
        raise StoreError(
            "MEDIA_PATH belongs to another site: nothing is moved to it or deleted there. Set another path. "
            f"If that site is gone for good, delete “{MARKER}” in MEDIA_PATH."
        )


def fault(store: MediaStore, site_id: str) -> str:
    """Return a message if a store does not answer, or belongs to another site; else ""."""
    try:
        refuse_other(owner(store), site_id)
    except StoreError as error:
        return str(error)
    return ""
