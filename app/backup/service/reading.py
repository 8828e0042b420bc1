"""Open an encrypted backup with the private key of a holder, and prove it on this machine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.audit.service import public_keys
from app.backup.domain import manifest as manifests
from app.backup.domain.manifest import MANIFEST, SIGNATURE, BackupError, Manifest
from app.backup.service import destinations, encryption, proof
from app.backup.service.databases import DatabaseCopies, copies_of
from app.backup.service.proof import ProvedCopy
from app.backup.service.work_folder import work_folder
from config import Settings, StorePath


@dataclass(frozen=True, slots=True)
class OpenedBackup:
    """A decrypted backup in a folder, its proved copy in a scratch database, and the people whose names were read."""

    folder: Path
    manifest: Manifest
    copy: ProvedCopy
    people: Sequence[str]
    copies: DatabaseCopies


@contextmanager
def opened(
    archive: Path | StorePath, key_file: Path, settings: Settings, *, revisions: Sequence[str]
) -> Iterator[OpenedBackup]:
    """Decrypt a backup, restore it into a scratch database, prove it there, and read three people.

    `revisions`: the versions of tables that this program knows, the newest first. Raises BackupError, in words.
    """
    copies = copies_of(settings.database_url)
    try:
        with work_folder(settings.backups.work_path) as work:
            folder = work / "backup"
            folder.mkdir()
            with destinations.local_file(archive, settings, work) as file:
                encryption.unseal(file, key_file, folder)
            manifest = _manifest(folder, archive.name, settings)
            _refuse(manifest, copies, settings, revisions)
            if manifest.database == "postgresql":
                copies.clear_leftovers(settings.database_url)
            with proof.proved(copies, folder, manifest, settings, work) as copy:
                yield OpenedBackup(folder, manifest, copy, proof.readable_people(copy.url), copies)
    except OSError as error:
        raise BackupError(encryption.reason(error, settings.backups.work_path)) from error


def _manifest(folder: Path, name: str, settings: Settings) -> Manifest:
    content = _read(folder / MANIFEST, name)
    if not manifests.is_signed(content, _read(folder / SIGNATURE, name), public_keys.trusted(settings.keys)):
        text = "no audit key of this site signed it. Put audit.key and audit.pub of the site into SECRETS_PATH."
        raise BackupError(f"{name} may be from another site, or forged: {text}")
    return manifests.from_json(content)


def _read(path: Path, name: str) -> bytes:
    if not path.is_file():
        raise BackupError(f"{name} is no backup of an academy.")
    return path.read_bytes()


def _refuse(manifest: Manifest, copies: DatabaseCopies, settings: Settings, revisions: Sequence[str]) -> None:
    if manifest.database != copies.kind:
        text = f"The backup is of {manifest.database}. Let DATABASE_URL name a database of that kind."
        raise BackupError(text)
    if manifest.schema not in revisions:
        raise BackupError(f"The backup was made by version {manifest.program}, which is newer. Install that version.")
    if manifest.schema != revisions[0]:
        text = f"Install that version, restore, then update: its tables ({manifest.schema}) are not those of this one."
        raise BackupError(f"The backup was made by version {manifest.program}. {text}")
    _refuse_missing_keys(manifest, settings)


def _refuse_missing_keys(manifest: Manifest, settings: Settings) -> None:
    for name, lines in (("identity", settings.keys.identity), ("index", settings.keys.index)):
        existing = {key_id for key_id, _secret in lines}
        if missing := [key_id for key_id in manifest.key_ids.get(name, ()) if key_id not in existing]:
            raise BackupError(f"{name}.key lacks the keys {', '.join(missing)}. Put their lines back from the copy.")
