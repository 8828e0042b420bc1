"""Check a badge without the academy: the file, the public keys of the issuer, and, if at hand, the status list."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from app.credentials.domain import baking, multibase, status_lists
from app.credentials.domain.credentials import SignedBadge, is_exact, read_badge
from app.credentials.domain.data_integrity import verify

_LONGEST = 2**20  # bytes of a file


class CheckResult(StrEnum):
    GENUINE = "genuine"  # signed by this key; the status list was not given
    VALID = "valid"  # signed by this key, and not ended by the status list
    ENDED = "ended"  # replaced or revoked
    CHANGED = "changed"  # the file is not what was signed
    UNKNOWN_KEY = "unknown_key"  # it names another key than the given ones
    NO_BADGE = "no_badge"  # no credential in the file
    WRONG_LIST = "wrong_list"  # the status list is another one, or not signed by these keys


def read_file(content: bytes) -> str | None:
    """Return the credential of a JSON, PNG or SVG file as text, or None if there is none."""
    if len(content) > _LONGEST:
        return None
    try:
        if content.startswith(b"\x89PNG"):
            return baking.read_png(content)
        if content.lstrip().startswith(b"<"):
            return baking.read_svg(content)
        return content.decode()
    except (baking.NotBakedError, UnicodeDecodeError):
        return None


def json_object(text: str) -> dict[str, Any] | None:
    """Return a JSON object, or None for another text; a name that comes twice is refused."""
    try:
        value = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def public_keys(text: str) -> Mapping[str, bytes]:
    """Return public keys by the end of their address: of one Multikey text ("" for any), or of an issuer document.

    Raises MultibaseError if a key is no Ed25519 public key, or there is none.
    """
    document = json_object(text)
    if document is None:
        return {"": multibase.public_key_bytes(text.strip())}
    methods = document.get("verificationMethod")
    keys = {}
    for method in methods if isinstance(methods, list) else ():
        if not isinstance(method, dict):
            raise multibase.MultibaseError
        keys[str(method.get("id"))] = multibase.public_key_bytes(str(method.get("publicKeyMultibase")))
    if not keys:
        raise multibase.MultibaseError
    return keys


def check(content: bytes, keys: Mapping[str, bytes], status_list: bytes | None = None) -> CheckResult:
    """Return the result for the file of a badge; `keys` are those of `public_keys`."""
    text = read_file(content)
    document = json_object(text) if text else None
    if document is None or "proof" not in document:
        return CheckResult.NO_BADGE
    key = _key_of(document, keys)
    if key is None:
        return CheckResult.UNKNOWN_KEY
    badge = _verified(document, key)
    if badge is None:
        # with a single key without address, another signer cannot be told from a changed file but by the key's name
        return CheckResult.CHANGED
    return CheckResult.GENUINE if status_list is None else _listed(badge, keys, status_list)


def _key_of(document: Mapping[str, Any], keys: Mapping[str, bytes]) -> bytes | None:
    """Return the key that a proof names: by its address, or by the key itself at the end of the address."""
    proof = document["proof"]
    method = str(proof.get("verificationMethod")) if isinstance(proof, dict) else ""
    if "" not in keys:
        return keys.get(method)
    return keys[""] if method.endswith(f"#{multibase.public_key_text(keys[''])}") else None


def _verified(document: dict[str, Any], key: bytes) -> SignedBadge | None:
    """Return the badge if it has exactly the form that the academy signs, and its signature is right."""
    try:
        badge = read_badge(document)
    except msgspec.ValidationError:
        return None
    return badge if is_exact(document, badge) and verify(document, key) else None


def _listed(badge: SignedBadge, keys: Mapping[str, bytes], content: bytes) -> CheckResult:
    document = json_object(content.decode("utf-8", "replace"))
    if document is None or document.get("id") != badge.status.list or not _is_signed(document, keys):
        return CheckResult.WRONG_LIST
    subject = document.get("credentialSubject")
    encoded = str(subject.get("encodedList")) if isinstance(subject, dict) else ""
    try:
        is_ended = status_lists.is_set(encoded, int(badge.status.index))
    except ValueError:
        return CheckResult.WRONG_LIST
    return CheckResult.ENDED if is_ended else CheckResult.VALID


def _is_signed(document: dict[str, Any], keys: Mapping[str, bytes]) -> bool:
    """Return whether one of the keys signed the document."""
    key = _key_of(document, keys) if "proof" in document else None
    return key is not None and verify(document, key)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name comes twice")
    return values


def _refused(_text: str) -> Any:
    raise ValueError("no JSON number")
