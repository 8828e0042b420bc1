"""A site is made once a database, then laid down again as rows: what many tests begin with costs little."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from flask import Flask
from sqlalchemy import Connection, select, text

from app.catalogue.models import Reference
from app.db.session import db
from app.identity.models import Person
from app.kernel import clock

T = TypeVar("T")
SOON = timedelta(seconds=30)  # between the starts of two tests with the same time


@dataclass(frozen=True)
class _Kept:
    """What a maker returned, the rows that it left, and the time of the academy before and after."""

    made: object
    rows: Mapping[str, Any]
    begun: datetime
    ended: datetime


def kept(make: Callable[..., T]) -> Callable[..., T]:
    """Let a maker run once for each application; later calls on empty tables get the same rows and the same answer.

    Where tables are not empty, the academy's time is another one, or more is asked for, the maker runs as ever.
    """
    known: WeakKeyDictionary[Flask, _Kept] = WeakKeyDictionary()

    @wraps(make)
    def maker(app: Flask, **more: object) -> T:
        with app.app_context():
            empty = all(db.session.scalar(select(model).limit(1)) is None for model in (Person, Reference))
            db.session.remove()
        begun, snapshot = clock.now(), known.get(app)
        if more or not empty or (snapshot is not None and abs(begun - snapshot.begun) > SOON):
            return make(app, **more)
        if snapshot is not None:
            with app.app_context(), db.engine.connect() as connection:
                _lay_down(connection, snapshot.rows)
                connection.commit()
            _not_before(snapshot.ended)
            return snapshot.made  # type: ignore[return-value]  # it is what this maker returned
        made = make(app)
        with app.app_context(), db.engine.connect() as connection:
            known[app] = _Kept(made, _take_up(connection), begun, clock.now())
        return made

    return maker


def _not_before(moment: datetime) -> None:
    """Move the clock on to a moment that rows speak of as past."""
    if clock.now() < moment:
        ahead = moment - clock.real_now()
        clock.move(lambda: ahead)


def _take_up(connection: Connection) -> dict[str, Any]:
    rows_by_table: dict[str, Any] = {}
    for table in db.metadata.sorted_tables:
        if connection.dialect.name == "sqlite":
            rows: Any = connection.execute(text(f'SELECT * FROM "{table.name}"')).all()
        else:
            rows = _copied(connection, table.name)
        if rows:
            rows_by_table[table.name] = [tuple(row) for row in rows] if isinstance(rows, list) else rows
    return rows_by_table


def _lay_down(connection: Connection, rows: Mapping[str, Any]) -> None:
    for name, those in rows.items():
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(those[0]))
            connection.exec_driver_sql(f'INSERT INTO "{name}" VALUES ({marks})', those)
        else:
            cursor: Any = connection.connection.cursor()
            with cursor, cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                copy.write(those)


def _copied(connection: Connection, name: str) -> bytes:
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
        return b"".join(bytes(part) for part in copy)
