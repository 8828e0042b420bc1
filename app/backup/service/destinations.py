"""Where backups are: a folder, also of a mounted share, or a path of an object store.

In a store a backup is several objects, `<name>.0001` and so on. It counts when `<name>.json` is there, written last.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from app.backup.domain import manifest as manifests
from app.backup.domain.manifest import MANIFEST, PART, SIGNATURE, BackupError
from app.backup.service import encryption
from app.backup.service.encryption import OpenFile, SealedFile
from app.db.stores.object_store import MissingObjectError, ObjectStore, StoreError
from app.kernel.durable_files import open_private
from app.kernel.shapes import ready
from config import Settings, StorePath

PART_SIZE = 16 * 1024**2  # bytes of an object: one is in memory at a time
COMPLETE = ".json"


class StoredBackup(msgspec.Struct, frozen=True):
    """The object that makes a backup complete: size and SHA-256 of its parts together."""

    size: int
    sha256: str
    parts: int


ready(StoredBackup)


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is to be encrypted: a folder, to the public keys of these holders; `work`: a folder for plain copies."""

    snapshot: Path
    holders: Sequence[str]
    work: Path
    open_file: OpenFile = open_private


class BackupDestination(Protocol):
    """A destination of backups. All methods raise BackupError or OSError."""

    def prepare(self, *, may_delete: bool) -> None:
        """Make sure that the destination is there; delete what interrupted backups left, if that is allowed."""

    def names(self) -> list[str]:
        """Return the names of the complete backups."""

    def seal(self, name: str, sealing: Sealing) -> SealedFile:
        """Write a backup, read it back, and make it complete."""

    def delete(self, name: str) -> None:
        """Delete a backup."""


def destination_of(path: Path | StorePath, settings: Settings) -> BackupDestination:
    """Return the destination of a path. Raises BackupError for a store whose address and key are not set."""
    return _FolderDestination(path) if isinstance(path, Path) else _store_destination(path, settings)


@contextmanager
def local_file(archive: Path | StorePath, settings: Settings, work: Path) -> Iterator[Path]:
    """Yield the encrypted file of a backup: that of a folder, or a copy of that of a store, which is compared."""
    if isinstance(archive, Path):
        yield archive
        return
    target = work / archive.name
    try:
        _store_destination(archive.parent, settings).fetch(archive.name, target)
        yield target
    finally:
        target.unlink(missing_ok=True)


class _FolderDestination:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, *, may_delete: bool) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob(f"*{manifests.SUFFIX}{PART}") if may_delete else ():
            if manifests.made_at(path.name.removesuffix(PART)):
                path.unlink()

    def names(self) -> list[str]:
        return [path.name for path in self.folder.iterdir() if manifests.made_at(path.name)]

    def seal(self, name: str, sealing: Sealing) -> SealedFile:
        first, target = (MANIFEST, SIGNATURE), self.folder / name
        return encryption.seal(sealing.snapshot, first, target, sealing.holders, open_file=sealing.open_file)

    def delete(self, name: str) -> None:
        (self.folder / name).unlink()


class _StoreDestination:
    def __init__(self, store: ObjectStore) -> None:
        self.store = store

    def prepare(self, *, may_delete: bool) -> None:
        with _readable_errors():
            names = self.store.sizes()
            complete = {name.removesuffix(COMPLETE) for name in names if name.endswith(COMPLETE)}
            for name in names if may_delete else ():
                archive = name.rpartition(".")[0]
                if manifests.made_at(archive) and archive not in complete:
                    self.store.delete(name)

    def names(self) -> list[str]:
        with _readable_errors():
            marks = [name.removesuffix(COMPLETE) for name in self.store.sizes() if name.endswith(COMPLETE)]
        return [name for name in marks if manifests.made_at(name)]

    def seal(self, name: str, sealing: Sealing) -> SealedFile:
        archive = sealing.work / name
        first = (MANIFEST, SIGNATURE)
        sealed = encryption.seal(sealing.snapshot, first, archive, sealing.holders, open_file=sealing.open_file)
        with _readable_errors():
            parts = 0
            for parts, block in enumerate(_blocks(archive), 1):
                self.store.put(_part(name, parts), block)
            backup = StoredBackup(sealed.size, sealed.sha256, parts)
            self._read_back(name, backup)
            self.store.put(name + COMPLETE, msgspec.json.encode(backup))
        archive.unlink()
        return sealed

    def delete(self, name: str) -> None:
        with _readable_errors():
            self.store.delete(name + COMPLETE)  # first: what is left is no backup
            for other in self.store.sizes():
                if other.startswith(f"{name}."):
                    self.store.delete(other)

    def fetch(self, name: str, target: Path) -> None:
        """Copy a backup into a file. Raises BackupError if it is not complete, or not what was written."""
        with _readable_errors():
            backup = self._stored(name)
            try:
                with open_private(target) as file:
                    for number in range(1, backup.parts + 1):
                        file.write(self.store.get(_part(name, number)))
            except MissingObjectError:
                raise BackupError(f"{name} lacks a part in the store. Take another backup.") from None
        if encryption.hash_of(target) != SealedFile(backup.size, backup.sha256):
            raise BackupError(f"{name} was cut or changed in the store. Take another backup.")

    def _stored(self, name: str) -> StoredBackup:
        try:
            return msgspec.json.decode(self.store.get(name + COMPLETE), type=StoredBackup)
        except MissingObjectError:
            raise BackupError(f"There is no complete backup {name} at {self.store.path}.") from None
        except msgspec.DecodeError:
            raise BackupError(f"{name}{COMPLETE} was changed in the store. Take another backup.") from None

    def _read_back(self, name: str, backup: StoredBackup) -> None:
        digest = hashlib.sha256()
        for number in range(1, backup.parts + 1):
            digest.update(self.store.get(_part(name, number)))
        if digest.hexdigest() != backup.sha256:
            raise BackupError(f"{self.store.path} does not return what was written. Check the store.")


def _store_destination(path: StorePath, settings: Settings) -> _StoreDestination:
    if settings.store is None:
        raise BackupError("Set S3_ENDPOINT and S3_CREDENTIALS_FILE: they say where the store is, and its key.")
    return _StoreDestination(ObjectStore(settings.store, path))


@contextmanager
def _readable_errors() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise BackupError(f"{error} No backup was changed.") from None


def _part(name: str, number: int) -> str:
    return f"{name}.{number:04}"


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(PART_SIZE):
            yield block
