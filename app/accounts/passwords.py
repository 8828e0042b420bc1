"""Passwords: argon2id with 19 MiB, two passes, one lane; at most two at once, so that memory stays bounded."""

import threading
from functools import cache
from pathlib import Path

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


def is_common(password: str) -> bool:
    """Say whether a password is one of the 10,000 commonest, or one of them written several times."""
    text = password.casefold()
    sizes = [size for size in range(1, len(text) + 1) if text == (text[:size] * (len(text) // size + 1))[: len(text)]]
    return any(text[:size] in _common() for size in sizes) or len(set(text)) == 1


@cache
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if not line.startswith("# "))
