"""Find the frozen JSON inside the file of a report."""

import msgspec

from app.reports.domain import document


def frozen_json(content: bytes) -> bytes | None:
    """Return the frozen JSON of a file (JSON), or None if it has none."""
    try:
        document.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return content
