"""Render a lesson while its author types: like `render`, but one child process stays and answers many times.

A child costs a seventh of a second to start, which is too long for each pause in typing. The child has the same limits
as that of `render`; it is started again after a failure, and after `MOST` texts, so that its memory stays small.
"""

import atexit
import contextlib
import subprocess
import threading
from typing import IO, cast

import msgspec

from app.kernel.shapes import ready
from app.markup.errors import MarkupBusyError
from app.markup.limits import SECONDS, refuse
from app.markup.render import START_SECONDS, read_answers, start_child
from app.markup.shapes import Answer, LessonJob, RenderedLesson, Work

MOST = 500  # texts
PATIENCE = 2.0  # seconds that a request waits for the one before it: threads of the server are few
ready(Answer)


class PreviewRenderer:
    """A child process that renders one text after the other, for one request at a time."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self._lock = threading.Lock()

    def render(self, job: LessonJob) -> RenderedLesson:
        """Render one lesson. Raises MarkupBusyError, and the errors of `render.render_lessons`."""
        refuse(0, job.text)
        if not self._lock.acquire(timeout=PATIENCE):
            raise MarkupBusyError
        try:
            lines, late = self._ask(msgspec.json.encode(Work(lessons=(job,))))
        except BaseException:
            self.stop()  # the child may still write the answer, which is for no other request
            raise
        finally:
            self._lock.release()
        (answer,) = read_answers(lines, 1, late=late)
        return cast("RenderedLesson", answer.lesson)

    def stop(self) -> None:
        """End the child process; the next text starts another one."""
        process, self.process, self._count = self.process, None, 0
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, request: bytes) -> tuple[list[bytes], bool]:
        """Return the lines of the answer, and whether the child had to be stopped."""
        process = self._running()
        watch = threading.Timer(START_SECONDS + SECONDS, process.kill)
        watch.start()
        try:
            lines = _exchange(process, request)
        finally:
            is_late = not watch.is_alive()
            watch.cancel()
        if not lines or msgspec.json.decode(lines[-1], type=Answer).failure:
            self.stop()
        return lines, is_late

    def _running(self) -> subprocess.Popen[bytes]:
        if self._count >= MOST or (self.process is not None and self.process.poll() is not None):
            self.stop()
        if self.process is None:
            self.process = start_child("serve")
        self._count += 1
        return self.process


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


_renderer = PreviewRenderer()
atexit.register(_renderer.stop)


def render_preview(job: LessonJob) -> RenderedLesson:
    """Render one lesson by the child of this process. Raises as PreviewRenderer.render does."""
    return _renderer.render(job)
