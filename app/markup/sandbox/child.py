"""The process that `child_process` starts: it reads one `Work` per line until stdin ends.

It writes an `Answer` per text, stops at a failure, and writes an empty line after the answers of each Work.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

import msgspec

from app.markup.errors import MarkupRefusedError, RefusalReason
from app.markup.lesson import compose
from app.markup.sandbox.limits import ADDRESS_SPACE, OUTPUT_SIGNS, SECONDS
from app.markup.shapes import Answer, Work
from app.markup.texts import writer

try:
    import resource
except ImportError:  # Windows: the parent's limit on time is all there is
    resource = None  # type: ignore[assignment]

_AGAIN = 0.05  # libraries may swallow the first signal in an `except`, so it comes again


class _OutOfTime(BaseException):
    """Not an Exception, so that no library catches it."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _OutOfTime


def _set_timer(seconds: float) -> None:
    """Limit the processor time, not the elapsed time: a machine that pauses causes no refusal."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN if seconds else 0)


def _within_limits(step: Callable[[], Answer]) -> Answer:
    try:
        try:
            _set_timer(SECONDS)
            return step()
        finally:
            _set_timer(0)
    except _OutOfTime:
        return Answer(failure="time")
    except RecursionError:
        return Answer(failure=RefusalReason.DEPTH)
    except MemoryError:
        return Answer(failure=RefusalReason.HEAVY)
    except MarkupRefusedError as error:
        return Answer(failure=error.reason)


def _steps(work: Work) -> Iterator[Callable[[], Answer]]:
    for job in work.lessons:
        yield lambda job=job: Answer(lesson=compose(job))  # type: ignore[misc]
    if work.texts:
        write = writer(inline=work.inline, labels=work.labels, media=work.media, documents=work.documents)
        for text in work.texts:
            yield partial(_text, write, text)


def _text(write: Callable[[str], str], text: str) -> Answer:
    return Answer(html=write(text))


def _answer(text: bytes) -> None:
    for step in _steps(msgspec.json.decode(text, type=Work)):
        line = msgspec.json.encode(answer := _within_limits(step))
        if len(line) > OUTPUT_SIGNS:
            line = msgspec.json.encode(answer := Answer(failure=RefusalReason.HEAVY))
        sys.stdout.buffer.write(line + b"\n")
        if answer.failure:
            break


def main() -> None:
    """Answer one Work after the other."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, _stop)
    for line in sys.stdin.buffer:
        _answer(line)
        sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
