import os
import platform
from multiprocessing import SimpleQueue

import pytest
from flask import Flask

from app.demo.rows.worker_process import WorkerProcess


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
