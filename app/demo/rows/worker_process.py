"""Write rows in a second process while `flask populate` prepares the next portion."""

import multiprocessing
import platform
from collections.abc import Callable
from typing import Any

from app.db.session import db

Work = Callable[[], None]


class WorkerProcess:
    """Runs one piece of work at a time in a forked process, which shares the memory of this one.

    On Windows, without fork, and on macOS, where a fork may block because of threads, the work is run at once.
    The work must end its own transactions.
    """

    def __init__(self, prepare: Work) -> None:
        """`prepare` is called before each piece of work, in the forked process only."""
        self._context: Any = multiprocessing.get_context("fork") if platform.system() == "Linux" else None
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
