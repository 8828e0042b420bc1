"""Read a whole table in portions, to index identities and invitations again."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Table, select

from app.db.session import db

PORTION = 500


def read_portions(table: Table, key: Any) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Yield all rows of a table, a portion at a time, in the order of the key."""
    query = select(table).order_by(key).limit(PORTION)
    rows = db.session.execute(query).all()
    while rows:
        yield rows
        rows = db.session.execute(query.where(key > getattr(rows[-1], key.name))).all()
