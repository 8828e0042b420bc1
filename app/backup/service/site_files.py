"""The files of a site beside its database: copy them with their hashes; settings without secrets."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import msgspec
from sqlalchemy import make_url

from app.backup.domain.manifest import MEDIA, SETTINGS, BackupError, FileHash
from app.db.stores.media_owner import MARKER
from app.db.stores.media_store import media_names, patient_store
from config import Settings, StorePath

BLOCK = 1024**2
# the settings of a backup; keys and passwords are not among them
STORED = (
    "mode", "site_url", "media_path", "audit_path", "courses_paths", "language", "leave_url", "proxies", "pool_size",
    "show_drafts", "secrets_path",
)  # fmt: skip
STORED_OF_MAIL = ("host", "port", "user", "sender", "name", "starttls")


def copy_folder(source: Path, target: Path, name: str, without: str = "") -> dict[str, FileHash]:
    """Copy the files of a folder, without links and one name, into `target / name`; return their hashes by path."""
    hashes = {}
    for path in _files(source):
        if path.name == without:
            continue
        inner = f"{name}/{path.relative_to(source).as_posix()}"
        copy = target / inner
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        hashes[inner] = hash_file(copy)
    return hashes


def copy_media(settings: Settings, target: Path) -> dict[str, FileHash]:
    """Copy the contents in MEDIA_PATH into `target / "media"`; return their hashes by path. Raises StoreError."""
    if isinstance(settings.media_path, Path):
        return copy_folder(settings.media_path, target, MEDIA, without=MARKER)
    store = patient_store(settings)
    if store is None:
        return {}
    hashes = {}
    (target / MEDIA).mkdir()
    for name in media_names(store):
        copy = target / MEDIA / name
        copy.write_bytes(store.get(name))
        hashes[f"{MEDIA}/{name}"] = hash_file(copy)
    return hashes


def hash_file(path: Path) -> FileHash:
    """Return size and SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
        return FileHash(file.tell(), digest.hexdigest())


def write_settings(settings: Settings, target: Path) -> FileHash:
    """Write the settings of a site, without secrets, for those who set it up again."""
    stored: dict[str, object] = {name: _plain(getattr(settings, name)) for name in STORED}
    stored["mail"] = {name: getattr(settings.mail, name) for name in STORED_OF_MAIL}
    stored["store"] = None if settings.store is None else [settings.store.endpoint, settings.store.region]
    for name in ("database_url", "replica_url"):
        url = getattr(settings, name)
        stored[name] = make_url(url).set(password=None).render_as_string() if url else ""
    path = target / SETTINGS
    path.write_bytes(msgspec.json.format(msgspec.json.encode(stored), indent=1) + b"\n")
    return hash_file(path)


def refuse_nested(settings: Settings, folder: Path | StorePath) -> None:
    """Raise BackupError if key files or backups would be copied into the backup."""
    for name, inner in (("SECRETS_PATH", settings.secrets_path), ("the folder of the backups", folder)):
        for outer in (settings.media_path, settings.audit_path):
            if isinstance(inner, Path) and isinstance(outer, Path) and inner.resolve().is_relative_to(outer.resolve()):
                raise BackupError(f"{name} is inside of {outer}, which is backed up. Choose another folder.")


def unknown_settings() -> set[str]:
    """Return settings that are neither stored nor known to be secret or of this machine."""
    left_out = {"keys", "mail", "database_url", "replica_url", "demo_path", "backups", "metrics", "store"}
    return {field.name for field in fields(Settings)} - {*STORED, *left_out}


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_whole = path.suffix not in {".part", ".new"}  # others are still being written
        if path.is_file() and not path.is_symlink() and is_whole:
            yield path


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return str(value) if isinstance(value, Path | StorePath) else value
