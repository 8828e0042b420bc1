"""The year of the demonstration in separate databases."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from app.db.session import db
from app.demo.cast.careers import YEAR, CourseMaterial
from app.demo.history import accounts, library
from app.demo.history.accounts import Agencies
from app.demo.history.library import PreparedCourses
from app.demo.rows.bulk_insert import relax_durability
from app.factory import create_app
from config import ROOT, Mode, Settings
from tests.support import databases
from tests.support.factories import PASSWORD_HASH
from tests.support.settings import KEYS, NOW

FOLDERS = (ROOT / "courses",)


def add_staff_and_courses(ready: list[PreparedCourses]) -> tuple[Agencies, list[CourseMaterial]]:
    agencies, staff = accounts.add_staff(PASSWORD_HASH, NOW - YEAR)
    library.publish(ready, staff.trainers, NOW - YEAR)
    return agencies, library.course_materials(staff.trainers[0])


BEGINS = datetime(2027, 7, 1, 9, 0, tzinfo=UTC)
PEOPLE = 40


@contextmanager
def new_app(folder: Path, *, tables: bool = True) -> Iterator[Flask]:
    """Create an application with its own database file and empty tables."""
    app = create_app(Settings(keys=KEYS, mode=Mode.TEST, database_url=databases.sqlite_url(folder)))
    with app.app_context():
        relax_durability(db.engine)
        if tables:
            db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def copied(app: Flask, folder: Path) -> Iterator[Flask]:
    """A copy of another application's database that a test may write into."""
    with new_app(folder, tables=False) as copy:
        copy_database(app, copy)
        with copy.app_context():
            yield copy


def copy_database(source: Flask, target: Flask) -> None:
    """Overwrite the SQLite file of one application with that of another."""
    with source.app_context():
        path = Path(str(db.engine.url.database))
    with target.app_context():
        db.engine.dispose()
        with sqlite3.connect(path) as original, sqlite3.connect(str(db.engine.url.database)) as copy:
            original.backup(copy)
