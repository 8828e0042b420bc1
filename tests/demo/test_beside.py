import os
import platform
from multiprocessing import SimpleQueue

import pytest
from flask import Flask

from app.demo.worker_process import Beside


def _worked_in(platform_name: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(platform, "system", lambda: platform_name)
    where: SimpleQueue[int] = SimpleQueue()
    beside = Beside(lambda: None)
    beside.do(lambda: where.put(os.getpid()))
    beside.wait()
    return where.get()


@pytest.mark.parametrize("name", ["Darwin", "Windows"])
def test_where_a_copy_of_a_process_is_not_safe_the_work_is_done_here(
    context: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The libraries of macOS begin threads of their own, which a copy lacks: it may stand still for ever."""
    assert _worked_in(name, monkeypatch) == os.getpid()
