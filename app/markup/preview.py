"""Render a lesson while its author types: like `render`, but one child process stays and answers many times.

A child costs a seventh of a second to start, which is too long for each pause in typing.
"""

import atexit
import threading
from typing import cast

from app.kernel.shapes import ready
from app.markup.errors import MarkupBusyError
from app.markup.render import read_answers
from app.markup.sandbox.child_process import ChildProcess
from app.markup.sandbox.limits import refuse
from app.markup.shapes import Answer, LessonJob, RenderedLesson, Work

PATIENCE = 2.0  # seconds that a request waits for the one before it: threads of the server are few
ready(Answer)


class PreviewRenderer:
    """A child process that renders one lesson after the other, for one request at a time."""

    def __init__(self) -> None:
        self.child = ChildProcess()
        self._lock = threading.Lock()

    def render(self, job: LessonJob) -> RenderedLesson:
        """Render one lesson. Raises MarkupBusyError, and the errors of `render.render_lessons`."""
        refuse(0, job.text)
        if not self._lock.acquire(timeout=PATIENCE):
            raise MarkupBusyError
        try:
            lines, is_late = self.child.ask(Work(lessons=(job,)))
        finally:
            self._lock.release()
        (answer,) = read_answers(lines, 1, late=is_late)
        return cast("RenderedLesson", answer.lesson)


_renderer = PreviewRenderer()
atexit.register(_renderer.child.stop)


def render_preview(job: LessonJob) -> RenderedLesson:
    """Render one lesson by the child of this process. Raises as PreviewRenderer.render does."""
    return _renderer.render(job)
