"""Databases at the newest revision, with the rows of the sample site, for tests of migrations and upgrades."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, inspect

from app.db.session import db
from app.factory import create_app
from app.kernel import clock
from tests.support import databases, sites
from tests.support.run_files import make_once
from tests.support.settings import NOW, settings_for


def newest_on_sqlite(run_folder: Path) -> Path:
    """Return a file at the newest revision without rows, which all workers copy."""
    return make_once(run_folder, "newest.sqlite", _migrate_file)


def _migrate_file(path: Path) -> None:
    with newest(f"sqlite:///{path}"):
        pass


@contextmanager
def newest(url: str) -> Iterator[Flask]:
    """Migrate a database; no connection to it is open inside the block."""
    app = create_app(settings_for(url))
    with app.app_context():
        databases.let_no_commit_wait(db.engine)
        upgrade()
        disconnect()
    yield app


@contextmanager
def copy_of_newest(run_folder: Path, folder: Path) -> Iterator[Flask]:
    """Copy the SQLite file at the newest revision; no connection to it is open inside the block."""
    shutil.copyfile(newest_on_sqlite(run_folder), databases.sqlite_path(folder))
    app = create_app(settings_for(databases.sqlite_url(folder)))
    with app.app_context():
        databases.let_no_commit_wait(db.engine)
    yield app


def fill(app: Flask) -> None:
    """Put the rows of the sample site into the tables, at the time of the tests."""
    start = clock.real_now()
    clock.move(lambda: NOW - start)
    with app.app_context():
        _fill(app)
        disconnect()
    clock.set_right()


def disconnect() -> None:
    """Close all connections, so that the database can be copied."""
    db.session.remove()
    db.engine.dispose()


def _fill(app: Flask) -> None:
    """Put people, courses, and what people did with them into the tables."""
    sites.make(app)
    with app.app_context():
        filled = {name for name, lines in rows().items() if lines}
    wanted = {"person", "course_version", "lesson", "bank_item", "attempt", "answer_save", "playthrough", "enrolment"}
    assert wanted - filled == set()


def rows() -> dict[str, list[str]]:
    """Return the rows of all tables as text, sorted."""
    with db.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        tables = [name for name in names if name != "alembic_version" and not name.startswith("search_text")]
        filled = _filled(connection, tables)
        return {name: _rows_of(connection, name) if name in filled else [] for name in tables}


def _filled(connection: Connection, tables: Sequence[str]) -> set[str]:
    """Return which tables have rows, by one query."""
    if not tables:
        return set()
    queries = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
    return set(connection.exec_driver_sql(" UNION ALL ".join(queries)).scalars())


def _rows_of(connection: Connection, name: str) -> list[str]:
    selected = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
    columns = str(tuple(selected.keys()))
    return sorted(f"{columns} {row}" for row in selected)
