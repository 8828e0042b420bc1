"""The process that runs Markdown: `ChildProcess` starts `child` and exchanges a `Work` for its answers."""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, cast

import msgspec

from app.markup.sandbox.limits import SECONDS
from app.markup.shapes import Answer, Work

_ROOT = Path(__file__).resolve().parents[3]
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")
START_SECONDS = 10.0  # to start Python on a busy machine; the texts themselves have SECONDS each
MOST = 500  # texts


class ChildProcess:
    """A child process for one caller at a time. It starts with the first work.

    It starts again after a failure, and after `MOST` texts, so that its memory stays small.
    """

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self._owner = 0  # the process that started the child

    def ask(self, work: Work) -> tuple[list[bytes], bool]:
        """Return the lines of the answers, and whether the child had to be stopped because it was late."""
        count = len(work.lessons) + len(work.texts)
        try:
            lines, is_late = self._ask(msgspec.json.encode(work), START_SECONDS + SECONDS * count)
        except BaseException:
            self.stop()  # the child may still write the answers, which are for no other work
            raise
        self._count += count
        if len(lines) < count or msgspec.json.decode(lines[-1], type=Answer).failure:
            self.stop()
        return lines, is_late

    def stop(self) -> None:
        """End the child process; the next work starts another one."""
        process, self.process, self._count = self.process, None, 0
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, request: bytes, seconds: float) -> tuple[list[bytes], bool]:
        process = self._running()
        watch = threading.Timer(seconds, process.kill)
        watch.start()
        try:
            lines = _exchange(process, request)
        finally:
            is_late = not watch.is_alive()
            watch.cancel()
        return lines, is_late

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a forked process starts its own: answers to both would mix
            self.process, self._count, self._owner = None, 0, os.getpid()
        if self._count >= MOST or (self.process is not None and self.process.poll() is not None):
            self.stop()
        if self.process is None:
            self.process = _start()
        return self.process


def _start() -> subprocess.Popen[bytes]:
    """Start the child process with pipes; it gets no secret of the server."""
    command = [sys.executable, "-E", "-X", "utf8", "-m", "app.markup.sandbox.child"]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - a fixed command; what people wrote goes in by the pipe alone
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT, env=environment
    )


def _exchange(process: subprocess.Popen[bytes], request: bytes) -> list[bytes]:
    """Send a request; return the lines up to the empty one, fewer if the child ends."""
    requests, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    lines: list[bytes] = []
    with contextlib.suppress(BrokenPipeError):
        requests.write(request + b"\n")
        requests.flush()
        for line in answers:
            if line == b"\n":
                return lines
            lines.append(line)
    return lines
