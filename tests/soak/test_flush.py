import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from app.db.session import db, durability_faults
from tests.soak import learners
from tests.soak.ground import Ground
from tests.support import courses, factories, sites
from tests.support.courses import SLUG
from tests.support.forked_commands import ForkedServer
from tests.support.postgres import Cluster

SAVES = 30
ATTACHED = 10.0  # seconds until strace has to be there
READINGS = 600  # of the figures, a tenth of a second apart
FLUSHED = re.compile(r"\b(?:fdatasync|fsync)\(\d+<[^>]*-wal>\)\s*= 0|<\.\.\. (?:fdatasync|fsync) resumed>.*= 0")
SENT = re.compile(r'"HTTP/1\.1 200')

pytestmark = pytest.mark.soak


@contextmanager
def traced(pid: int, into: Path) -> Iterator[None]:
    """Write what a process flushes and sends to a file."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace")
    calls = "trace=fdatasync,fsync,sendto,sendmsg,write,writev"
    command = [strace, "-f", "-y", "-s", "40", "-e", calls, "-o", str(into), "-p", str(pid)]
    tracing = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until = time.monotonic() + ATTACHED
    while not _is_traced(pid):
        if tracing.poll() is not None or time.monotonic() > until:
            tracing.kill()
            pytest.skip("strace may not look at processes here")
        time.sleep(0.05)
    try:
        yield
    finally:
        tracing.send_signal(signal.SIGINT)
        tracing.wait(10)


def _is_traced(pid: int) -> bool:
    tracers = [
        re.search(r"TracerPid:\s*(\d+)", path.read_text()) for path in Path(f"/proc/{pid}/task").glob("*/status")
    ]
    return bool(tracers) and all(found and found.group(1) != "0" for found in tracers)


def test_response_is_sent_after_log_is_flushed(lite_ground: Ground) -> None:
    trace = lite_ground.folder / "trace"
    with ForkedServer(lite_ground.folder, lite_ground.url, workers=1) as server:
        learner = learners.settle(lite_ground, 1, server.port)[0]
        with traced(server.workers()[0], trace):
            for save in islice(learner.saves(), SAVES):
                assert learner.save(save)
        learner.visit.close()
    flushes, unflushed, answers = 0, 0, 0
    for line in trace.read_text().splitlines():
        flushes += bool(FLUSHED.search(line))
        if SENT.search(line):
            answers += 1
            unflushed += flushes == 0
            flushes = 0
    assert answers == SAVES
    assert unflushed == 0


def test_each_save_flushes_the_log_of_postgresql(cluster: Cluster, cluster_ground: Ground) -> None:
    with ForkedServer(cluster_ground.folder, cluster_ground.url, workers=1) as server:
        learner = learners.settle(cluster_ground, 1, server.port)[0]
        before = _flushes(cluster)
        for save in islice(learner.saves(), SAVES):
            assert learner.save(save)
        learner.visit.close()
    # the server has ended: its connections need not rest for ten seconds to tell their figures
    for _reading in range(READINGS):
        if _flushes(cluster) - before >= SAVES:
            break
        time.sleep(0.1)
    assert _flushes(cluster) - before >= SAVES


def _flushes(cluster: Cluster) -> int:
    with psycopg.connect(host="127.0.0.1", port=cluster.port, user="postgres", dbname="postgres") as connection:
        found = connection.execute("SELECT wal_sync FROM pg_stat_wal").fetchone()
        assert found is not None
        return int(found[0])


@pytest.mark.usefixtures("patient")
def test_the_database_is_set_to_flush(app: Flask) -> None:
    with app.app_context():
        assert durability_faults() == []
        db.session.remove()


def test_setting_that_loses_answers_is_reported(lite_app: Flask) -> None:
    def careless(connection: object, _entry: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]

    with lite_app.app_context():
        event.listen(db.engine, "connect", careless)
        db.engine.dispose()
        try:
            assert durability_faults() == ["synchronous is 0, must be 2"]
        finally:
            event.remove(db.engine, "connect", careless)
            db.engine.dispose()


def test_save_with_failed_commit_is_not_acknowledged(app: Flask) -> None:
    with app.app_context():
        courses.publish()
        person = factories.person()
        db.session.remove()
    client = factories.sign_in(app, person)
    attempt = sites.post(app, client, f"/courses/{SLUG}/test").headers["Location"].split("/")[2]
    save = {"question": 1, "sequence": 65536, "body": None, "marked": True}

    def fail(_connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, OSError("disk I/O error"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", fail)
    try:
        answer = sites.post_json(app, client, f"/attempts/{attempt}/saves", {"saves": [save]})
    finally:
        event.remove(engine, "commit", fail)
    assert answer.status_code == 503
    assert "kept" not in answer.get_json()
    assert learners.stored(app) == {}
    again = sites.post_json(app, client, f"/attempts/{attempt}/saves", {"saves": [save]})
    assert again.get_json()["kept"] == [[1, 65536]]
    assert len(learners.stored(app)) == 1
