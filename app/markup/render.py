"""Render lessons and short texts to safe HTML; each call runs Markdown in one child process. Used by catalogue."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from app.markup.errors import MarkupRefusedError, MarkupTimeoutError, RefusalReason
from app.markup.limits import SECONDS, refuse
from app.markup.shapes import Answer, Labels, LessonJob, Picture, RenderedLesson, Work

_ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 10.0  # to start Python on a busy machine; the texts themselves have SECONDS each
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")


def render_lessons(jobs: Sequence[LessonJob]) -> list[RenderedLesson]:
    """Render lessons, in their order.

    Raises MarkupRefusedError where a text is over a limit and MarkupTimeoutError where one takes over 2 seconds
    of the processor; both name its index.
    """
    for index, job in enumerate(jobs):
        refuse(index, job.text)
    answers = _ask(Work(lessons=tuple(jobs)), len(jobs))
    return [answer.lesson for answer in answers if answer.lesson is not None]


def render_texts(
    texts: Sequence[str],
    *,
    inline: bool,
    labels: Labels | None = None,
    media: Mapping[str, Picture] | None = None,
    documents: Mapping[str, str] | None = None,
) -> list[str]:
    """Render stems, options or feedback, in their order; `inline` returns HTML for inside `<p>` or `<label>`.

    Without labels, blocks (`/// note`) are text, and tables and outside links have no added labels. `documents` as in
    `LessonJob`.
    Raises as render_lessons does.
    """
    for index, text in enumerate(texts):
        refuse(index, text)
    work = Work(
        texts=tuple(texts), inline=inline, labels=labels, media=dict(media or {}), documents=dict(documents or {})
    )
    return [answer.html for answer in _ask(work, len(texts))]


def _ask(work: Work, count: int) -> list[Answer]:
    if count == 0:
        return []
    late, output = _run(msgspec.json.encode(work), START_SECONDS + SECONDS * count)
    return read_answers(output.split(b"\n")[:-1], count, late=late)


def read_answers(lines: Sequence[bytes], count: int, *, late: bool) -> list[Answer]:
    """Return the answers to `count` texts; raise as render_lessons does for a text that failed or has no answer."""
    answers = [msgspec.json.decode(line, type=Answer) for line in lines]
    for index, answer in enumerate(answers):
        _raise_failure(index, answer)
    if len(answers) < count:  # the text under way killed the child: no time left, or no memory
        raise MarkupTimeoutError(len(answers)) if late else MarkupRefusedError(len(answers), RefusalReason.HEAVY)
    return answers


def _raise_failure(index: int, answer: Answer) -> None:
    if answer.failure == "time":
        raise MarkupTimeoutError(index)
    if answer.failure:
        raise MarkupRefusedError(index, RefusalReason(answer.failure))


def _run(request: bytes, seconds: float) -> tuple[bool, bytes]:
    """Return whether the child process had to be stopped, and its output."""
    with start_child() as child:
        try:
            return False, child.communicate(request, timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            child.kill()
            return True, child.communicate()[0]


def start_child(*arguments: str) -> subprocess.Popen[bytes]:
    """Start the child process with pipes; it gets no secret of the server."""
    command = [sys.executable, "-E", "-X", "utf8", "-m", "app.markup.child", *arguments]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - a fixed command; what people wrote goes in by the pipe alone
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT, env=environment
    )
