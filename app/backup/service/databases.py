"""The module that copies the database of an address, by the kind of database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from app.backup.domain.manifest import RowHash
from app.backup.service.store import postgresql_copies, sqlite_copies


@dataclass(frozen=True, slots=True)
class DatabaseCopies:
    """What can be done with copies of a kind of database."""

    kind: str
    snapshot: Callable[[str, Path], dict[str, RowHash]]
    loaded: Callable[[Path, str, Path], AbstractContextManager[str]]
    row_hashes: Callable[[str], dict[str, RowHash]]
    version: Callable[[str], str]
    refuse_if_in_use: Callable[[str], None]
    swap: Callable[[str, str, str], str]
    clear_leftovers: Callable[[str], None]


_SQLITE = DatabaseCopies(
    kind="sqlite",
    snapshot=sqlite_copies.snapshot,
    loaded=sqlite_copies.loaded,
    row_hashes=sqlite_copies.row_hashes,
    version=sqlite_copies.version,
    refuse_if_in_use=sqlite_copies.refuse_if_in_use,
    swap=sqlite_copies.swap,
    clear_leftovers=sqlite_copies.clear_leftovers,
)
_POSTGRESQL = DatabaseCopies(
    kind="postgresql",
    snapshot=postgresql_copies.snapshot,
    loaded=postgresql_copies.loaded,
    row_hashes=postgresql_copies.row_hashes,
    version=postgresql_copies.version,
    refuse_if_in_use=postgresql_copies.refuse_if_in_use,
    swap=postgresql_copies.swap,
    clear_leftovers=postgresql_copies.clear_leftovers,
)


def copies_of(url: str) -> DatabaseCopies:
    """Return the copies of the kind of database that an address names."""
    return _SQLITE if make_url(url).get_backend_name() == "sqlite" else _POSTGRESQL
