"""Sign and verify JSON-LD by the Data Integrity suite `eddsa-rdfc-2022`, which Open Badges 3.0 requires.

Source: W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.2; Open Badges 3.0, section 8. RDF canonicalisation is
PyLD's; contexts come from files of this package alone, and a term that no context defines is refused, because the
signature would not cover it.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from app.credentials.domain import multibase

Json = Mapping[str, Any]
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SUITE = "eddsa-rdfc-2022"
PROOF_TYPE = "DataIntegrityProof"
PURPOSE = "assertionMethod"
_CONTEXTS = Path(__file__).resolve().parent / "contexts"
_FILES = {CREDENTIALS_V2: "credentials-v2.json", OPEN_BADGES: "ob-v3p0-context-3.0.3.json"}
_SIGNATURE_BYTES = 64


class CanonicalisationError(ValueError):
    """A document cannot be canonicalised: a context or a term is unknown, or it is not JSON-LD."""


@cache
def bundled_contexts() -> Mapping[str, Json]:
    """Return the contexts of this package by address."""
    return {address: json.loads((_CONTEXTS / name).read_text("utf-8")) for address, name in _FILES.items()}


def signed(document: Json, *, seed: bytes, method: str, created: str) -> dict[str, Any]:
    """Return a document with its proof; `seed` has 32 bytes, `method` is the address of the public key.

    `created` is an RFC 3339 time in UTC. Raises CanonicalisationError for a term or context that is not bundled.
    """
    options = {
        "type": PROOF_TYPE,
        "created": created,
        "verificationMethod": method,
        "cryptosuite": SUITE,
        "proofPurpose": PURPOSE,
    }
    data = hash_data(document, options, bundled_contexts())
    value = multibase.encode(Ed25519PrivateKey.from_private_bytes(seed).sign(data))
    return {**document, "proof": {**options, "proofValue": value}}


def verify(document: Json, public_key: bytes, contexts: Mapping[str, Json] | None = None) -> bool:
    """Return whether the proof of a document is valid under an Ed25519 public key of 32 bytes."""
    proof = document.get("proof")
    if not isinstance(proof, dict) or not _is_expected(proof):
        return False
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    try:
        signature = multibase.decode(str(proof.get("proofValue")))
        data = hash_data(unsigned, options, bundled_contexts() if contexts is None else contexts)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (CanonicalisationError, multibase.MultibaseError, InvalidSignature):
        return False
    return len(signature) == _SIGNATURE_BYTES


def hash_data(document: Json, options: Json, contexts: Mapping[str, Json]) -> bytes:
    """Return the 64 bytes that are signed: SHA-256 of the canonical proof options, then of the canonical document."""
    proof = {"@context": document.get("@context"), **options}
    return (
        sha256(canonical(proof, contexts).encode()).digest() + sha256(canonical(document, contexts).encode()).digest()
    )


def canonical(document: Json, contexts: Mapping[str, Json]) -> str:
    """Return the canonical N-Quads of a document. Raises CanonicalisationError for undefined terms and contexts."""

    def load(address: str, _options: object) -> dict[str, Any]:
        if address not in contexts:
            raise CanonicalisationError(address)
        return {"contextUrl": None, "documentUrl": address, "document": contexts[address]}

    def refuse(term: str) -> None:
        raise CanonicalisationError(term)

    try:
        expanded = jsonld.expand(dict(document), {"documentLoader": load}, on_property_dropped=refuse)
        return str(jsonld.normalize(expanded, {"algorithm": "URDNA2015", "format": "application/n-quads"}))
    except (jsonld.JsonLdError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise CanonicalisationError("not JSON-LD") from error


def _is_expected(proof: Json) -> bool:
    return (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose")) == (PROOF_TYPE, SUITE, PURPOSE)
