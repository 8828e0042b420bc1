"""Work beside this process, on the other core."""

import multiprocessing
import platform
from collections.abc import Callable
from typing import Any

from app.db.session import db

Work = Callable[[], None]


class Beside:
    """One piece of work at a time, in a process that begins with all that this one has in memory, uncopied.

    Where processes cannot begin so (Windows), or may stand still for ever (macOS, whose libraries have threads of
    their own), the work is done at once. It has to end its own transactions.
    """

    def __init__(self, prepare: Work) -> None:
        """`prepare` is done before each piece, in its process alone."""
        self._ways: Any = multiprocessing.get_context("fork") if platform.system() == "Linux" else None
        self._prepare = prepare
        self._running: Any = None

    def do(self, work: Work) -> None:
        """Begin a piece of work when the last one has ended; raise RuntimeError if that one failed."""
        self.wait()
        if self._ways is None:
            work()
            return
        db.session.close()
        db.engine.dispose()  # an open connection belongs to one process
        self._running = self._ways.Process(target=self._apart, args=(work,), daemon=True)
        self._running.start()

    def wait(self) -> None:
        """Wait until the work has ended; raise RuntimeError if it failed, which it has told on standard error."""
        if self._running is not None:
            self._running.join()
            code, self._running = self._running.exitcode, None
            if code:
                raise RuntimeError(f"work beside this process ended with {code}")

    def _apart(self, work: Work) -> None:
        self._prepare()
        work()
