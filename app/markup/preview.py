"""Render a lesson while its author types: like `render`, but one child process stays and answers many times.

A child costs a seventh of a second to start, which is too long for each pause in typing. The child has the same limits
as that of `render`; it is started again after a failure, and after `MOST` texts, so that its memory stays small.
"""

import atexit
import contextlib
import subprocess
import threading
from dataclasses import dataclass, field
from typing import IO, cast

import msgspec

from app.kernel.shapes import ready
from app.markup.limits import SECONDS, refuse
from app.markup.render import START_SECONDS, read_answers, start_child
from app.markup.shapes import Answer, LessonJob, RenderedLesson, Work

MOST = 500  # texts
ready(Answer)


@dataclass(slots=True)
class _Child:
    """The process, and how many texts it has rendered. The lock serves one request at a time."""

    process: subprocess.Popen[bytes] | None = None
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_child = _Child()


def render_preview(job: LessonJob) -> RenderedLesson:
    """Render one lesson. Raises MarkupRefusedError and MarkupTimeoutError as `render.render_lessons` does."""
    refuse(0, job.text)
    lines, late = _ask(msgspec.json.encode(Work(lessons=(job,))))
    (answer,) = read_answers(lines, 1, late=late)
    return cast("RenderedLesson", answer.lesson)


def _ask(request: bytes) -> tuple[list[bytes], bool]:
    """Return the lines of the answer, and whether the child had to be stopped."""
    with _child.lock:
        process = _running()
        watch = threading.Timer(START_SECONDS + SECONDS, process.kill)
        watch.start()
        try:
            lines = _exchange(process, request)
        finally:
            is_late = not watch.is_alive()
            watch.cancel()
        if not lines or msgspec.json.decode(lines[-1], type=Answer).failure:
            _stop()
        return lines, is_late


def _exchange(process: subprocess.Popen[bytes], request: bytes) -> list[bytes]:
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


def _running() -> subprocess.Popen[bytes]:
    if _child.count >= MOST or (_child.process is not None and _child.process.poll() is not None):
        _stop()
    if _child.process is None:
        _child.process, _child.count = start_child("serve"), 0
    _child.count += 1
    return _child.process


def _stop() -> None:
    process, _child.process, _child.count = _child.process, None, 0
    if process is not None:
        process.kill()
        process.communicate()


atexit.register(_stop)
