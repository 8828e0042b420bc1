"""Passwords: argon2id with 19 MiB, two passes, one lane; at most two at once, so that memory stays bounded."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_two_at_once = threading.BoundedSemaphore(2)
# hashed once a process: an unknown name must cost what a known one does
_dummy = _hasher.hash("nobody has this passphrase")


def make_hash(password: str) -> str:
    """Return the hash to store."""
    with _two_at_once:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Say whether the password is right; takes as long for an unknown account (None)."""
    with _two_at_once:
        try:
            return _hasher.verify(stored or _dummy, password) and stored is not None
        except VerificationError:
            return False
