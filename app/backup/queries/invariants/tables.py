"""Read rows of any table by its name, for `checks` and `evidence`, which do not use the queries of packages."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from app.db.session import db

PAGE = 500
Groups = dict[Any, list[Any]]


def table(name: str) -> Table:
    """Return a table by its name."""
    return db.metadata.tables[name]


def of(ids: Sequence[UUID], name: str) -> Groups:
    """Return rows of a table by person, for some people."""
    return grouped(rows_in(name, "person_id", ids), "person_id")


def rows_in(name: str, column: str, values: Sequence[Any]) -> list[Any]:
    """Return the rows with one of the values in a column."""
    rows: list[Any] = []
    for start in range(0, len(values), PAGE):
        query = select(table(name)).where(table(name).c[column].in_(values[start : start + PAGE]))
        rows += db.session.execute(query).all()
    return rows


def grouped(rows: Sequence[Any], column: str) -> Groups:
    """Return rows by the value of a column, an empty list for other values."""
    groups: Groups = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups


def all_rows(groups: Groups) -> list[Any]:
    """Return the rows of all groups."""
    return [row for rows in groups.values() for row in rows]
