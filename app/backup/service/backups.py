"""Make a backup: copy, prove, encrypt; delete old ones. Nothing here writes to the database of the site."""

import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.audit.service import public_keys
from app.backup.domain import manifest as manifests, retention
from app.backup.domain.manifest import AUDIT, MANIFEST, SETTINGS, SIGNATURE, BackupError, Manifest
from app.backup.domain.retention import Keep
from app.backup.service import encryption, proof, site_files
from app.backup.service.databases import DatabaseCopies, copies_of
from app.backup.service.destinations import BackupDestination, Sealing, destination_of
from app.backup.service.encryption import OpenFile, SealedFile
from app.backup.service.work_folder import work_folder
from app.db.stores.object_store import StoreError
from app.kernel.durable_files import open_private
from config import Settings, StorePath


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the program and of its tables.

    `is_current`: the tables are those of this program, so that the rules between their rows can be checked.
    """

    program: str
    schema: str
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that was proved and written; `faults` are those of the site itself."""

    path: Path | StorePath
    sealed: SealedFile
    rows: int
    faults: Sequence[str]
    check_hash: str
    took_ms: int


def make(
    settings: Settings,
    folder: Path | StorePath,
    versions: Versions,
    machine_now: datetime,
    open_file: OpenFile = open_private,
) -> MadeBackup:
    """Make a backup of the site into a folder, or into a path of an object store.

    Raises BackupError, in words, if that is not possible; the folder then has no new backup.
    """
    began = time.monotonic()
    copies = copies_of(settings.database_url)
    name = manifests.file_name(machine_now)
    _refuse(settings, folder)
    destination = destination_of(folder, settings)
    try:
        with work_folder(settings.backups.work_path) as work:
            _prepare(destination, name, may_delete=settings.backups.keep is not None)
            copies.clear_leftovers(settings.database_url)
            snapshot = work / "snapshot"
            snapshot.mkdir()
            manifest = _copy(copies, settings, snapshot, versions, machine_now)
            with proof.proved(copies, snapshot, manifest, settings, work, with_rules=versions.is_current) as copy:
                faults = copy.faults
            sealed = destination.seal(name, Sealing(snapshot, settings.backups.holders, work, open_file))
    except OSError as error:
        raise BackupError(encryption.reason(error, settings.backups.work_path)) from error
    except StoreError as error:
        raise BackupError(f"MEDIA_PATH: {error}") from error
    took_ms = int((time.monotonic() - began) * 1000)
    return MadeBackup(folder / name, sealed, manifest.rows, faults, hash_code(manifest.check_code), took_ms)


def delete_old(destination: BackupDestination, keep: Keep, machine_now: datetime) -> list[str]:
    """Delete the backups of a destination that are not kept and return their names; other files stay."""
    by_time = {moment: name for name in destination.names() if (moment := manifests.made_at(name))}
    to_keep = retention.kept(by_time.keys(), machine_now, keep)
    old = [name for moment, name in sorted(by_time.items()) if moment not in to_keep]
    for name in old:
        destination.delete(name)
    return old


def hash_code(code: str) -> str:
    """Return the hash of the code of a backup, as it is stored; blanks and hyphens do not count."""
    return hashlib.sha256("".join(code.split()).replace("-", "").lower().encode()).hexdigest()


def _prepare(destination: BackupDestination, name: str, *, may_delete: bool) -> None:
    destination.prepare(may_delete=may_delete)
    if name in destination.names():
        raise BackupError(f"{name} exists. Wait a second.")


def _refuse(settings: Settings, folder: Path | StorePath) -> None:
    if len(settings.backups.holders) < 2:
        raise BackupError("BACKUP_HOLDERS is not set: a backup is encrypted to the public keys of two holders.")
    site_files.refuse_nested(settings, folder)


def _copy(
    copies: DatabaseCopies, settings: Settings, folder: Path, versions: Versions, machine_now: datetime
) -> Manifest:
    """Copy all parts of the site into a folder, with a signed manifest.

    The files of the audit log come first: none is then newer than the copy of the database.
    """
    files = site_files.copy_folder(settings.audit_path, folder, AUDIT)
    name = manifests.DATABASE_FILES[copies.kind]
    tables = copies.snapshot(settings.database_url, folder / name)
    files[name] = site_files.hash_file(folder / name)
    files |= site_files.copy_media(settings, folder)  # after the database: what a row refers to is not deleted for days
    files[SETTINGS] = site_files.write_settings(settings, folder)
    manifest = Manifest(
        format=manifests.FORMAT,
        made_at=machine_now.isoformat(),
        program=versions.program,
        schema=versions.schema,
        database=copies.kind,
        server=copies.version(settings.database_url),
        tables=tables,
        files=files,
        key_ids=_key_ids(settings),
        check_code=secrets.token_hex(16),
    )
    content = manifests.to_json(manifest)
    key_id, seed = settings.keys.audit[0]
    (folder / MANIFEST).write_bytes(content)
    (folder / SIGNATURE).write_bytes(manifests.sign(content, key_id, seed))
    return manifest


def _key_ids(settings: Settings) -> dict[str, list[str]]:
    return {
        "identity": [key_id for key_id, _secret in settings.keys.identity],
        "index": [key_id for key_id, _secret in settings.keys.index],
        "audit": list(public_keys.trusted(settings.keys)),
    }
