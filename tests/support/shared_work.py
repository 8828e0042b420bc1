"""Work that the tests of a worker share: one child process renders all texts, and each asset is compressed once."""

import threading
from collections.abc import Callable
from functools import cache

from app.markup import render
from app.markup.sandbox.child_process import ChildProcess
from app.markup.shapes import Work
from app.web import assets

Exchange = Callable[[Work], tuple[list[bytes], bool]]
exchange_with_own_child: Exchange = render._exchange  # starts Python for each call, as on a site


class SharedChild:
    """A child process that answers all calls of `render`, in all threads."""

    def __init__(self) -> None:
        self._child = ChildProcess()
        self._lock = threading.Lock()

    def exchange(self, work: Work) -> tuple[list[bytes], bool]:
        """Return the lines of the answers, and whether the child had to be stopped."""
        with self._lock:
            return self._child.ask(work)

    def stop(self) -> None:
        """End the child process."""
        self._child.stop()


def render_with(exchange: Exchange) -> None:
    """Let `render` send its work by this function."""
    render._exchange = exchange  # type: ignore[assignment]  # takes its argument by position


def compress_once() -> None:
    """Let all applications share the compressed assets."""
    assets._asset = cache(assets._asset)
