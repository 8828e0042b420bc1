from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.session import db
from app.kernel import clock
from tests.soak.ground import Ground
from tests.support import courses, databases, live, postgres
from tests.support.forked_commands import ForkedServer
from tests.support.postgres import Cluster
from tests.support.settings import LITE, POSTGRES


@pytest.fixture(autouse=True)
def still_clock() -> None:
    """Here time goes by as it does for the server, which is another process."""
    clock.set_right()


@pytest.fixture(params=[LITE, POSTGRES])
def ground(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Ground]:
    """A site of its own on each database, which no other test empties."""
    if request.param == LITE:
        yield from _ground(databases.sqlite_url(tmp_path), tmp_path)
        return
    yield from _postgres_ground(tmp_path, worker, request.getfixturevalue("postgres_tables"))


@pytest.fixture(scope="module", params=[LITE, POSTGRES])
def shared_ground(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str
) -> Iterator[Ground]:
    """A site on each database that the tests of a module share."""
    folder = tmp_path_factory.mktemp("shared")
    if request.param == LITE:
        yield from _ground(databases.sqlite_url(folder), folder)
        return
    yield from _postgres_ground(folder, f"{worker}_shared", request.getfixturevalue("postgres_tables"))


@pytest.fixture(scope="module")
def shared_server(shared_ground: Ground) -> Iterator[ForkedServer]:
    """The web server of the shared site."""
    with ForkedServer(shared_ground.folder, shared_ground.url) as server:
        yield server


@pytest.fixture
def pg_ground(tmp_path: Path, worker: str, postgres_tables: str) -> Iterator[Ground]:
    yield from _postgres_ground(tmp_path, worker, postgres_tables)


@pytest.fixture
def lite_ground(tmp_path: Path) -> Iterator[Ground]:
    yield from _ground(databases.sqlite_url(tmp_path), tmp_path)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of its own, that a test may kill."""
    reason = postgres.why_not()
    if reason:
        pytest.skip(reason)
    with Cluster() as made:
        yield made


@pytest.fixture
def cluster_ground(cluster: Cluster, tmp_path: Path) -> Iterator[Ground]:
    yield from _ground(cluster.url, tmp_path, commits_wait=True)


def _postgres_ground(folder: Path, worker: str, template: str) -> Iterator[Ground]:
    name = f"academy_soak_{worker}"
    yield from _ground(databases.postgres_url(name, template), folder)
    databases.drop_postgres(name)


def _ground(url: str, folder: Path, *, commits_wait: bool = False) -> Iterator[Ground]:
    """Make a site; if its commits do not wait for the disk, those of its web server, another process, do."""
    with live.database(url) as app:
        with app.app_context():
            if not commits_wait:
                databases.let_no_commit_wait(db.engine)
            courses.publish()
        yield Ground(app, url, folder)
