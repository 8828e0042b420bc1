import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.db.session import db
from app.demo.cast import roster
from app.demo.cast.careers import YEAR
from app.demo.history import accounts
from app.demo.history.library import PreparedCourses
from app.factory import create_app
from app.kernel import clock, context as acting
from config import Mode, Settings
from tests.support import databases
from tests.support.demo_year import fill_half_year, new_app
from tests.support.factories import PASSWORD_HASH
from tests.support.rendered_courses import rendered
from tests.support.run_files import make_once
from tests.support.settings import KEYS


@pytest.fixture(autouse=True)
def no_actor() -> None:
    """Remove the actor that a request of an earlier test has set."""
    acting.actor_id.set(None)


@pytest.fixture(scope="session")
def ready(run_folder: Path) -> list[PreparedCourses]:
    """The rendered courses of the site."""
    return rendered(run_folder)


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application in demo mode with staff and the officers of the tour, without courses."""
    folder: Path = tmp_path_factory.mktemp("demo")
    url = databases.sqlite_url(folder)
    app = create_app(Settings(keys=KEYS, mode=Mode.DEMO, database_url=url, demo_path=folder, show_drafts=True))
    with app.app_context():
        db.create_all()
        since = clock.real_now() - YEAR  # the clock of the demonstration
        agencies, _staff = accounts.add_staff(PASSWORD_HASH, since)
        for player in roster.officers(len(roster.TOUR), 1):
            accounts.add_player(player, agencies, PASSWORD_HASH, since)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Iterator[Flask]:
    """The year of the demonstration with fewer officers, for tests that only read it.

    The first worker that asks fills it; each module gets a copy.
    """
    filled = make_once(run_folder, "half-year.sqlite", lambda path: fill_half_year(rendered(run_folder), path))
    folder = tmp_path_factory.mktemp("year")
    shutil.copyfile(filled, databases.sqlite_path(folder))
    with new_app(folder, tables=False) as app:
        yield app
