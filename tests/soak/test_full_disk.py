import os
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.soak import learners
from tests.soak.ground import Ground
from tests.support import courses, databases, live
from tests.support.courses import SLUG
from tests.support.forked_commands import ForkedServer

SIZE = "6m"
BATCH, MOST = 100, 200  # saves in a message, and messages until the disk has to be full

pytestmark = pytest.mark.soak


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small_ground(small_disk: Path, tmp_path: Path) -> Iterator[Ground]:
    url = databases.sqlite_url(small_disk)
    with live.database(url) as app:
        with app.app_context():
            courses.publish()
        yield Ground(app, url, tmp_path)


def test_full_disk_is_reported_and_recovers_without_restart(small_ground: Ground, small_disk: Path) -> None:
    with ForkedServer(small_ground.folder, small_ground.url) as server:
        learner = learners.settle(small_ground, 1, server.port)[0]
        saves = learner.saves()
        assert learner.save(next(saves))
        _fill(small_disk / "filler")
        assert not all(learner.save(*islice(saves, BATCH)) for _ in range(MOST)), "the disk did not get full"
        form = learner.visit.post(f"/attempts/{learner.attempt}/1", {"choice": "1"})
        assert form.status == 503
        assert "The academy cannot save just now" in form.text
        assert int(form.headers["retry-after"]) > 0
        for path in (f"/attempts/{learner.attempt}/1", f"/courses/{SLUG}", f"/courses/{SLUG}/lessons/the-list", "/"):
            assert learner.visit.get(path).status == 200, path
        assert learners.lost(small_ground, [learner]) == []

        (small_disk / "filler").unlink()
        assert all(learner.save(one) for one in islice(saves, 20))
        assert learners.lost(small_ground, [learner]) == []
        learner.visit.close()


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65536, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
