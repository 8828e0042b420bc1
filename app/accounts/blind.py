"""Blind indexes: keyed hashes by which an encrypted identity is found without being readable."""

import hashlib
import hmac
import re

from app.i18n.folding import fold

_key = b""
_WORD = re.compile(r"\w+")


def use(key: bytes) -> None:
    """Take the site's index key; it cannot be changed without indexing anew."""
    global _key  # noqa: PLW0603 - one key a process
    _key = key


def index(kind: str, text: str) -> str:
    """Return the index of a mail address, service number or network address: 64 hexadecimal digits."""
    return _hash(f"{kind}\0{text.strip().casefold()}")


def tokens(country: str, *names: str) -> frozenset[str]:
    """Return the tokens of a name: each folded word and its first three letters, keyed per country."""
    words = {word for name in names for word in _WORD.findall(fold(name))}
    return frozenset(_hash(f"name\0{country}\0{part}") for word in words for part in {word, word[:3]})


def _hash(text: str) -> str:
    return hmac.new(_key, text.encode(), hashlib.sha256).hexdigest()
