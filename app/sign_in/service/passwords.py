"""Hash, check and set passwords (Argon2, two at a time), and reject common and leaked passwords."""

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
# words that add no strength: of this field, of this platform and of passwords
OWN_WORDS = (
    r"academy|administrator|agency|border|colep|coordinator|course|investigator|migrants|migrant|officer|passphrase"
    r"|password|platform|police|practitioner|routes|silk|smuggling|service|trafficking|trainer|training|welcome"
)
FEW_CHARACTERS = 4  # a long text of so few characters is a pattern
_OURS, _WORD = re.compile(OWN_WORDS), re.compile(r"[^\W\d_]+|\d+")
_BESIDE = re.compile(rf"{OWN_WORDS}|[\W\d_]+")  # and digits and gaps
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_two_at_once = threading.BoundedSemaphore(2)
# hashed once in a process: an unknown name must take as long as a known one
_dummy = _hasher.hash("no account has this passphrase")


def make_hash(password: str) -> str:
    """Return the hash to store."""
    with _two_at_once:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Return whether the password is right; an unknown account (None) takes as long."""
    with _two_at_once:
        try:
            return _hasher.verify(stored or _dummy, password) and stored is not None
        except VerificationError:
            return False


def is_common(password: str) -> bool:
    """Return whether a password is easily guessed.

    True for one of the 10,000 commonest, also repeated; for a leaked one; and for little more than such words or words
    of this platform. A password may consist of any characters: without such a word it needs no letters.
    """
    text = password.casefold()
    if _is_listed(text) or _has_leaked(text):
        return True
    weak_words = {*_OURS.findall(text), *_common().intersection(_WORD.findall(text))}
    if not weak_words or len(_BESIDE.sub("", text)) >= OWN_LETTERS:
        return False
    rest = text
    for word in sorted(weak_words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest.strip()) < PASSPHRASE_MIN or _is_listed(rest.strip())


def _is_listed(text: str) -> bool:
    """Return whether a text is one of the commonest, also repeated, or consists of few characters.

    The list has a repeated character only for some characters and lengths; attackers try the others first.
    """
    sizes = [size for size in range(1, len(text) + 1) if text == (text[:size] * (len(text) // size + 1))[: len(text)]]
    return any(text[:size] in _common() for size in sizes) or len(set(text)) <= FEW_CHARACTERS


def _has_leaked(text: str) -> bool:
    prefixes, prefix = _leaked(), hashlib.sha256(text.encode()).digest()[:HASH_PREFIX_BYTES]
    size = HASH_PREFIX_BYTES
    index = bisect_left(range(len(prefixes) // size), prefix, key=lambda n: prefixes[n * size : (n + 1) * size])
    return prefixes[index * size : (index + 1) * size] == prefix


@cache
def _leaked() -> bytes:
    return (Path(__file__).parent / "leaked_passphrases.bin").read_bytes()


@cache
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if not line.startswith("# "))


def set_password(person_id: UUID, password_hash: str) -> None:
    """Save a new password and end all sessions of the person; the event ends open password links."""
    people.get(person_id).password_hash = password_hash
    end_all(person_id)
    record(PasswordChanged(person_id=person_id))


def make_password_hash(password: str) -> str:
    """Return the hash of a password for a new account."""
    return make_hash(password)
