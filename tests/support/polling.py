"""Waiting for a condition by a bounded number of looks, so that no test bounds the seconds of a busy machine."""

import time
from collections.abc import Callable

LOOKS = 1200
PAUSE = 0.05  # seconds


def look_until(condition: Callable[[], object], looks: int = LOOKS) -> int:
    """Look until the condition holds and return the number of looks. Raises AssertionError after `looks` looks."""
    for number in range(1, looks + 1):
        if condition():
            return number
        time.sleep(PAUSE)
    raise AssertionError(f"it did not hold in {looks} looks")
