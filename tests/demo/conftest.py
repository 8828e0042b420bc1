import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.db.session import db
from app.demo import cast, diary, history, library, year
from app.demo.history import Agencies
from app.demo.library import Stock
from app.demo.lives import YEAR, Asked
from app.demo.rows import hasten
from app.factory import create_app
from app.kernel import clock
from app.kernel import context as acting
from config import ROOT, Mode, Settings
from tests import databases
from tests.conftest import KEYS, NOW
from tests.factories import PASSWORD_HASH

FOLDERS = (ROOT / "courses",)


@pytest.fixture(autouse=True)
def nobody_acts() -> None:
    """What a request of an earlier test left behind is nobody's here."""
    acting.actor_id.set(None)


@pytest.fixture(scope="session")
def ready() -> list[Stock]:
    """The site's own courses, rendered once: that is slow."""
    return library.render(FOLDERS)


def set_stage(ready: list[Stock]) -> tuple[Agencies, list[Asked]]:
    agencies, staff = history.add_staff(PASSWORD_HASH, NOW - YEAR)
    library.publish(ready, staff.trainers, NOW - YEAR)
    return agencies, library.asked(staff.trainers[0])


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application in the demonstration's mode, with staff and a practitioner and without courses."""
    folder: Path = tmp_path_factory.mktemp("demo")
    url = databases.sqlite_url(folder)
    app = create_app(Settings(keys=KEYS, mode=Mode.DEMO, database_url=url, demo_path=folder, show_drafts=True))
    with app.app_context():
        db.create_all()
        since = clock.real_now() - YEAR  # the demonstration's own clock is the machine's
        agencies, _staff = history.add_staff(PASSWORD_HASH, since)
        for player in cast.officers(len(cast.TOUR), 1):
            history.add_player(player, agencies, PASSWORD_HASH, since)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


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


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory, ready: list[Stock]) -> Iterator[Flask]:
    """The demonstration's year with a smaller cast, filled once for all tests of a module, which only read it."""
    with made(tmp_path_factory.mktemp("year")) as app:
        with app.app_context(), diary.as_of(BEGINS):
            year.fill(ready, BEGINS, password_hash=PASSWORD_HASH, people=PEOPLE)
            db.session.remove()
        yield app
