"""The year of the demonstration in separate databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from app.db.session import db
from app.demo import year
from app.demo.cast.careers import YEAR, CourseMaterial
from app.demo.history import accounts, library, timeline
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


def fill_half_year(ready: list[PreparedCourses], path: Path) -> None:
    """Write a SQLite file with half a year of the demonstration, as on the day that it begins."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with new_app(folder) as app, app.app_context(), timeline.as_of(BEGINS):
            year.fill(ready, BEGINS, password_hash=PASSWORD_HASH, people=PEOPLE)
        databases.copy_sqlite(databases.sqlite_path(folder), path)


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
        databases.copy_sqlite(path, Path(str(db.engine.url.database)))
