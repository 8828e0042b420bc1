"""Work that the tests of a worker share: one child process renders all texts, and each asset is compressed once."""

import threading
from collections.abc import Callable
from functools import cache

import msgspec

from app.markup import preview, render
from app.markup.preview import PreviewRenderer
from app.markup.shapes import Answer
from app.web import assets

Run = Callable[[bytes, float], tuple[bool, bytes]]
run_in_own_child: Run = render._run  # each request starts Python, as on a site


class SharedChild(PreviewRenderer):
    """A child that answers many requests of `render`, with the limits of a child of its own."""

    def run(self, request: bytes, seconds: float) -> tuple[bool, bytes]:
        """Return whether the child had to be stopped, and its output."""
        with self._lock:
            process = self._running()
            watch = threading.Timer(seconds, process.kill)
            watch.start()
            try:
                lines = preview._exchange(process, request)
            finally:
                is_late = not watch.is_alive()
                watch.cancel()
            if not lines or msgspec.json.decode(lines[-1], type=Answer).failure:
                self.stop()
        return is_late, b"".join(lines)


def render_with(run: Run) -> None:
    """Let `render` send its requests to a child of this kind."""
    render._run = run  # type: ignore[assignment]  # takes its arguments by position


def compress_once() -> None:
    """Let all applications share the compressed assets."""
    assets._asset = cache(assets._asset)
