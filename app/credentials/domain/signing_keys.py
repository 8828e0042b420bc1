"""Keys that sign badges: Ed25519 seeds of 32 bytes. A key is named by its public half, as Multikey text."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.credentials.domain import multibase


def public_half(seed: bytes) -> bytes:
    """Return the public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def method_name(public_key: bytes) -> str:
    """Return the end of a key's address: the key itself, so that a proof names exactly one key."""
    return multibase.public_key_text(public_key)
