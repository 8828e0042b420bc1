"""Prepare msgspec types of stored and sent JSON at import, because their first use is not safe in threads."""

from typing import Any

import msgspec


def ready(*shapes: Any) -> None:
    """Let msgspec analyse these types, and the types inside them, now.

    Otherwise it does so at the first use of a type, which is not thread-safe: two threads that decode a type for the
    first time at once crash the process (msgspec 0.22). Modules are imported by one thread.
    """
    for shape in shapes:
        msgspec.json.Decoder(shape)
