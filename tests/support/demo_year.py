"""The year of the demonstration on databases of its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from app.db.session import db
from app.demo.cast.careers import YEAR, Asked
from app.demo.history import accounts, library
from app.demo.history.accounts import Agencies
from app.demo.history.library import Stock
from app.demo.rows.bulk_insert import hasten
from app.factory import create_app
from config import ROOT, Mode, Settings
from tests.support import databases
from tests.support.factories import PASSWORD_HASH
from tests.support.settings import KEYS, NOW

FOLDERS = (ROOT / "courses",)


def set_stage(ready: list[Stock]) -> tuple[Agencies, list[Asked]]:
    agencies, staff = accounts.add_staff(PASSWORD_HASH, NOW - YEAR)
    library.publish(ready, staff.trainers, NOW - YEAR)
    return agencies, library.asked(staff.trainers[0])


BEGINS = datetime(2027, 7, 1, 9, 0, tzinfo=UTC)
PEOPLE = 30


@contextmanager
def made(folder: Path, *, tables: bool = True) -> Iterator[Flask]:
    """An application over a database file of its own, with tables and nothing in them, its context open."""
    app = create_app(Settings(keys=KEYS, mode=Mode.TEST, database_url=databases.sqlite_url(folder)))
    with app.app_context():
        hasten(db.engine)
        if tables:
            db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def copied(app: Flask, folder: Path) -> Iterator[Flask]:
    """A copy of another application's database that a test may write into."""
    with app.app_context():
        path = Path(str(db.engine.url.database))
    with made(folder, tables=False) as copy, copy.app_context():
        db.engine.dispose()
        with sqlite3.connect(path) as source, sqlite3.connect(str(db.engine.url.database)) as target:
            source.backup(target)
        yield copy
