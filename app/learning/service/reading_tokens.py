"""Sign and read the token of a lesson page: lesson, version, opening time and person, for the time spent.

Pages keep their token, also offline: after a change of its format, steps from open pages are refused.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, Signer

LONGEST = 300  # characters
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """A lesson of a course version, and when its page was opened."""

    version_id: UUID
    lesson: str
    opened_at: datetime


def sign(keys: Sequence[str], person_id: UUID, opening: Opening) -> str:
    """Return the token of an opening, signed with the newest key, which is the last one."""
    version = base64.urlsafe_b64encode(opening.version_id.bytes).decode().rstrip("=")
    milliseconds = (opening.opened_at - _EPOCH) // _MILLISECOND
    return _signer(keys, person_id).sign(f"{version}.{opening.lesson}.{milliseconds}").decode()


def read(keys: Sequence[str], person_id: UUID, token: str) -> Opening | None:
    """Return the opening of a token, or None if the signature is invalid or of another person."""
    try:
        text = _signer(keys, person_id).unsign(token[:LONGEST].encode("ascii", "replace")).decode()
    except BadSignature:
        return None
    version, lesson, milliseconds = text.split(".")
    opened_at = _EPOCH + int(milliseconds) * _MILLISECOND
    return Opening(UUID(bytes=base64.urlsafe_b64decode(version + "==")), lesson, opened_at)


def _signer(keys: Sequence[str], person_id: UUID) -> Signer:
    return Signer(list(keys), salt=f"lesson-reading:{person_id}")
