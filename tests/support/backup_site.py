"""A site with files and an audit log that is backed up, and the private keys of its holders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from pyrage import x25519

from app.audit import jobs as audit
from app.backup.service import backups
from app.backup.service.backups import MadeBackup, Versions
from app.backup.service.reading import OpenedBackup, opened
from app.db.migration_files import head_revision
from app.db.session import db
from app.kernel import clock
from app.web import settings as site_settings
from app.web.settings import settings
from config import Backups, Settings, StorePath


@dataclass(frozen=True, slots=True)
class BackupSite:
    """A site with media, audit files and two holders; `keys`: files with their private keys."""

    app: Flask
    settings: Settings
    folder: Path
    keys: tuple[Path, Path]

    def make(self, **options: object) -> MadeBackup:
        """Make a backup without recording it."""
        with self.app.app_context():
            return backups.make(
                self.settings,
                self.folder,
                self.versions,
                clock.machine_now(),
                **options,  # type: ignore[arg-type]
            )

    @property
    def versions(self) -> Versions:
        return Versions("2.0", head_revision())

    @contextmanager
    def opened(
        self, archive: Path | StorePath, key: Path | None = None, settings_: Settings | None = None
    ) -> Iterator[OpenedBackup]:
        """Open a backup as a holder does."""
        with self.app.app_context():
            used = settings_ or self.settings
            with opened(archive, key or self.keys[0], used, revisions=[head_revision()]) as backup:
                yield backup

    def left_in_work(self) -> list[Path]:
        """Return what is left of plain copies."""
        return [path for path in self.settings.backups.work_path.iterdir() if path.name != "lock"]


@contextmanager
def backup_site(app: Flask, home: Path) -> Iterator[BackupSite]:
    """Let an application use folders, media and signed audit files of its own."""
    pairs = [x25519.Identity.generate() for _ in range(2)]
    keys = (home / "first.key", home / "second.key")
    for path, pair in zip(keys, pairs, strict=True):
        path.write_text(f"# a holder\n{pair}\n")
    holders = tuple(str(pair.to_public()) for pair in pairs)
    before = settings(app)
    own = replace(
        before,
        media_path=home / "media",
        audit_path=home / "audit",
        backups=Backups(path=home / "backups", holders=holders, work_path=home / "work"),
    )
    (home / "media" / "ab").mkdir(parents=True)
    (home / "media" / "ab" / "picture").write_bytes(bytes(range(256)) * 20)
    site_settings.init_app(app, own)
    try:
        with app.app_context():
            audit.sign()
            db.session.remove()
        yield BackupSite(app, own, home / "backups", keys)
    finally:
        site_settings.init_app(app, before)
