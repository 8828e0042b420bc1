"""The number of examples of properties about histories: 1,000 for `make soak`, few for each change."""

import os

FULL = os.environ.get("SOAK") == "full"
MANY = 1_000


def examples(usual: int) -> int:
    """Return the number of examples of a property that tries `usual` ones for each change."""
    return max(usual, MANY) if FULL else usual
