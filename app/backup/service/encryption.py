"""Write a folder as one encrypted file that the holders can open, and open it again.

The file is a compressed tar archive, encrypted by age (X25519, ChaCha20-Poly1305) to the public keys of all holders.
"""

import gzip
import hashlib
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

from app.backup.domain.manifest import PART, BackupError
from app.kernel.durable_files import flush_folder, open_private
from config import StorePath

BLOCK = 1024**2
FASTEST = 1  # of zlib: dumps of PostgreSQL are compressed already
GZIP = 31  # window bits of zlib for the format of gzip
OpenFile = Callable[[Path], IO[bytes]]


@dataclass(frozen=True, slots=True)
class SealedFile:
    """Size and SHA-256 of an encrypted file."""

    size: int
    sha256: str


def create_key(path: Path) -> str:
    """Create the private key of a holder in a new file that only this user can read; return the public key."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{identity}\n")
        file.flush()
        os.fsync(file.fileno())
    return public


def seal(
    folder: Path, first: Sequence[str], target: Path, holders: Sequence[str], open_file: OpenFile = open_private
) -> SealedFile:
    """Write the files of a folder, these first, as one encrypted file; read it back and return its hash.

    The file appears under its name when it is complete and on disk. Raises BackupError for a full disk.
    """
    part = target.with_name(target.name + PART)
    recipients = [x25519.Recipient.from_str(holder) for holder in holders]
    try:
        with open_file(part) as file:
            reader, writer = _BlockReader(_compressed(_tar(folder, first))), _HashingWriter(file)
            _encrypt(reader, writer, recipients)
            file.flush()
            os.fsync(file.fileno())
        sealed = SealedFile(writer.size, writer.digest.hexdigest())
        if hash_of(part) != sealed:
            raise BackupError(f"{target.parent} does not return what was written. Check that disk or share.")
        part.replace(target)
        flush_folder(target.parent)
    except OSError as error:
        raise BackupError(reason(error, target.parent)) from error
    finally:
        part.unlink(missing_ok=True)
    return sealed


def hash_of(path: Path) -> SealedFile:
    """Return size and SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
        return SealedFile(file.tell(), digest.hexdigest())


def unseal(source: Path, key_file: Path, folder: Path) -> None:
    """Decrypt a file with the private key of a holder and extract it into an empty folder.

    Raises BackupError for a wrong key, and for a file that was cut or changed.
    """
    archive = folder.with_name(folder.name + ".tar.gz")
    identity = _identity(key_file)
    try:
        with source.open("rb") as encrypted, archive.open("wb") as plain:
            pyrage.decrypt_io(encrypted, plain, [identity])
    except (pyrage.DecryptError, OSError) as error:
        archive.unlink(missing_ok=True)
        raise BackupError(_decryption_reason(error, source, archive.parent)) from None
    try:
        _extract(archive, folder)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError):
        raise BackupError(f"{source.name} is no backup of an academy.") from None
    finally:
        archive.unlink(missing_ok=True)


def reason(error: OSError, folder: Path | StorePath) -> str:
    """Return an error of the operating system as a message that says what to do."""
    if error.errno in _FULL:
        return f"The disk of {folder} is full. Free some space: nothing else was changed."
    return f"{error.filename or folder}: {error.strerror or error}. Nothing else was changed."


_FULL = frozenset({28, 122})  # ENOSPC, EDQUOT: of a disk, and of a user's share


def _encrypt(reader: "_BlockReader", writer: "_HashingWriter", recipients: Sequence[x25519.Recipient]) -> None:
    try:
        pyrage.encrypt_io(reader, writer, recipients)
    except (pyrage.EncryptError, OSError):
        # the library wraps errors of files: raise the original one
        if (error := writer.error or reader.error) is not None:
            raise error from None
        raise


class _HashingWriter:
    """A file that hashes what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.digest = file, 0, hashlib.sha256()
        self.error: OSError | None = None

    def write(self, block: bytes) -> int:
        try:
            self.file.write(block)
        except OSError as error:
            self.error = error
            raise
        self.size += len(block)
        self.digest.update(block)
        return len(block)

    def flush(self) -> None:
        self.file.flush()


class _BlockReader:
    """A file of blocks that are made when they are read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks, self.rest = blocks, b""
        self.error: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            while len(self.rest) < size or size < 0:
                block = next(self.blocks, None)
                if block is None:
                    break
                self.rest += block
        except OSError as error:
            self.error = error
            raise
        cut = len(self.rest) if size < 0 else size
        result, self.rest = self.rest[:cut], self.rest[cut:]
        return result


def _compressed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(FASTEST, zlib.DEFLATED, GZIP)
    for block in blocks:
        if compressed := compressor.compress(block):
            yield compressed
    yield compressor.flush()


def _tar(folder: Path, first: Sequence[str]) -> Iterator[bytes]:
    """Yield a tar archive of the files of a folder."""
    others = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for name in [*first, *(name for name in others if name not in first)]:
        yield from _member(folder / name, name)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _member(path: Path, name: str) -> Iterator[bytes]:
    info = tarfile.TarInfo(name)
    info.size = path.stat().st_size
    info.mode = 0o600
    yield info.tobuf(tarfile.PAX_FORMAT)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
    yield bytes(-info.size % tarfile.BLOCKSIZE)


def _extract(archive: Path, folder: Path) -> None:
    """Copy each file of an archive to its own path inside of the folder; links and other paths are refused."""
    with tarfile.open(archive, "r|gz") as tar:
        for member in tar:
            path = folder / member.name
            is_inside = path.resolve().is_relative_to(folder.resolve())
            content = tar.extractfile(member) if member.isreg() and is_inside else None
            if content is None:
                raise tarfile.TarError("a path outside")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                while block := content.read(BLOCK):
                    file.write(block)


def _identity(key_file: Path) -> x25519.Identity:
    try:
        lines = key_file.read_text("ascii").split("\n")
        text = next(line.strip() for line in lines if line.strip() and not line.startswith("#"))
        return x25519.Identity.from_str(text)
    except OSError as error:
        raise BackupError(f"{key_file}: {error.strerror}.") from None
    except (StopIteration, ValueError, pyrage.IdentityError):
        raise BackupError(f"{key_file} is no private key of a holder: a line that begins AGE-SECRET-KEY-1.") from None


def _decryption_reason(error: Exception, source: Path, work: Path) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return reason(error, work)
    if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
        return f"{source.name} is not encrypted to this private key. Use the key of one of its holders."
    return f"{source.name} was cut or changed: it cannot be decrypted to its end. Take another copy or another backup."
