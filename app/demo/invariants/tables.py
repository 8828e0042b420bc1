"""Rows of all rooms' tables by the tables' names: for checks that look at what is stored, past the rooms' queries."""

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
    """Return the rows of a table that belong to these people, by person."""
    return grouped(rows_in(name, "person_id", ids), "person_id")


def rows_in(name: str, column: str, values: Sequence[Any]) -> list[Any]:
    """Return the rows whose column has one of these values."""
    found: list[Any] = []
    for start in range(0, len(values), PAGE):
        query = select(table(name)).where(table(name).c[column].in_(values[start : start + PAGE]))
        found += db.session.execute(query).all()
    return found


def grouped(rows: Sequence[Any], column: str) -> Groups:
    """Return rows by the value of a column; none for a value that does not occur."""
    found: Groups = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found
