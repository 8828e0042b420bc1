import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import schedule
from app.db.session import transaction
from app.kernel import clock
from app.operations import queries
from app.operations.service import job_runs
from app.quizzes import jobs as quizzes
from app.scenarios import jobs as scenarios
from app.schedule import Job
from app.studio import jobs as studio
from config import Mode
from tests.support.settings import NOW

MINUTE = timedelta(minutes=1)
ROOT = Path(schedule.__file__).parents[1]


def test_job_runs_under_its_lease_and_is_recorded(app: Flask) -> None:
    seen: list[bool] = []

    def work() -> None:
        seen.append(schedule.run(app, Job("job", lambda: None, MINUTE), "other"))

    job = Job("job", work, MINUTE)
    assert schedule.run(app, job, "one")
    assert seen == [False]
    with app.app_context():
        run = queries.run("job")
    assert run is not None
    assert (run.runs, run.error) == (1, "")
    assert schedule.run(app, Job("job", lambda: None, MINUTE), "other")


def test_failed_job_is_recorded_without_message_and_releases_lease(app: Flask) -> None:
    def work() -> None:
        raise ValueError("person@example.org")

    assert schedule.run(app, Job("job", work, MINUTE), "one")
    with app.app_context():
        run = queries.run("job")
    assert run is not None
    assert run.error.startswith("ValueError at test_schedule.py:")
    assert run.last_good_at is None
    assert schedule.run(app, Job("job", lambda: None, MINUTE), "other")


@pytest.mark.each_database
def test_killed_job_can_run_again_after_its_lease(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        schedule.run(app, Job("job", work, MINUTE), "one")
    idle = Job("job", lambda: None, MINUTE)
    assert not schedule.run(app, idle, "other")
    real_now = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real_now() + idle.lease)
    assert schedule.run(app, idle, "other")


def test_old_details_are_deleted_each_night() -> None:
    found = {job.work: (job.every, job.in_demo) for job in schedule.JOBS}
    nightly = (quizzes.reduce_old, quizzes.delete_practice, scenarios.reduce_old, studio.delete_unused)
    assert [found[work] for work in nightly] == [(timedelta(days=1), None)] * 4


@pytest.mark.each_database
def test_job_runs_once_with_several_schedulers(app: Flask) -> None:
    at_work, most, lock, start = 0, 0, threading.Lock(), threading.Barrier(5)

    def work() -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        threading.Event().wait(0.05)
        with lock:
            at_work -= 1

    def run(holder: str) -> None:
        start.wait()
        schedule.run(app, Job("job", work, MINUTE), holder)

    threads = [threading.Thread(target=run, args=(f"holder {n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_job_names_are_unique_and_demo_sends_mail_often() -> None:
    names = [planned.name for planned in schedule.planned(Mode.LIVE)]
    assert len(names) == len(set(names))
    assert min(planned.every for planned in schedule.planned(Mode.DEMO)) == timedelta(seconds=5)


@pytest.mark.usefixtures("context")
def test_scheduler_survives_unavailable_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> bool:
        raise ConnectionError

    monkeypatch.setattr(job_runs, "take_lease", away)
    assert not schedule.run(app, Job("job", lambda: None, MINUTE), "one")
    with transaction():
        pass


ENDLESS = """
import os, signal, threading
from datetime import timedelta
from flask import Flask
from app import schedule
from app.schedule import Job
from app.studio import jobs as studio
from config import Keys, Settings
keys = Keys((("1", b"c" * 32),), (("1", b"i" * 32),), (("1", b"x" * 32),), (("1", b"a" * 32),))
app = Flask("test")
app.extensions["settings"] = Settings(keys)
began = threading.Event()
schedule.run = lambda app, job, holder: (began.set(), print(job.name, flush=True))
schedule.JOBS = (Job("job", lambda: None, timedelta(hours=1)),)
threading.Thread(target=lambda: (began.wait(10), os.kill(os.getpid(), signal.SIGTERM))).start()
schedule.run_forever(app)
print("ended")
"""


def test_first_run_is_immediate_and_sigterm_ends_cleanly() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDLESS], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert (ended.stdout.split(), ended.stderr, ended.returncode) == (["job", "ended"], "", 0)


class Waiting:
    """A job of the scheduler, as far as the clock's watch needs one."""

    def __init__(self, scheduler: "Scheduler") -> None:
        self.scheduler = scheduler

    def modify(self, *, next_run_time: datetime) -> None:
        self.scheduler.moved.append(next_run_time)


class Scheduler:
    def __init__(self) -> None:
        self.moved: list[datetime] = []

    def get_jobs(self) -> list[Waiting]:
        return [Waiting(self)]


def test_every_job_runs_after_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([NOW, NOW + MINUTE, NOW - MINUTE, NOW, NOW - MINUTE / 10])
    stopped: list[int] = []
    scheduler = Scheduler()

    def tick() -> datetime:
        moment = next(times)
        if moment == NOW - MINUTE / 10:
            stopped.append(15)
        return moment

    monkeypatch.setattr(clock, "machine_now", tick)
    monkeypatch.setattr(schedule, "TICK", 0)
    schedule._wait(scheduler, stopped)
    assert scheduler.moved == [NOW - MINUTE]
