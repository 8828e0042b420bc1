"""Insert many rows for `flask populate`: `executemany` on SQLite, COPY on PostgreSQL; settings for fast writing."""

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

FULL = 200_000  # rows of a portion, written in one transaction
CACHED_DATETIMES = 20_000
Row = dict[str, object]
Conversion = Callable[[Any], object]


def relax_durability(engine: Engine) -> None:
    """Let SQLite not wait for the disk, for a database that may be lost if the machine stops."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _relax)


@contextmanager
def relaxed_durability(engine: Engine) -> Iterator[None]:
    """Relax the durability of an engine inside the block, and close its connections at the end."""
    relax_durability(engine)
    try:
        yield
    finally:
        if event.contains(engine, "connect", _relax):
            event.remove(engine, "connect", _relax)
            engine.dispose()


def disable_checks(engine: Engine) -> None:
    """Disable foreign keys and CHECK constraints of SQLite, for rows like others that are checked."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _disable_checks)


class TableRows:
    """Rows of one table, converted into values of the database."""

    def __init__(self, table: Table, dialect: Dialect, *, numbered: bool) -> None:
        self.table = table
        columns = [column for column in table.columns if not (numbered and column.primary_key)]
        self.names = tuple(column.name for column in columns)
        self._defaults = {column.name: _default(column) for column in columns}
        self._values = itemgetter(*self.names)
        self._conversions = [_conversion(column.type, dialect) for column in columns]
        self.rows: list[tuple[object, ...]] = []

    def add(self, row: Row) -> None:
        """Add a row. A missing value is the default of the column or NULL."""
        self.rows.append(self._values(self._defaults | row))

    def out(self) -> Iterator[tuple[object, ...]]:
        """Return the rows with values of the database."""
        columns = zip(self._conversions, zip(*self.rows, strict=True), strict=True)
        return zip(*(map(convert, values) if convert else values for convert, values in columns), strict=True)


class Rows:
    """Rows of several tables, written in the order of the tables because of foreign keys.

    `numbered` names the tables whose ids are assigned by the database.
    """

    def __init__(self, dialect: Dialect, tables: Sequence[Table], *, numbered: Collection[str]) -> None:
        self._tables = {table.name: TableRows(table, dialect, numbered=table.name in numbered) for table in tables}
        self._waiting = 0

    def add(self, name: str, /, **row: object) -> None:
        """Add a row to a table."""
        self._tables[name].add(row)
        self._waiting += 1

    def put(self, name: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Add whole rows to a table, values in the order of its columns."""
        self._tables[name].rows += rows

    def are_many(self) -> bool:
        """Return whether a portion is full. Call it between two people."""
        return self._waiting >= FULL

    def write(self, connection: Connection) -> None:
        """Write all rows that were added."""
        write = _copy if connection.dialect.name == "postgresql" else _insert
        for table_rows in self._tables.values():
            if table_rows.rows:
                write(connection, table_rows)
                table_rows.rows.clear()
        self._waiting = 0

    def set_counters(self, connection: Connection, names: Sequence[str]) -> None:
        """Set sequences of PostgreSQL behind the highest ids. SQLite does this itself."""
        if connection.dialect.name != "postgresql":
            return
        for name in names:
            highest = connection.scalar(select(func.max(self._tables[name].table.c.id)))
            if highest:
                statement = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)")
                connection.execute(statement, {"name": name, "highest": highest})


@contextmanager
def indexes_created_last(tables: Sequence[Table]) -> Iterator[None]:
    """Drop the indexes of tables and create them after the block, which is faster than to update them.

    Each index is created in its own transaction: SQLite writes a whole transaction to its log before it can shorten it.
    """
    dropped = [index for table in tables for index in table.indexes if not index.unique]
    with transaction():
        for index in dropped:
            index.drop(db.session.connection())
    yield
    for index in dropped:
        with transaction():
            index.create(db.session.connection())


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Pause the garbage collection inside the block: rows form no cycles, and the search is slow."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def values_of(record: Any) -> Row:
    """Return the fields of a dataclass with slots by name, without copying values as `asdict` does."""
    return {name: getattr(record, name) for name in record.__slots__}


def _relax(connection: Any, _entry: object) -> None:
    # a negative size is in KiB; the threads sort for indexes
    for setting in ("synchronous=OFF", "cache_size=-262144", "wal_autocheckpoint=20000", "threads=2"):
        connection.execute(f"PRAGMA {setting}")


def _disable_checks(connection: Any, _entry: object) -> None:
    for setting in ("foreign_keys=OFF", "ignore_check_constraints=ON"):
        connection.execute(f"PRAGMA {setting}")


def _insert(connection: Connection, table_rows: TableRows) -> None:
    parameters = ", ".join("?" for _name in table_rows.names)
    # names of our own tables and columns; values are bound
    statement = f"INSERT INTO {table_rows.table.name} ({', '.join(table_rows.names)}) VALUES ({parameters})"  # noqa: S608
    cursor: Any = connection.connection.cursor()
    cursor.executemany(statement, table_rows.out())
    cursor.close()


def _copy(connection: Connection, table_rows: TableRows) -> None:
    names = ", ".join(f'"{name}"' for name in table_rows.names)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{table_rows.table.name}" ({names}) FROM STDIN') as copy:
        for row in table_rows.out():
            copy.write_row(row)


def _default(column: Column[Any]) -> object:
    default: Any = column.default
    return default.arg if default is not None and default.is_scalar else None


def _conversion(kind: TypeEngine[Any], dialect: Dialect) -> Conversion | None:
    if isinstance(kind, UTCDateTime):
        return _datetime_conversion(dialect)
    convert: Conversion | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(CACHED_DATETIMES)(convert) if convert and isinstance(kind, Enum | Date) else convert


@cache
def _datetime_conversion(dialect: Dialect) -> Conversion:
    """Return a cached conversion of times: several rows and audit entries have the same time."""
    convert: Conversion | None = UTCDateTime().dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(CACHED_DATETIMES)(cast("Conversion", convert))
