import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as properties
from jinja2.bccache import Bucket, BytecodeCache

from app.db.session import db
from app.factory import create_app
from app.kernel import clock
from tests.support import password_hashing  # before the factories, which hash a password when they are imported

# isort: split
from tests.support import databases, shared_work, sites
from tests.support.examples import examples
from tests.support.settings import LITE, NOW, POSTGRES, settings_for
from tests.support.shared_work import SharedChild
from tests.support.sites import Site

LONGEST = (
    "tests/journeys/",
    "tests/soak/",
    "tests/architecture/test_migrations.py",
    "tests/access/test_every_route.py",
    "tests/web/test_hostile_routes.py",
    "tests/web/test_malformed.py",
    "tests/demo/",
)

# the same change is judged by the same examples; HYPOTHESIS_PROFILE=default tries others each time, and more
# a busy machine is no failure
properties.register_profile("same", max_examples=examples(60), derandomize=True, deadline=None)
properties.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def worker(worker_id: str) -> str:
    return f"{worker_id}_{os.getpid()}"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that all workers of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The worker's application on SQLite; its tables are emptied between tests."""
    folder = tmp_path_factory.mktemp("db")
    with databases.unchecked_connection(databases.sqlite_path(folder)):
        yield from _prepared(create_app(settings_for(databases.sqlite_url(folder))))


@pytest.fixture(scope="session")
def postgres_tables(worker: str) -> Iterator[str]:
    """The name of a PostgreSQL database with empty tables: to copy it takes a tenth of the time of creating tables."""
    if not databases.postgres_is_there():
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    name = f"academy_tables_{worker}"
    app = create_app(settings_for(databases.postgres_url(name)))
    with app.app_context():
        databases.let_no_commit_wait(db.engine)
        db.create_all()
    _disconnect(app)
    yield name
    databases.drop_postgres(name)


@pytest.fixture(scope="session")
def postgres_app(worker: str, postgres_tables: str) -> Iterator[Flask]:
    """The worker's application on PostgreSQL, made when the first test asks for it."""
    name = f"academy_test_{worker}"
    yield from _prepared(create_app(settings_for(databases.postgres_url(name, postgres_tables))))
    databases.drop_postgres(name)


class _CompiledTemplates(BytecodeCache):
    """Compile each template once for all applications of a worker."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.known.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def pytest_configure() -> None:
    """Compile templates once, not for each application; look for garbage less often."""
    gc.set_threshold(20_000, 20, 100)
    shared_work.compress_once()
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _CompiledTemplates()}


def pytest_collection_finish() -> None:
    """Leave what was imported out of every search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def shared_child() -> Iterator[SharedChild]:
    """Render the texts of all tests by one child process, not by one for each request."""
    child = SharedChild()
    shared_work.render_with(child.exchange)
    yield child
    shared_work.render_with(shared_work.exchange_with_own_child)
    child.stop()


@pytest.fixture
def real_hasher() -> Iterator[None]:
    """Hash passwords with the parameters of a site."""
    password_hashing.hash_with(password_hashing.REAL_HASHER)
    yield
    password_hashing.hash_with(password_hashing.CHEAP_HASHER)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with the marker `each_database` on SQLite and on PostgreSQL."""
    test = metafunc.definition
    if "app" in metafunc.fixturenames and test.get_closest_marker("each_database"):
        metafunc.parametrize("app", [LITE, POSTGRES], indirect=True)
    elif any(marker.name == "each_database" for marker in test.own_markers):
        pytest.fail(f"{test.nodeid} asks for each database and takes no `app`", pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark each test that needs the PostgreSQL server, and let the longest tests begin first.

    Where the last tests are short, all workers end at about the same time.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "postgres_app" in item.fixturenames or any(value == POSTGRES for value in parameters):
            item.add_marker(pytest.mark.postgresql)


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with empty tables and no context open around requests.

    It is on SQLite, unless the test has the marker `each_database`.
    """
    fixture = "postgres_app" if getattr(request, "param", LITE) == POSTGRES else "sqlite_app"
    yield from databases.clean_app(request.getfixturevalue(fixture))


@pytest.fixture
def lite_app(sqlite_app: Flask) -> Iterator[Flask]:
    """The application on SQLite, also where the module has the marker `each_database`."""
    yield from databases.clean_app(sqlite_app)


@pytest.fixture
def patient(app: Flask) -> Iterator[None]:
    """Let commits wait for the disk, as on a site."""
    databases.WAITING.append(True)
    _disconnect(app)
    yield
    databases.WAITING.clear()
    _disconnect(app)


@pytest.fixture
def site(app: Flask) -> Site:
    """The sample site on an empty database."""
    return sites.make(app)


@pytest.fixture(scope="session")
def other_workers() -> Iterator[dict[str, Flask]]:
    """The second web workers by the address of their database, each made when the first test asks for it."""
    workers: dict[str, Flask] = {}
    yield workers
    for worker in workers.values():
        _disconnect(worker)


@pytest.fixture
def other_worker(app: Flask, other_workers: dict[str, Flask]) -> Iterator[Flask]:
    """A second web worker: another application on the same database."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url not in other_workers:
        other_workers[url] = create_app(settings_for(url))
    yield other_workers[url]
    _disconnect(other_workers[url])


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
    """Set the time of the academy to NOW; it moves on with the time of the machine."""
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


def _prepared(app: Flask) -> Iterator[Flask]:
    """Create the tables. Commits do not wait for the disk: soak/test_flush.py tests that they do on a site."""
    with app.app_context():
        databases.let_no_commit_wait(db.engine)
        db.create_all()
    yield app
    _disconnect(app)


def _disconnect(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
