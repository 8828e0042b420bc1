import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.db.session import db
from app.demo import cast, diary, history, library, year
from app.demo.careers import YEAR
from app.demo.library import Stock
from app.factory import create_app
from app.kernel import clock
from app.kernel import context as acting
from config import Mode, Settings
from tests.support import databases
from tests.support.demo_year import BEGINS, FOLDERS, PEOPLE, made
from tests.support.factories import PASSWORD_HASH
from tests.support.run_files import make_once
from tests.support.settings import KEYS


@pytest.fixture(autouse=True)
def nobody_acts() -> None:
    """What a request of an earlier test left behind is nobody's here."""
    acting.actor_id.set(None)


@pytest.fixture(scope="session")
def ready(run_folder: Path) -> list[Stock]:
    """The site's own courses, rendered once for all workers: that is slow."""
    path = make_once(
        run_folder, "rendered-courses", lambda path: path.write_bytes(pickle.dumps(library.render(FOLDERS)))
    )
    stocks: list[Stock] = pickle.loads(path.read_bytes())
    return stocks


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


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory, ready: list[Stock]) -> Iterator[Flask]:
    """The demonstration's year with a smaller cast, filled once for all tests of a module, which only read it."""
    with made(tmp_path_factory.mktemp("year")) as app:
        with app.app_context(), diary.as_of(BEGINS):
            year.fill(ready, BEGINS, password_hash=PASSWORD_HASH, people=PEOPLE)
            db.session.remove()
        yield app
