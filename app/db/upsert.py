"""INSERT with ON CONFLICT for SQLite and PostgreSQL, each of which has its own class in SQLAlchemy."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table, alias
from sqlalchemy.dialects import postgresql, sqlite

from app.db.session import db


def insert_ignore(table: Any, keys: Collection[Any] = (), *, dialect: str = "") -> Any:
    """Return an insert that does nothing if a row has the same keys (without keys: violates any constraint).

    `table` is a table or a model, `dialect` that of the connection if the caller caches the statement.
    """
    return _insert(table, dialect).on_conflict_do_nothing(index_elements=list(keys) or None)


def upsert(
    table: Any, keys: Collection[Any], values: Mapping[str, Any], *, condition: Any = None, dialect: str = ""
) -> Any:
    """Return an insert that sets these values if a row has the same keys and `condition` is true of that row.

    `table` is a table or a model, `dialect` that of the connection if the caller caches the statement.
    """
    return _insert(table, dialect).on_conflict_do_update(index_elements=list(keys), set_=values, where=condition)


def excluded(table: Table) -> Any:
    """Return the columns of the new row, as the values and the condition of an upsert refer to them."""
    return alias(table, name="excluded").columns


def _insert(table: Any, dialect: str) -> Any:
    name = dialect or db.engine.dialect.name
    return postgresql.insert(table) if name == "postgresql" else sqlite.insert(table)
