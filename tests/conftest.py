import os
import socket
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as properties

from app.db.session import db
from app.factory import create_app
from app.kernel import clock
from tests.support import databases
from tests.support.settings import LITE, NOW, POSTGRES, settings_for

# the same change is judged by the same examples; HYPOTHESIS_PROFILE=default tries others each time
properties.register_profile("same", derandomize=True)
properties.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def worker(worker_id: str) -> str:
    return f"{worker_id}_{os.getpid()}"


@pytest.fixture(scope="session")
def apps(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    """One application a database for the whole session; tables are emptied between tests.

    No power is lost here: nobody waits for a disk. That answers wait for it is tested apart (soak/test_flush.py).
    """
    made = {LITE: create_app(settings_for(databases.sqlite_url(tmp_path_factory.mktemp("db"))))}
    if databases.postgres_is_there():
        made[POSTGRES] = create_app(settings_for(databases.postgres_url(f"academy_test_{worker}")))
    for app in made.values():
        with app.app_context():
            databases.let_no_commit_wait(db.engine)
            db.create_all()
    yield made
    for app in made.values():
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    if POSTGRES in made:
        databases.drop_postgres(f"academy_test_{worker}")


@pytest.fixture(params=[LITE, POSTGRES])
def app(request: pytest.FixtureRequest, apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application on SQLite, then on PostgreSQL; empty tables before, no context open around requests."""
    if request.param not in apps:
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    yield from databases.clean_app(apps[request.param])


@pytest.fixture
def patient(apps: dict[str, Flask]) -> Iterator[None]:
    """Commits wait for the disk, as on a site."""
    databases.WAITING.append(True)
    _connect_anew(apps)
    yield
    databases.WAITING.clear()
    _connect_anew(apps)


def _connect_anew(apps: dict[str, Flask]) -> None:
    for app in apps.values():
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def lite_app(apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application on SQLite alone, for what no table decides."""
    yield from databases.clean_app(apps[LITE])


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context open: for services, never across client requests."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    """The academy's time stands at NOW (and moves on with the machine's)."""
    start = clock.real_now()
    clock.move(lambda: NOW - start)
    yield
    clock.set_right()


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test wants to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
