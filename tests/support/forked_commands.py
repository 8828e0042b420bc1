"""`flask` commands as processes forked from one that has imported the application: each starts in a fifth of the time.

That process has no threads and no application. It begins with the first command and ends with the tests.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing import get_context, set_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from app.processes import run_together, web
from tests.support.live import Server, children
from tests.support.settings import REPOSITORY

_forking = get_context("forkserver")
_forking.set_forkserver_preload([__name__, "app.cli", "app.factory", "psycopg", "sqlalchemy.dialects.sqlite"])


class ForkedProcess:
    """A call in a process and a group of its own, with the methods of `subprocess.Popen`."""

    def __init__(self, call: Callable[[], None], environment: Mapping[str, str], log: Path) -> None:
        self._process = _forking.Process(target=_run, args=(call, dict(environment), log))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code; raise `subprocess.TimeoutExpired` when there is none in time."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("flask", timeout or 0)
        return code

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


class ForkedServer(Server):
    """A web server that is forked: figures of its memory mean nothing."""

    def _begin(self, *words: str) -> ForkedProcess:
        return begin(self.settings, self.log, *words)


class SupervisedServer(ForkedServer):
    """A web server that `run_together` replaces when it ends."""

    def _begin(self, *words: str) -> ForkedProcess:
        return ForkedProcess(partial(_supervise, self.port, self.count), self.settings, self.log)

    def servers(self) -> list[int]:
        """Return the process ids of the web server: one, or none while it is started again."""
        return children(self._pid())


def begin(
    environment: Mapping[str, str], log: Path, *words: str, prepare: Callable[[], None] | None = None
) -> ForkedProcess:
    """Start a command, in its process after `prepare`."""
    return ForkedProcess(partial(_flask, words, prepare), environment, log)


def run(environment: Mapping[str, str], *words: str, prepare: Callable[[], None] | None = None) -> tuple[int, str]:
    """Run a command, in its process after `prepare`; return its exit code and output."""
    return _output(partial(_flask, words, prepare), environment)


def call(
    environment: Mapping[str, str], function: Callable[[], None], prepare: Callable[[], None] | None = None
) -> tuple[int, str]:
    """Call a function of the application, in its process after `prepare`; return its exit code and output."""
    return _output(partial(_in_app, function, prepare), environment)


def request(environment: Mapping[str, str], *paths: str) -> tuple[int, str]:
    """Ask for pages in a process whose last line are their statuses; return its exit code and output."""
    return _output(partial(_request, paths), environment)


def _output(call: Callable[[], None], environment: Mapping[str, str]) -> tuple[int, str]:
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        return ForkedProcess(call, environment, log).wait(), log.read_text()


def _run(call: Callable[[], None], environment: Mapping[str, str], log: Path) -> None:
    os.setsid()
    set_start_method("fork", force=True)  # as in a fresh process: the web server forks its workers
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(REPOSITORY)
    call()


def _in_app(function: Callable[[], None], prepare: Callable[[], None] | None) -> None:
    if prepare is not None:
        prepare()
    from wsgi import app

    with app.app_context():
        function()


def _supervise(port: int, workers: int) -> None:
    sys.exit(run_together([web("127.0.0.1", port, "--workers", str(workers))]))


def _request(paths: tuple[str, ...]) -> None:
    from wsgi import app

    client = app.test_client()
    click.echo([client.get(path).status_code for path in paths])


def _flask(words: tuple[str, ...], prepare: Callable[[], None] | None = None) -> None:
    from flask.cli import main

    if prepare is not None:
        prepare()
    sys.argv = ["flask", "--app", "wsgi", *words]
    main()
