"""Work in a second process, which shares the memory of this one: `flask demo` and `flask populate` use two cores."""

import multiprocessing
import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from app.db.session import db

PROCESSES = 2
Work = Callable[[], None]
T = TypeVar("T")


def in_processes(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Return the results of jobs, in their order; both are sent between processes.

    The jobs do not use the database.
    """
    context = _fork_context()
    if context is None:
        return [job() for job in jobs]
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        futures = [pool.submit(job) for job in jobs]
        return [future.result() for future in futures]


@contextmanager
def started(job: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Run a job in a process of its own inside the block, and yield the function that returns its result.

    The job may read the database, and does not write.
    """
    context = _fork_context()
    if context is None:
        yield job
        return
    db.session.close()
    db.engine.dispose()  # an open connection belongs to one process
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        yield pool.submit(job).result


def _fork_context() -> BaseContext | None:
    """Return None on Windows, without fork, on macOS, and beside other threads, because of which a fork may block."""
    can_fork = platform.system() == "Linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork") if can_fork else None


class WorkerProcess:
    """Runs one piece of work at a time in a forked process; where no process can be forked, the work is run at once.

    The work must end its own transactions.
    """

    def __init__(self, prepare: Work) -> None:
        """`prepare` is called before each piece of work, in the forked process only."""
        self._context: Any = _fork_context()
        self._prepare = prepare
        self._running: Any = None

    def do(self, work: Work) -> None:
        """Start a piece of work after the last one has ended. Raises RuntimeError if that one failed."""
        self.wait()
        if self._context is None:
            work()
            return
        db.session.close()
        db.engine.dispose()  # an open connection belongs to one process
        self._running = self._context.Process(target=self._run, args=(work,), daemon=True)
        self._running.start()

    def wait(self) -> None:
        """Wait until the work has ended. Raises RuntimeError if it failed; the reason is on standard error."""
        if self._running is not None:
            self._running.join()
            code, self._running = self._running.exitcode, None
            if code:
                raise RuntimeError(f"work in the second process ended with {code}")

    def _run(self, work: Work) -> None:
        self._prepare()
        work()
        # SQLite empties its log when the last connection is closed; else the next process reads all of it again
        db.session.close()
        db.engine.dispose()
