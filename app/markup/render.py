"""Render lessons and short texts to safe HTML; Markdown runs in a child process. Used by catalogue.

Each call starts a child, except inside `with shared_child():`, where one child answers all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from app.markup.errors import MarkupRefusedError, MarkupTimeoutError, RefusalReason
from app.markup.sandbox.child_process import ChildProcess
from app.markup.sandbox.limits import refuse
from app.markup.shapes import Answer, Labels, LessonJob, Picture, RenderedLesson, Work

_child: ContextVar[ChildProcess | None] = ContextVar("child", default=None)


@contextmanager
def shared_child() -> Iterator[ChildProcess]:
    """Use one child process for all texts inside the block; starting it takes a tenth of a second."""
    outer = _child.get()
    if outer is not None:
        yield outer
        return
    child = ChildProcess()
    token = _child.set(child)
    try:
        yield child
    finally:
        _child.reset(token)
        child.stop()


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
    lines, is_late = _exchange(work)
    return read_answers(lines, count, late=is_late)


def _exchange(work: Work) -> tuple[list[bytes], bool]:
    with shared_child() as child:
        return child.ask(work)


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
