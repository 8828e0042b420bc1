from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from app.audit.models import Entry
from app.db.server import database_info
from app.db.session import db, transaction
from app.kernel import clock
from app.operations import queries
from app.operations.service import job_runs
from tests.support.settings import NOW

MINUTE = timedelta(minutes=1)


def _take(holder: str, *, at: timedelta = timedelta(0), name: str = "job") -> bool:
    with transaction():
        return job_runs.take_lease(name, holder, NOW + at + MINUTE, NOW + at)


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_lease_has_one_holder_until_it_ends() -> None:
    assert _take("one")
    assert not _take("other", at=MINUTE - timedelta(seconds=1))
    assert _take("other", name="another job")
    assert _take("one", at=timedelta(seconds=30))  # its own goes on
    assert not _take("other", at=MINUTE)
    assert _take("other", at=timedelta(seconds=90))
    assert not _take("one", at=timedelta(seconds=90))


@pytest.mark.usefixtures("context")
def test_lease_is_released_by_its_holder_only() -> None:
    _take("one")
    with transaction():
        job_runs.release_lease("job", "other")
    assert not _take("other")
    with transaction():
        job_runs.release_lease("job", "one")
    assert _take("other")


@pytest.mark.usefixtures("context")
def test_lease_is_void_when_the_clock_was_set_back() -> None:
    _take("one", at=timedelta(days=1))
    assert _take("other")


@pytest.mark.each_database
def test_concurrent_requests_take_one_lease(app: Flask) -> None:
    start, got = Barrier(8), []

    def ask(holder: str) -> None:
        with app.app_context():
            start.wait()
            got.append(_take(holder))

    threads = [Thread(target=ask, args=(f"holder {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 7 + [True]


def _run(at: timedelta, error: str = "") -> None:
    with transaction():
        job_runs.record_start("job", NOW + at)
    with transaction():
        job_runs.record_end("job", NOW + at + timedelta(seconds=1), took_ms=7, error=error)


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_runs_are_counted_and_last_good_run_is_saved() -> None:
    _run(timedelta(0))
    _run(MINUTE, "OSError at jobs.py:1")
    run = queries.run("job")
    assert run is not None
    assert (run.runs, run.last_started_at, run.last_good_at, run.error, run.took_ms) == (
        2,
        NOW + MINUTE,
        NOW + timedelta(seconds=1),
        "OSError at jobs.py:1",
        7,
    )
    _run(2 * MINUTE)
    run = queries.run("job")
    assert run is not None
    assert (run.last_good_at, run.error) == (NOW + 2 * MINUTE + timedelta(seconds=1), "")


@pytest.mark.usefixtures("context")
def test_failure_is_recorded_once_until_the_job_succeeds() -> None:
    for minute, error in enumerate(["", "OSError", "OSError", "", "OSError"]):
        _run(minute * MINUTE, error)
    assert db.session.query(Entry).filter_by(name="JobFailed").count() == 2


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_database_clock_equals_machine_clock() -> None:
    before = clock.real_now()
    of_database = queries.database_clock()
    assert before - timedelta(seconds=2) <= of_database <= clock.real_now() + timedelta(seconds=2)
    database = database_info.database()
    assert database.kind in {"SQLite", "PostgreSQL"}
    assert database.size > 10_000
