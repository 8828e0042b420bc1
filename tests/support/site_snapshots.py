"""A site is made once a database, then laid down again as rows: what many tests begin with costs little."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import wraps
from itertools import count
from types import NoneType
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from flask import Flask, current_app
from sqlalchemy import Connection, select

from app.catalogue.models import Reference
from app.db.session import db, is_in_transaction
from app.identity.models import Person
from app.kernel import clock
from tests.support import databases

P = ParamSpec("P")
T = TypeVar("T")
PLAIN = (NoneType, str, int, bool, date, time, Enum)
SOON = timedelta(seconds=30)  # between the starts of two tests with the same time
_numbers = count(1)


@dataclass(frozen=True)
class _Kept:
    """What a maker returned, the rows that it left, and the time of the academy before and after.

    The rows are by table: on SQLite the name of a table that holds a copy, on PostgreSQL what COPY wrote.
    """

    made: object
    rows: Mapping[str, str] | Mapping[str, bytes]
    begun: datetime
    ended: datetime


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Let a maker run once for each application; later calls on empty tables get the same rows and the same answer.

    A maker takes an application or runs within the context of an application, and returns values that do not change.
    Each set of plain further arguments has rows of its own. Where tables are not empty, the academy's time is another
    one, a transaction is open, other arguments are passed, or a SQLite file is not emptied between tests, the maker
    runs as ever.
    """
    known: WeakKeyDictionary[Flask, dict[object, _Kept]] = WeakKeyDictionary()

    @wraps(make)
    def maker(*args: P.args, **more: P.kwargs) -> T:
        values = [*args, *more.values()]
        app = next((value for value in values if isinstance(value, Flask)), None)
        others = [value for value in values if value is not app]
        arguments = _value_key(others)
        if arguments is None or not _can_keep(app):
            return make(*args, **more)
        snapshots = known.setdefault(app or _current(), {})
        key = (len(args), tuple(more), arguments)
        begun, snapshot = clock.now(), snapshots.get(key)
        if snapshot is not None and abs(begun - snapshot.begun) > SOON:
            return make(*args, **more)
        if snapshot is not None:
            _on_connection(app, lambda connection: _lay_down(connection, snapshot.rows))
            _not_before(snapshot.ended)
            return snapshot.made  # type: ignore[return-value]  # it is what this maker returned
        made = make(*args, **more)
        snapshots[key] = _Kept(made, _on_connection(app, _take_up), begun, clock.now())
        return made

    return maker


def _current() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]  # a proxy is no key


def _value_key(value: object) -> Hashable | None:
    """Return a key that equal values share; None for a value that is not plain."""
    if isinstance(value, PLAIN):
        return type(value), value
    if isinstance(value, Mapping):
        return _value_key(tuple(value.items()))
    if is_dataclass(value):
        return _value_key((type(value).__name__, *(getattr(value, field.name) for field in fields(value))))
    return _sequence_key(value) if isinstance(value, tuple | list) else None


def _sequence_key(values: Sequence[object]) -> Hashable | None:
    parts = tuple(map(_value_key, values))
    return None if None in parts else (type(values), parts)


def _can_keep(app: Flask | None) -> bool:
    """Return whether no transaction is open, the tables are empty and a copy of rows can be held."""
    if app is not None:
        with app.app_context():
            return _can_keep(None)
    if is_in_transaction():
        return False
    if db.engine.dialect.name == "sqlite" and not databases.has_unchecked_connection(str(db.engine.url.database)):
        return False
    return all(db.session.scalar(select(1).select_from(model).limit(1)) is None for model in (Person, Reference))


def _on_connection(app: Flask | None, act: Callable[[Connection], T]) -> T:
    """Act on a connection of an application, or of that whose context is open, and commit."""
    if app is not None:
        with app.app_context():
            return _on_connection(None, act)
    db.session.rollback()  # it would not read what is written beside it
    with db.engine.connect() as connection:
        answer = act(connection)
        connection.commit()
    return answer


def _not_before(moment: datetime) -> None:
    """Move the clock on to a moment that rows speak of as past."""
    if clock.now() < moment:
        ahead = moment - clock.real_now()
        clock.move(lambda: ahead)


def _take_up(connection: Connection) -> Mapping[str, str] | Mapping[str, bytes]:
    filled = databases.filled(connection)
    names = [table.name for table in db.metadata.sorted_tables if table.name in filled]
    if connection.dialect.name != "sqlite":
        return {name: _copied(connection, name) for name in names}
    number = next(_numbers)
    copies = {name: f"kept_{number}_{name}" for name in names}
    with databases.unchecked_transaction(str(connection.engine.url.database)) as unchecked:
        for name, copy in copies.items():
            unchecked.execute(f'CREATE TEMP TABLE "{copy}" AS SELECT * FROM "{name}"')
    return copies


def _lay_down(connection: Connection, rows: Mapping[str, Any]) -> None:
    if connection.dialect.name == "sqlite":
        with databases.unchecked_transaction(str(connection.engine.url.database)) as unchecked:
            for name, copy in rows.items():
                unchecked.execute(f'INSERT INTO "{name}" SELECT * FROM "{copy}"')
        return
    with databases.guards_off(connection):
        for name, content in rows.items():
            cursor: Any = connection.connection.cursor()
            with cursor, cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                copy.write(content)


def _copied(connection: Connection, name: str) -> bytes:
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
        return b"".join(bytes(part) for part in copy)
