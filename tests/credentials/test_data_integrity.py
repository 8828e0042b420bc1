"""Signatures against the published vectors of the suite `eddsa-rdfc-2022`, and multibase read strictly."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.credentials.domain import data_integrity, multibase
from app.credentials.domain.signing_keys import public_half

VECTORS = Path(__file__).parent / "vectors"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
CONTEXTS = {
    **data_integrity.bundled_contexts(),
    EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
}


def _vector() -> Any:
    return json.loads((VECTORS / "signedDataInt.json").read_text())


def _keys() -> Any:
    return json.loads((VECTORS / "keyPair.json").read_text())


def _public_key() -> bytes:
    return multibase.public_key_bytes(_keys()["publicKeyMultibase"])


def test_hash_of_published_vector_is_the_published_one() -> None:
    document = _vector()
    options = {key: value for key, value in document.pop("proof").items() if key != "proofValue"}
    hashed = data_integrity.hash_data(document, options, CONTEXTS)
    assert hashed.hex() == (VECTORS / "combinedHashDataInt.txt").read_text()


def test_published_signature_verifies_and_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    document = _vector()
    assert data_integrity.verify(document, _public_key(), CONTEXTS)
    seed = multibase.decode(_keys()["privateKeyMultibase"])[2:]  # after the multicodec prefix
    assert public_half(seed) == _public_key()
    monkeypatch.setattr(data_integrity, "bundled_contexts", lambda: CONTEXTS)
    proof = document.pop("proof")
    signed = data_integrity.signed(document, seed=seed, method=proof["verificationMethod"], created=proof["created"])
    assert signed["proof"] == proof


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("", "name", "Alumni credential"),
        ("credentialSubject", "alumniOf", "The School of Example"),
        ("proof", "created", "2023-02-24T23:36:39Z"),
        ("proof", "proofPurpose", "authentication"),
        ("proof", "cryptosuite", "eddsa-jcs-2022"),
        ("", "@context", ["https://www.w3.org/ns/credentials/v2"]),
    ],
)
def test_changed_document_does_not_verify(part: str, name: str, value: object) -> None:
    document = deepcopy(_vector())
    (document[part] if part else document)[name] = value
    assert not data_integrity.verify(document, _public_key(), CONTEXTS)


def test_term_without_definition_is_refused() -> None:
    document = {"@context": [data_integrity.CREDENTIALS_V2], "type": ["VerifiableCredential"], "colour": "blue"}
    with pytest.raises(data_integrity.CanonicalisationError):
        data_integrity.canonical(document, data_integrity.bundled_contexts())


def test_context_that_is_not_bundled_is_refused() -> None:
    with pytest.raises(data_integrity.CanonicalisationError):
        data_integrity.canonical({"@context": [EXAMPLES]}, data_integrity.bundled_contexts())


@given(st.binary(max_size=80))
def test_multibase_decodes_what_it_encodes(data: bytes) -> None:
    assert multibase.decode(multibase.encode(data)) == data


@given(st.text(alphabet="z0OIl123abcXYZ", max_size=12))
def test_multibase_text_is_canonical_or_refused(text: str) -> None:
    try:
        assert multibase.encode(multibase.decode(text)) == text
    except multibase.MultibaseError:
        assert not text.startswith("z") or set("0OIl") & set(text[1:])
