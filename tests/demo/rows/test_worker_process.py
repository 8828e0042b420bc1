import os
import platform
import threading
from functools import partial
from multiprocessing import SimpleQueue

import pytest
from flask import Flask

from app.demo.rows.worker_process import WorkerProcess, in_processes, started


def _worked_in(platform_name: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(platform, "system", lambda: platform_name)
    results: SimpleQueue[int] = SimpleQueue()
    worker = WorkerProcess(lambda: None)
    worker.do(lambda: results.put(os.getpid()))
    worker.wait()
    return results.get()


@pytest.mark.parametrize("name", ["Darwin", "Windows"])
def test_work_runs_in_this_process_when_fork_is_unsafe(
    context: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Libraries of macOS start threads, which a forked process lacks: it may block."""
    assert _worked_in(name, monkeypatch) == os.getpid()


def test_work_runs_in_this_process_beside_other_threads(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert _worked_in("Linux", monkeypatch) == os.getpid()


def test_results_of_jobs_come_back_in_their_order() -> None:
    assert in_processes([partial(str, number) for number in range(5)]) == ["0", "1", "2", "3", "4"]


def test_result_of_a_started_job_is_returned(context: Flask) -> None:
    with started(partial(str, 7)) as result:
        assert result() == "7"
