"""Many rows at once: plain statements on SQLite, COPY on PostgreSQL."""

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Column, Connection, Date, Dialect, Engine, Enum, Table, event, func, select, text
from sqlalchemy.types import TypeEngine

from app.db.base import UTCDateTime
from app.db.session import db, transaction

FULL = 200_000  # rows of a portion, a transaction each
MOMENTS = 20_000
Row = dict[str, object]
Turn = Callable[[Any], object]


def hasten(engine: Engine) -> None:
    """Let SQLite write without waiting for the disk, for a database that is thrown away if the machine stops."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hasten)


@contextmanager
def hastened(engine: Engine) -> Iterator[None]:
    """Hasten an engine for a while: its connections are closed at the end, so that none stays without care."""
    hasten(engine)
    try:
        yield
    finally:
        if event.contains(engine, "connect", _hasten):
            event.remove(engine, "connect", _hasten)
            engine.dispose()


def leave_unchecked(engine: Engine) -> None:
    """Let SQLite not check what is written: for rows of whose like it has checked, or will check, enough."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_unchecked)


class Sheaf:
    """The rows of one table, turned into the database's own values as they go out."""

    def __init__(self, table: Table, dialect: Dialect, *, numbered: bool) -> None:
        self.table = table
        columns = [column for column in table.columns if not (numbered and column.primary_key)]
        self.names = tuple(column.name for column in columns)
        self._defaults = {column.name: _default(column) for column in columns}
        self._values = itemgetter(*self.names)
        self._turns = [_turn(column.type, dialect) for column in columns]
        self.rows: list[tuple[object, ...]] = []

    def add(self, row: Row) -> None:
        """Take a row; what it leaves out gets the column's own default, or NULL."""
        self.rows.append(self._values(self._defaults | row))

    def out(self) -> Iterator[tuple[object, ...]]:
        """Return the rows as the database takes them."""
        columns = zip(self._turns, zip(*self.rows, strict=True), strict=True)
        return zip(*(map(turn, values) if turn else values for turn, values in columns), strict=True)


class Rows:
    """Rows of several tables, written in the tables' order so that what is referred to comes first.

    `numbered` names the tables whose ids the database gives.
    """

    def __init__(self, dialect: Dialect, tables: Sequence[Table], *, numbered: Collection[str]) -> None:
        self._sheaves = {table.name: Sheaf(table, dialect, numbered=table.name in numbered) for table in tables}
        self._waiting = 0

    def add(self, name: str, /, **row: object) -> None:
        """Add a row to a table."""
        self._sheaves[name].add(row)
        self._waiting += 1

    def put(self, name: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Add whole rows to a table, values in the order of its columns."""
        self._sheaves[name].rows += rows

    def are_many(self) -> bool:
        """Say whether it is time to write: between two people, never in the middle of one."""
        return self._waiting >= FULL

    def write(self, connection: Connection) -> None:
        """Write all that waits."""
        write = _copy if connection.dialect.name == "postgresql" else _insert
        for sheaf in self._sheaves.values():
            if sheaf.rows:
                write(connection, sheaf)
                sheaf.rows.clear()
        self._waiting = 0

    def set_counters(self, connection: Connection, names: Sequence[str]) -> None:
        """Let the database go on counting ids behind those that were given; SQLite does so by itself."""
        if connection.dialect.name != "postgresql":
            return
        for name in names:
            highest = connection.scalar(select(func.max(self._sheaves[name].table.c.id)))
            if highest:
                statement = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)")
                connection.execute(statement, {"name": name, "highest": highest})


@contextmanager
def indexed_at_the_end(tables: Sequence[Table]) -> Iterator[None]:
    """Leave the indexes of tables aside while they are filled: making one at the end takes less than keeping it."""
    aside = [index for table in tables for index in table.indexes if not index.unique]
    with transaction():
        for index in aside:
            index.drop(db.session.connection())
    yield
    with transaction():
        for index in aside:
            index.create(db.session.connection())


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no circles of objects for a while: rows form none, and to look through them takes longer than they."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _hasten(connection: Any, _entry: object) -> None:
    for setting in ("synchronous=OFF", "cache_size=-262144", "threads=2"):  # KiB, when negative; to sort for indexes
        connection.execute(f"PRAGMA {setting}")


def _leave_unchecked(connection: Any, _entry: object) -> None:
    for setting in ("foreign_keys=OFF", "ignore_check_constraints=ON"):
        connection.execute(f"PRAGMA {setting}")


def _insert(connection: Connection, sheaf: Sheaf) -> None:
    marks = ", ".join("?" for _name in sheaf.names)
    # names of our own tables and columns; values are bound
    statement = f"INSERT INTO {sheaf.table.name} ({', '.join(sheaf.names)}) VALUES ({marks})"  # noqa: S608
    cursor: Any = connection.connection.cursor()
    cursor.executemany(statement, sheaf.out())
    cursor.close()


def _copy(connection: Connection, sheaf: Sheaf) -> None:
    names = ", ".join(f'"{name}"' for name in sheaf.names)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{sheaf.table.name}" ({names}) FROM STDIN') as copy:
        for row in sheaf.out():
            copy.write_row(row)


def _default(column: Column[Any]) -> object:
    default: Any = column.default
    return default.arg if default is not None and default.is_scalar else None


def _turn(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    if isinstance(kind, UTCDateTime):
        return _moment(dialect)
    found: Turn | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(MOMENTS)(found) if found and isinstance(kind, Enum | Date) else found


@cache
def _moment(dialect: Dialect) -> Turn:
    """Return how moments are turned, each of them once: several rows, and the trail, tell of the same one."""
    found: Turn | None = UTCDateTime().dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(MOMENTS)(cast("Turn", found))
