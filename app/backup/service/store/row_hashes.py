"""Hash all rows of each table of a database; rows in another order have the same hash."""

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.backup.domain.manifest import RowHash

if TYPE_CHECKING:
    import psycopg

_MODULO = 2**256
_LITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
_POSTGRES_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
)


def of_sqlite(connection: sqlite3.Connection) -> dict[str, RowHash]:
    """Return the hash of each table of a SQLite database."""
    names = [str(name) for (name,) in connection.execute(_LITE_TABLES)]
    return {name: _hash(map(_row, connection.execute(f"SELECT * FROM {quoted(name)}"))) for name in names}  # noqa: S608 - quoted


def of_postgresql(connection: "psycopg.Connection[Any]") -> dict[str, RowHash]:
    """Return the hash of each table of a PostgreSQL database; the server writes each row as text."""
    from psycopg import sql

    # the text of a value depends on these
    connection.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'")
    connection.execute("SET extra_float_digits = 1; SET bytea_output = 'hex'")
    names = [str(name) for (name,) in connection.execute(_POSTGRES_TABLES)]
    hashes = {}
    for name in names:
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as rows:
            hashes[name] = _hash(bytes(row) for row in rows)
    return hashes


def quoted(name: str) -> str:
    """Return a name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def _row(row: tuple[object, ...]) -> bytes:
    return repr(row).encode()


def _hash(rows: Iterable[bytes]) -> RowHash:
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(row).digest())
    return RowHash(count, f"{total % _MODULO:064x}")
