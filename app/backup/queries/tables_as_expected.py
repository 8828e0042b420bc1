"""Check that the database has the tables of this program and that their rows can be read."""

from collections.abc import Iterator

from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from app.db.keyring import LostKeyError
from app.db.session import db, durability_faults


def faults() -> Iterator[str]:
    """Yield a message for each missing table or column, unreadable table, and setting that could lose an answer."""
    yield from durability_faults()
    inspector = inspect(db.engine)
    existing = set(inspector.get_table_names())
    for name, table in sorted(db.metadata.tables.items()):
        if name not in existing:
            yield f"the table {name} is missing"
            continue
        columns = {column["name"] for column in inspector.get_columns(name)}
        if missing := sorted({column.name for column in table.columns} - columns):
            yield f"the table {name} lacks {', '.join(missing)}"
        else:
            yield from _unreadable(name)


def _unreadable(name: str) -> Iterator[str]:
    try:
        db.session.execute(select(db.metadata.tables[name]).limit(1)).all()
    except (SQLAlchemyError, LostKeyError, ValueError) as error:
        db.session.rollback()
        yield f"the table {name} cannot be read ({type(error).__name__})"
