"""The two databases of the tests: a SQLite file and a PostgreSQL database of each worker's own."""

import os
import socket
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Connection, Engine, Table, event, make_url, text

from app.db.session import db
from tests.support.settings import LITE

SERVER = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


WAITING: list[bool] = []  # filled while commits wait for the disk all the same
_unchecked_connections: dict[str, sqlite3.Connection] = {}  # by file


def sqlite_path(folder: Path) -> Path:
    return folder / "academy.sqlite"


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{sqlite_path(folder)}"


def copy_sqlite(source: Path, target: Path) -> None:
    """Overwrite a SQLite file with another one, also with what its write-ahead log holds."""
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def postgres_url(name: str, template: str = "template0") -> str:
    """Make a database of this name, empty or as a copy of another one, and return its address."""
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" ENCODING \'UTF8\' TEMPLATE "{template}"')
    return f"{SERVER.replace('postgresql', 'postgresql+psycopg')}/{name}"


def let_no_commit_wait(engine: Engine) -> None:
    """Let commits return before they are on disk, for tests without power cuts."""

    def ask(connection: Any, _entry: object) -> None:
        if WAITING:
            return
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA synchronous=OFF")
            return
        connection.autocommit = True
        connection.execute("SET synchronous_commit = off")
        connection.autocommit = False

    engine.dispose()
    event.listen(engine, "connect", ask)


def drop_postgres(name: str) -> None:
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def postgres_family(name: str) -> list[str]:
    """Return the databases whose names begin so."""
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name])
        return sorted(str(row[0]) for row in rows)


def drop_postgres_family(name: str) -> None:
    """Drop the databases whose names begin so, if there is a server."""
    for member in postgres_family(name) if postgres_is_there() else ():
        drop_postgres(member)


@contextmanager
def postgres_role(name: str) -> Iterator[Callable[[str], str]]:
    """Make a role that may do nothing, and give how an address is turned into one under it; drop it at the end."""
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{name}'")
        try:
            yield lambda url: make_url(url).set(username=name, password=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP ROLE "{name}"')


def postgres_is_there() -> bool:
    host, _, port = SERVER.rpartition("@")[2].partition(":")
    try:
        socket.create_connection((host, int(port or 5432)), timeout=1).close()
    except OSError:
        return False
    return True


def guards_off(connection: Connection) -> AbstractContextManager[None]:
    """Take away what keeps tables that only grow from being changed: to damage them, or to empty them between tests.

    Only the owner of a file of SQLite, or a superuser of PostgreSQL, can. What was done meanwhile is committed.
    """
    off = _off_on_sqlite if connection.dialect.name == "sqlite" else _off_on_postgresql
    return off(connection)


@contextmanager
def _off_on_sqlite(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.dbapi_connection
    driver.set_authorizer(_leave_guards_out)
    try:
        yield
        connection.commit()
    finally:
        connection.rollback()
        driver.set_authorizer(None)


def _leave_guards_out(action: int, _first: object, _second: object, _database: object, trigger: str | None) -> int:
    """Let SQLite compile statements without the SELECT RAISE of the triggers that guard tables.

    The triggers stay: to drop and create them takes ten times as long, and all connections would read the schema again.
    """
    is_guard = action == sqlite3.SQLITE_SELECT and trigger is not None and "_never_" in trigger
    return sqlite3.SQLITE_IGNORE if is_guard else sqlite3.SQLITE_OK


@contextmanager
def _off_on_postgresql(connection: Connection) -> Iterator[None]:
    connection.execute(text("SET session_replication_role = replica"))
    try:
        yield
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("RESET session_replication_role"))
        connection.commit()


def empty(app: Flask) -> None:
    """Empty every table that has rows."""
    with app.app_context():
        if db.engine.dialect.name == LITE:
            _empty_sqlite(str(db.engine.url.database))
        else:
            _empty_postgresql()


def _empty_sqlite(path: str) -> None:
    with unchecked_transaction(path) as connection:
        names = {str(row[0]) for row in connection.execute(_filled_tables())}
        for statement in _deletes(names):
            connection.execute(statement)


@contextmanager
def unchecked_connection(path: Path) -> Iterator[None]:
    """Keep a connection to a SQLite file that leaves out guards and foreign keys.

    A connection of the application would have to compile all its statements again after each use without them.
    """
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=1000)
    for setting in ("synchronous=OFF", "foreign_keys=OFF", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {setting}")
    connection.set_authorizer(_leave_guards_out)
    _unchecked_connections[str(path)] = connection
    yield
    del _unchecked_connections[str(path)]
    connection.close()


def has_unchecked_connection(path: str) -> bool:
    return path in _unchecked_connections


@contextmanager
def unchecked_transaction(path: str) -> Iterator[sqlite3.Connection]:
    """Write into a SQLite file without guards and foreign keys, and commit."""
    connection = _unchecked_connections[path]
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.rollback()


def _empty_postgresql() -> None:
    # of few rows: PostgreSQL truncates a hundred times slower, with a new file for each table
    with db.engine.connect() as connection:
        if names := filled(connection):
            with guards_off(connection):
                connection.exec_driver_sql("; ".join(_deletes(names)))  # a server answers once


def _deletes(names: Collection[str]) -> list[str]:
    return [f'DELETE FROM "{table.name}"' for table in _tables() if table.name in names]


def filled(connection: Connection) -> set[str]:
    """Return the names of all tables with rows."""
    return set(connection.exec_driver_sql(_filled_tables()).scalars())


@cache
def _filled_tables() -> str:
    """Return the query for the names of all tables with rows."""
    return " UNION ALL ".join(f"SELECT '{t.name}' WHERE EXISTS (SELECT 1 FROM \"{t.name}\")" for t in _tables())


@cache
def _tables() -> tuple[Table, ...]:
    """Return the tables, those first that refer to others."""
    return tuple(reversed(db.metadata.sorted_tables))


def clean_app(app: Flask) -> Iterator[Flask]:
    """Yield an application and empty its tables afterwards."""
    yield app
    with app.app_context():
        db.session.remove()
    empty(app)
