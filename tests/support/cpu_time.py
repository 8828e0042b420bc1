"""Processor time: what a test may bound, since a machine that stands still does not change it (`make bench` times)."""

import gc
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

HEAVY = 2.0  # seconds of the processor for one malformed request
P = ParamSpec("P")
R = TypeVar("R")


def spent(work: Callable[P, R], *args: P.args, **more: P.kwargs) -> tuple[R, float]:
    """Call a function and return its result and the processor time of this thread in seconds."""
    with _without_collecting():
        began = time.thread_time()
        done = work(*args, **more)
        return done, time.thread_time() - began


class Took:
    """What something took, in seconds of the processor."""

    seconds = float("nan")  # until it has ended: no test passes by what was not counted


@contextmanager
def counting() -> Iterator[Took]:
    """Count what stands inside, with the processes that it starts and ends."""
    took = Took()
    with _without_collecting():
        began = time.thread_time() + _of_children()
        try:
            yield took
        finally:
            took.seconds = time.thread_time() + _of_children() - began


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave what all tests before have left behind to later: to go through it takes seconds."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _of_children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime
