"""How much is tried for each change, and how much more by `make soak`: examples of properties, views of journeys."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("SOAK") == "full"
MANY = 1_000


def examples(usual: int) -> int:
    """Return the number of examples of a property that tries `usual` ones for each change."""
    return max(usual, MANY) if FULL else usual


def views(first: T, *others: T) -> Sequence[T]:
    """Return in which languages and widths a journey is walked: the first for each change, all by `make soak`.

    Each state of a page is seen in English and in Arabic by tests/journeys/test_states.py.
    """
    return [first, *others] if FULL else [first]
