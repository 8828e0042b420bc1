"""Types of stored and sent JSON, made ready before threads use them."""

from typing import Any

import msgspec


def ready(*shapes: Any) -> None:
    """Let msgspec take these types apart now, and with them the types inside.

    It does so at the first use of a type and is not safe there: two threads that decode a type for the first time
    together bring the whole process down (msgspec 0.22). Modules are imported by one thread.
    """
    for shape in shapes:
        msgspec.json.Decoder(shape)
