"""A security key of software, which does what a real one would refuse to: it says what a test wants it to say."""

import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """One credential of one site (WebAuthn level 2, sections 6.1 and 6.5.1; no attestation)."""

    def __init__(self, host: str, origin: str) -> None:
        self.id = secrets.token_bytes(16)
        self.count = 0
        self._host, self._origin = host, origin
        self._key = ec.generate_private_key(ec.SECP256R1())

    def made(self, options: str) -> str:
        """Return the answer to options for a new credential, as a browser sends it."""
        public = self._key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")})
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        data = self._data(PRESENT | VERIFIED | ATTESTED) + credential
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told(options, "webauthn.create", attestationObject=told)

    def signed(self, options: str, *, verified: bool = True) -> str:
        """Return the answer to options for a proof; `verified` says whether the key knew its user."""
        self.count += 1
        data = self._data(PRESENT | (VERIFIED if verified else 0))
        client = self._client(options, "webauthn.get")
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told(options, "webauthn.get", authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self._host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, options: str, kind: str) -> bytes:
        challenge: Any = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self._origin}).encode()

    def _told(self, options: str, kind: str, **parts: bytes) -> str:
        response = {name: bytes_to_base64url(part) for name, part in parts.items()}
        response["clientDataJSON"] = bytes_to_base64url(self._client(options, kind))
        named = bytes_to_base64url(self.id)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
