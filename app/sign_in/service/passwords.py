"""Check and set passwords."""

import hashlib
import re
import threading
from bisect import bisect_left
from functools import cache
from pathlib import Path
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.db.session import record
from app.identity.queries import people
from app.sign_in.domain import PASSPHRASE_MIN
from app.sign_in.events import PasswordChanged
from app.sign_in.service.sessions import end_all

HASH_PREFIX_BYTES = 5
OWN_LETTERS = 8
# what a password may hold and not live on: words of this field, of this platform and of passwords
OWN_WORDS = (
    r"academy|administrator|agency|border|colep|coordinator|course|investigator|migrants|migrant|officer|passphrase"
    r"|password|platform|police|practitioner|routes|silk|smuggling|service|trafficking|trainer|training|welcome"
)
FEW_CHARACTERS = 4  # of which a long text is a pattern, such as a row of noughts with a one at its end
_OURS, _WORD = re.compile(OWN_WORDS), re.compile(r"[^\W\d_]+|\d+")
_BESIDE = re.compile(rf"{OWN_WORDS}|[\W\d_]+")  # and figures and gaps
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
    """Say whether a password is easily guessed.

    One of the 10,000 commonest, or one of them several times; one that leaked; or hardly more than words of our own
    or of those, "123456" being one. It may consist of signs of any kind: what holds no such word is asked for no
    letters.
    """
    text = password.casefold()
    if _is_listed(text) or _has_leaked(text):
        return True
    words = {*_OURS.findall(text), *_common().intersection(_WORD.findall(text))}
    if not words or len(_BESIDE.sub("", text)) >= OWN_LETTERS:
        return False
    rest = text
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest.strip()) < PASSPHRASE_MIN or _is_listed(rest.strip())


def _is_listed(text: str) -> bool:
    """Say whether this is one of the commonest, or one of them several times, or consists of few signs.

    One sign many times is on the list for some signs and lengths alone; of the others it is the first that is tried.
    """
    sizes = [size for size in range(1, len(text) + 1) if text == (text[:size] * (len(text) // size + 1))[: len(text)]]
    return any(text[:size] in _common() for size in sizes) or len(set(text)) <= FEW_CHARACTERS


def _has_leaked(text: str) -> bool:
    marks, mark = _leaked(), hashlib.sha256(text.encode()).digest()[:HASH_PREFIX_BYTES]
    at = bisect_left(
        range(len(marks) // HASH_PREFIX_BYTES),
        mark,
        key=lambda n: marks[n * HASH_PREFIX_BYTES : (n + 1) * HASH_PREFIX_BYTES],
    )
    return marks[at * HASH_PREFIX_BYTES : (at + 1) * HASH_PREFIX_BYTES] == mark


@cache
def _leaked() -> bytes:
    return (Path(__file__).parent / "leaked_passphrases.bin").read_bytes()


@cache
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if not line.startswith("# "))


def set_password(person_id: UUID, password_hash: str) -> None:
    """Set a new password and end every session of the person; the event ends the links to another password."""
    people.get(person_id).password_hash = password_hash
    end_all(person_id)
    record(PasswordChanged(person_id=person_id))


def make_password_hash(password: str) -> str:
    """Return the hash of a password, for whoever makes accounts."""
    return make_hash(password)
