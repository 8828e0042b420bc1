"""Compare the file of a report with what was frozen."""

import hashlib
from enum import StrEnum

import msgspec

from app.reports.domain import document
from app.reports.queries import runs
from app.reports.service.embedded import frozen_json


class Verdict(StrEnum):
    """The result of a comparison."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"


def verify(content: bytes) -> Verdict:
    """Return whether a file is one of ours and its frozen numbers are unchanged.

    Changed: its kind, period, language and moment are those of a report of ours, but not its bytes.
    """
    embedded = content if content.startswith(b"{") else frozen_json(content)  # a JSON file is what was frozen
    if embedded is None:
        return Verdict.UNKNOWN
    if runs.with_hash(document.digest(embedded)) is not None:
        return Verdict.SAME if _is_own_file(content, embedded) else Verdict.CHANGED
    return Verdict.CHANGED if _is_like_own(embedded) else Verdict.UNKNOWN


def _is_like_own(embedded: bytes) -> bool:
    """Return whether a report of ours has the kind, period, language and moment of this JSON."""
    try:
        return runs.frozen_like(document.decode(embedded))
    except msgspec.MsgspecError:
        return False


def _is_own_file(content: bytes, embedded: bytes) -> bool:
    """Return whether a file other than JSON is byte for byte one that we drew."""
    return content == embedded or runs.has_file(hashlib.sha256(content).hexdigest())
