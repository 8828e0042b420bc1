"""Processor time: what a test may bound, since a machine that stands still does not change it (`make bench` times)."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

HEAVY = 2.0  # seconds of the processor for one malformed request (security R14)


def spent() -> float:
    """Return the seconds of the processor that this thread took so far."""
    return time.thread_time()


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let what stands inside, with the processes that it starts and ends, take these seconds of the processor."""
    began = spent() + _of_children()
    yield
    took = spent() + _of_children() - began
    assert took < seconds, took


def _of_children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime
