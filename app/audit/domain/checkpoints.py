"""Checkpoints: signed hashes of the end of the audit log, in files whose copies elsewhere reveal later changes."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.kernel.shapes import ready

_NUMBER = re.compile(r"-(\d{1,18})\.json\Z")
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # as far as tables count


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Number and hash of the last entry, number of entries, time, id of the signing key, and signature."""

    last_id: int
    hash: bytes
    count: int
    at: datetime
    key_id: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class CheckpointFolder:
    """The checkpoints of a folder, and the files that are no checkpoints or are damaged."""

    checkpoints: list[Checkpoint]
    spoiled: list[Path]

    @property
    def spoiled_at(self) -> list[int]:
        """Return the entries of the spoiled files, read from their names; 0 if a name has no number."""
        matches = (_NUMBER.search(path.name) for path in self.spoiled)
        return [int(number[1]) if number else 0 for number in matches]


class _Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: str
    count: _Count
    hash: str
    key: str
    last_id: _Count


class _Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signature: str
    statement: _Statement


ready(_Signed)


def sign(secret: bytes, key_id: str, *, last_id: int, hash_: bytes, count: int, at: datetime) -> Checkpoint:
    """Return a checkpoint signed with an Ed25519 seed."""
    bare = Checkpoint(last_id, hash_, count, at, key_id, b"")
    signature = Ed25519PrivateKey.from_private_bytes(secret).sign(_canonical(_statement(bare)))
    return Checkpoint(last_id, hash_, count, at, key_id, signature)


def public_key(secret: bytes) -> bytes:
    """Return the public half of an Ed25519 seed."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def public_keys(secrets: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return the public halves of seeds, by the ids of the keys."""
    return {key_id: public_key(secret) for key_id, secret in secrets}


def is_genuine(checkpoint: Checkpoint, keys: Mapping[str, bytes]) -> bool:
    """Return whether one of these public keys, by id, signed the checkpoint."""
    key = keys.get(checkpoint.key_id)
    if key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(checkpoint.signature, _canonical(_statement(checkpoint)))
    except InvalidSignature:
        return False
    return True


def to_file(checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint as its file: canonical JSON of the statement and its signature."""
    signature = base64.b64encode(checkpoint.signature).decode()
    return _canonical(_Signed(signature, _statement(checkpoint))) + b"\n"


def from_file(content: bytes) -> Checkpoint:
    """Read the file of a checkpoint. Raises ValueError unless it is exactly as `to_file` writes it, byte for byte."""
    try:
        signed = msgspec.json.decode(content, type=_Signed)
    except msgspec.DecodeError as error:
        raise ValueError("no checkpoint") from error
    statement = signed.statement
    checkpoint = Checkpoint(
        last_id=statement.last_id,
        hash=bytes.fromhex(statement.hash),
        count=statement.count,
        at=datetime.fromisoformat(statement.at),
        key_id=statement.key,
        signature=base64.b64decode(signed.signature, validate=True),
    )
    if to_file(checkpoint) != content:
        raise ValueError("not canonical")
    return checkpoint


def read_folder(folder: Path) -> CheckpointFolder:
    """Read the checkpoints of a folder, the newest first; list all other files as spoiled."""
    files = CheckpointFolder([], [])
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            files.checkpoints.append(from_file(path.read_bytes()))
        except (OSError, ValueError):
            files.spoiled.append(path)
    return files


def _statement(checkpoint: Checkpoint) -> _Statement:
    return _Statement(
        checkpoint.at.isoformat(), checkpoint.count, checkpoint.hash.hex(), checkpoint.key_id, checkpoint.last_id
    )


def _canonical(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")
