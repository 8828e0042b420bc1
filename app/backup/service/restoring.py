"""Restore a site from an opened backup: missing files and media, the database by one rename, then changed files.

Until the rename the site is as it was: files are only added. A process that is killed later is run again.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.audit import queries as audit
from app.backup.domain.manifest import AUDIT, MEDIA, BackupError
from app.backup.events import SiteRestored
from app.backup.service.reading import OpenedBackup
from app.backup.service.site_files import hash_file
from app.db.session import other_database, record, transaction
from app.db.stores import media_owner
from app.db.stores.media_store import MediaStore, patient_store
from app.db.stores.object_store import StoreError
from app.kernel.durable_files import flush_folder, open_private
from app.sign_in.service import sessions
from config import Settings

_NUMBER = re.compile(r"-(\d{1,18})\.json\Z")


@dataclass(frozen=True, slots=True)
class RestoredSite:
    """Where the old database is, "" if there was none; the files of the audit log that are newer than the backup."""

    old_database: str
    added_files: int
    replaced_files: int
    newer_audit_files: Sequence[Path]


def restore(opened: OpenedBackup, name: str, settings: Settings, machine_now: datetime) -> RestoredSite:
    """Put an opened backup in the place of the site, which must be stopped. Raises BackupError while it is in use."""
    stamp = f"{machine_now:%Y%m%dT%H%M%SZ}"
    opened.copies.refuse_if_in_use(settings.database_url)
    missing, changed = _files(opened, settings)
    added_objects = _restore_objects(opened, settings)
    for source, target in missing:
        _put(source, target)
    with other_database(opened.copy.url), transaction():
        record(SiteRestored(file=name, sessions=sessions.end_all_of_site()))
    old = opened.copies.swap(opened.copy.url, settings.database_url, stamp)
    for source, target in changed:
        target.rename(target.with_name(f"{target.name}.before-{stamp}"))
        _put(source, target)
    newer = [path for path in sorted(settings.audit_path.glob("*.json")) if _entry(path) > opened.copy.entries]
    return RestoredSite(old, len(missing) + added_objects, len(changed), newer)


def _files(opened: OpenedBackup, settings: Settings) -> tuple[list[tuple[Path, Path]], list[tuple[Path, Path]]]:
    """Return source and target of the files that are missing on the site, and of those that differ."""
    missing, changed = [], []
    for source, target, name in _targets(opened, settings):
        if not target.exists():
            missing.append((source, target))
        elif hash_file(target) != opened.manifest.files[name]:
            changed.append((source, target))
    return missing, changed


def _targets(opened: OpenedBackup, settings: Settings) -> Iterator[tuple[Path, Path, str]]:
    folders = {AUDIT: settings.audit_path}
    if isinstance(settings.media_path, Path):
        folders[MEDIA] = settings.media_path
    for name in opened.manifest.files:
        folder, _, inner = name.partition("/")
        if folder in folders:
            yield opened.folder / name, folders[folder] / inner, name


def _restore_objects(opened: OpenedBackup, settings: Settings) -> int:
    """Write the media of the backup that an object store lacks, or has otherwise; return how many. Others stay.

    Raises BackupError without a MEDIA_PATH for them, or if it belongs to another site than that of the backup.
    """
    names = [name.partition("/")[2] for name in opened.manifest.files if name.startswith(f"{MEDIA}/")]
    if not names:
        return 0
    with other_database(opened.copy.url):
        site_id = audit.site_id()
    try:
        store = patient_store(settings)
        if store is None:
            raise BackupError(f"The backup has {len(names)} media outside of the database. Set MEDIA_PATH.")
        media_owner.refuse_other(media_owner.owner(store), site_id)
        if isinstance(settings.media_path, Path):
            return 0  # they are restored as the other files are
        stored = store.sizes()
        return sum(_restore_object(store, opened.folder / MEDIA / name, stored) for name in names)
    except StoreError as error:
        raise BackupError(f"MEDIA_PATH: {error}") from error


def _restore_object(store: MediaStore, file: Path, stored: Mapping[str, int]) -> bool:
    content = file.read_bytes()
    if file.name in stored and store.get(file.name) == content:
        return False
    store.put(file.name, content)
    return True


def _put(source: Path, target: Path) -> None:
    """Copy a file beside its place, and put it there by a rename."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with source.open("rb") as content, open_private(part) as file:
        shutil.copyfileobj(content, file, 1024**2)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    flush_folder(target.parent)


def _entry(path: Path) -> int:
    match = _NUMBER.search(path.name)
    return int(match[1]) if match else 0
