"""Processor time: what a test may bound, since a machine that stands still does not change it (`make bench` times)."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

HEAVY = 2.0  # seconds of the processor for one malformed request (security R14)


def spent() -> float:
    """Return the seconds of the processor that this process took so far, with its ended children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let what stands inside take these seconds of the processor, and no more."""
    began = spent()
    yield
    took = spent() - began
    assert took < seconds, took
