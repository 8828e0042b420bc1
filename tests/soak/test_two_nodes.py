"""Two machines on one PostgreSQL: each with a web server, folders and jobs of its own, and with the same keys."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db.session import db
from app.operations.models import JobRun
from tests.soak import learners
from tests.soak.ground import Ground
from tests.soak.learners import Learner
from tests.support import live
from tests.support.examples import FULL
from tests.support.forked_commands import ForkedServer
from tests.support.polling import look_until
from tests.support.settings import REPOSITORY

KILLS = 12 if FULL else 1
JOB = "answer who asks for a link"  # each 20 seconds

pytestmark = pytest.mark.soak


def test_no_acknowledged_answer_is_lost_when_either_node_is_killed(pg_ground: Ground, tmp_path: Path) -> None:
    with (
        ForkedServer(_folder(tmp_path, "first"), pg_ground.url, workers=1) as first,
        ForkedServer(
            _folder(tmp_path, "second"), pg_ground.url, workers=1, settings={"SITE_URL": _address(first)}
        ) as second,
    ):
        people = learners.settle(pg_ground, 3, first.port)
        for learner in people:
            _save_at_both_nodes(learner, first.port, second.port)

        def kill(number: int) -> None:
            node = (first, second)[number % 2]
            node.kill()
            node.start()

        learners.write_while(people, KILLS, kill)
    assert sum(learner.repeats for learner in people) > 0, "no learner noticed a kill"
    assert learners.lost(pg_ground, people) == []
    assert [learner.strange for learner in people if learner.strange] == []


@pytest.mark.skipif(not FULL, reason="waits for the next run of a job: part of `make soak`")
def test_jobs_continue_on_the_other_node_when_one_is_killed(pg_ground: Ground, tmp_path: Path) -> None:
    with _jobs(_folder(tmp_path, "first"), pg_ground.url) as leader:
        look_until(lambda: _runs(pg_ground) >= 1)
        with _jobs(_folder(tmp_path, "second"), pg_ground.url) as standby:
            look_until(lambda: _runs(pg_ground) >= 2)
            leader.kill()
            leader.wait()
            before = _runs(pg_ground)
            look_until(lambda: _runs(pg_ground) > before)
            assert standby.poll() is None


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def _address(server: ForkedServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def _save_at_both_nodes(learner: Learner, *ports: int) -> None:
    """Send each save of a learner to the next node, as a proxy that takes turns."""
    save, turns = learner.save, cycle(ports)

    def save_at_next_node(*given: Mapping[str, object]) -> bool:
        learner.visit.close()
        learner.visit.port = next(turns)
        return save(*given)

    learner.save = save_at_next_node  # type: ignore[method-assign]


@contextmanager
def _jobs(folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = live.environment(folder, url, live.free_port(), {})
    with (folder / "jobs.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "jobs"],
            cwd=REPOSITORY, env=settings, stdout=log, stderr=log,
        )  # fmt: skip
    yield process
    process.terminate()
    process.wait()


def _runs(ground: Ground) -> int:
    with ground.app.app_context():
        count = db.session.scalar(select(JobRun.runs).where(JobRun.name == JOB))
        db.session.rollback()
        return count or 0
