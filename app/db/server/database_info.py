"""Kind, version and size of the database."""

from dataclasses import dataclass

from sqlalchemy import text

from app.db.session import db

_SQLITE = "SELECT sqlite_version(), (SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())"
_POSTGRESQL = "SELECT current_setting('server_version'), pg_database_size(current_database())"


@dataclass(frozen=True, slots=True)
class Database:
    """Kind, version and size in bytes."""

    kind: str
    version: str
    size: int


def database() -> Database:
    """Return kind, version and size of the database."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    version, size = db.session.execute(text(_SQLITE if is_sqlite else _POSTGRESQL)).one()
    return Database("SQLite" if is_sqlite else "PostgreSQL", str(version), int(size))
