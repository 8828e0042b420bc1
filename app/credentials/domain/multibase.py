"""Base58 and Multikey of Ed25519 public keys; both are read strictly: decode, encode, compare.

Source: W3C Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.4 (Multibase, base-58-btc).
"""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58 = "z"  # the multibase prefix of base-58-btc
_ED25519_PUBLIC = b"\xed\x01"  # the multicodec prefix
_KEY_BYTES = 32
_LONGEST = 200  # characters: keys have 48, signatures 89


class MultibaseError(ValueError):
    """A text is not canonical multibase of the expected kind."""


def encode(data: bytes) -> str:
    """Return bytes as multibase base-58-btc."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _BASE58 + _ALPHABET[0] * zeros + digits


def decode(text: str) -> bytes:
    """Return the bytes of a multibase text. Raises MultibaseError unless it is exactly what `encode` returns."""
    if not text.startswith(_BASE58) or len(text) > _LONGEST:
        raise MultibaseError
    digits, number = text[1:], 0
    for digit in digits:
        position = _ALPHABET.find(digit)
        if position < 0:
            raise MultibaseError
        number = number * 58 + position
    zeros = len(digits) - len(digits.lstrip(_ALPHABET[0]))
    data = b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if encode(data) != text:
        raise MultibaseError
    return data


def public_key_text(key: bytes) -> str:
    """Return an Ed25519 public key of 32 bytes as Multikey text."""
    return encode(_ED25519_PUBLIC + key)


def public_key_bytes(text: str) -> bytes:
    """Return the 32 bytes of a Multikey text. Raises MultibaseError if it is no Ed25519 public key."""
    data = decode(text)
    if not data.startswith(_ED25519_PUBLIC) or len(data) != len(_ED25519_PUBLIC) + _KEY_BYTES:
        raise MultibaseError
    return data[len(_ED25519_PUBLIC) :]
