"""Bits of a status list: one for each certificate, set when it was replaced or revoked.

Source: W3C Bitstring Status List 1.0, section 3: at least 131,072 bits, the first one leftmost, compressed with GZIP,
as multibase base64url without padding.
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable

LENGTH = 131_072  # bits of a list
_BASE64URL = "u"
_BYTES = LENGTH // 8


class StatusListError(ValueError):
    """A text is not a status list of the expected length."""


def split_index(index: int) -> tuple[int, int]:
    """Return the number of the list of an index, and the position in it."""
    return divmod(index, LENGTH)


def encode(positions: Iterable[int]) -> str:
    """Return a list in which these positions are set; the same positions give the same text."""
    bits = bytearray(_BYTES)
    for position in positions:
        bits[position // 8] |= 128 >> (position % 8)
    packed = gzip.compress(bytes(bits), mtime=0)
    return _BASE64URL + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def is_set(encoded: str, position: int) -> bool:
    """Return whether a position is set. Raises StatusListError for another text or a position outside the list."""
    bits = _bits(encoded)
    if not 0 <= position < LENGTH:
        raise StatusListError
    return bool(bits[position // 8] & (128 >> (position % 8)))


def _bits(encoded: str) -> bytes:
    if not encoded.startswith(_BASE64URL):
        raise StatusListError
    try:
        packed = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, _BYTES + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise StatusListError from error
    if len(bits) != _BYTES:
        raise StatusListError
    return bits
