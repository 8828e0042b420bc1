"""Blind indexes: keyed hashes by which an encrypted name, address or number is found without decryption.

They are stored: after a change of the hash, of a kind or of the normal form, no row is found until `flask keys reindex`
(`directory.service.reindexing`) wrote `identity`, `invitation` and `name_token` again. Codes exist as hashes only.
Most other kinds are keys of locks and limits. Tests: `tests/operations/test_keys.py`, `tests/sign_in/test_service.py`.
"""

import hashlib
import hmac
import re

from app.db.keyring import KeyRing
from app.kernel.folding import fold

_ring = KeyRing()
_WORD = re.compile(r"\w+")


def use(ring: KeyRing) -> None:
    """Set the index keys: the newest for new indexes, older ones to find codes, which cannot be indexed again."""
    global _ring  # noqa: PLW0603 - one set of keys a process
    _ring = ring


def index(kind: str, text: str) -> str:
    """Return the index of a text of a kind, such as "mail", by the newest key: 64 hexadecimal digits."""
    return _hash(_normalised(kind, text))


def contact_indexes(mail: str, service_number: str | None) -> dict[str, str | None]:
    """Return the values of the columns `mail_index` and `service_index` of an identity or an invitation."""
    return {
        "mail_index": index("mail", mail),
        "service_index": index("service", service_number) if service_number else None,
    }


def indexes(kind: str, text: str) -> list[str]:
    """Return the index of a text under each key, to find texts that cannot be indexed again, such as codes."""
    return [_hash(_normalised(kind, text), secret) for secret in _ring.all.values()]


def tokens(country: str, *names: str) -> frozenset[str]:
    """Return the tokens of a name: each folded word and its first three letters, keyed per country."""
    return frozenset(token for name in names for pair in word_tokens(country, name) for token in pair)


def word_tokens(country: str, name: str) -> list[tuple[str, str]]:
    """Return two tokens for each folded word of a name: of the whole word, and of its first three letters."""
    secret = _ring.newest[1]
    start = f"name\0{country}\0"
    folded_words = dict.fromkeys(_WORD.findall(fold(name)))
    return [(_hash(start + word, secret), _hash(start + word[:3], secret)) for word in folded_words]


def _normalised(kind: str, text: str) -> str:
    return f"{kind}\0{text.strip().casefold()}"


def _hash(text: str, secret: bytes | None = None) -> str:
    return hmac.new(secret or _ring.newest[1], text.encode(), hashlib.sha256).hexdigest()
