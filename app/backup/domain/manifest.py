"""The manifest of a backup: what it contains, with hashes and versions; and the names of its files."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.kernel.shapes import ready

FORMAT = 1
MANIFEST, SIGNATURE, SETTINGS = "manifest.json", "manifest.signature", "settings.json"
MEDIA, AUDIT = "media", "audit"  # folders
DATABASE_FILES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
SUFFIX, PART = ".age", ".part"
_NAME = re.compile(r"academy-(\d{8}T\d{6}Z)\.age\Z")
_FOREIGN = re.compile(r"[\\:\0]")  # of other systems
_SINGLE_FILES = frozenset({SETTINGS, *DATABASE_FILES.values()})
_STAMP = "%Y%m%dT%H%M%SZ"
_SIGNED = b"academy backup manifest\n"  # a signature of something else never fits


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""


class RowHash(msgspec.Struct, frozen=True):
    """The number of rows of a table, and a hash of all of them that does not depend on their order."""

    rows: int
    sha256: str


class FileHash(msgspec.Struct, frozen=True):
    """Size in bytes and hash of a file."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup contains.

    `files` by path in the archive; `key_ids` by key file: those whose keys open the backup; `check_code`: only who
    decrypted the backup knows it.
    """

    format: int
    made_at: str
    program: str
    schema: str
    database: str
    server: str
    tables: Mapping[str, RowHash]
    files: Mapping[str, FileHash]
    key_ids: Mapping[str, Sequence[str]]
    check_code: str

    @property
    def rows(self) -> int:
        """Return the number of rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def database_file(self) -> str:
        """Return the path of the copy of the database in the archive."""
        return DATABASE_FILES[self.database]


ready(Manifest)


def to_json(manifest: Manifest) -> bytes:
    """Return a manifest as its file."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1) + b"\n"


def from_json(content: bytes) -> Manifest:
    """Read the file of a manifest. Raises BackupError for another one, and for a path outside of the archive."""
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, RecursionError):
        raise BackupError("The manifest of the backup cannot be read. Take another backup.") from None
    if manifest.format != FORMAT or manifest.database not in DATABASE_FILES:
        raise BackupError("The backup was made by another version of the academy. Install that version first.")
    if manifest.database_file not in manifest.files or not all(map(is_inside, manifest.files)):
        raise BackupError("The manifest of the backup names files that do not belong to it. Take another backup.")
    return manifest


def is_inside(path: str) -> bool:
    """Return whether a path of a manifest is one of a backup and stays inside of its folder."""
    parts = PurePosixPath(path).parts
    if path != "/".join(parts) or _FOREIGN.search(path) or ".." in parts:
        return False
    return path in _SINGLE_FILES or (len(parts) > 1 and parts[0] in {MEDIA, AUDIT})


def differences(expected: Manifest, tables: Mapping[str, RowHash]) -> list[str]:
    """Return the names of tables whose rows are not those of the manifest."""
    names = {*expected.tables, *tables}
    return sorted(name for name in names if expected.tables.get(name) != tables.get(name))


def sign(content: bytes, key_id: str, seed: bytes) -> bytes:
    """Return the signature file of a manifest by an Ed25519 seed: encrypting for the holders needs no secret."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_SIGNED + content)
    return f"{key_id}:{base64.b64encode(signature).decode()}\n".encode()


def is_signed(content: bytes, signature: bytes, public_keys: Mapping[str, bytes]) -> bool:
    """Return whether one of these public keys, by id, signed the manifest."""
    key_id, _, text = signature.decode("ascii", "replace").strip().partition(":")
    if key_id not in public_keys:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(public_keys[key_id])
        key.verify(base64.b64decode(text, validate=True), _SIGNED + content)
    except (InvalidSignature, ValueError):
        return False
    return True


def file_name(made_at: datetime) -> str:
    """Return the name of the file of a backup."""
    return f"academy-{made_at.astimezone(UTC):{_STAMP}}{SUFFIX}"


def made_at(name: str) -> datetime | None:
    """Return when the backup of a file name was made, or None for a file that is no backup."""
    match = _NAME.match(name)
    if match is None:
        return None
    try:
        return datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
