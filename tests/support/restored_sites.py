"""An empty host beside a site that was backed up: to restore there, and to use what was restored."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from app.backup.domain.manifest import RowHash
from app.backup.service import restoring
from app.backup.service.databases import copies_of
from app.backup.service.restoring import RestoredSite
from app.db.session import db
from app.factory import create_app
from app.kernel import clock
from config import Settings
from tests.support import databases
from tests.support.backup_site import BackupSite

# what a restore itself writes: its entry in the audit log, and no session
WRITTEN = frozenset({"audit_entry", "audit_head", "sign_in_session"})


@dataclass(frozen=True, slots=True)
class EmptyHost:
    """Another machine: its settings have the keys of the site, and name a database and folders that do not exist."""

    site: BackupSite
    settings: Settings

    def restore(self, archive: Path) -> RestoredSite:
        with self.site.opened(archive, settings_=self.settings) as backup:
            return restoring.restore(backup, archive.name, self.settings, clock.machine_now())

    def row_hashes(self) -> Mapping[str, RowHash]:
        """Return the hashes of all tables but those that a restore writes to."""
        return _hashes(self.settings.database_url)

    @contextmanager
    def started(self) -> Iterator[Flask]:
        """Start the application on this machine."""
        app = create_app(self.settings)
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


@contextmanager
def empty_host(site: BackupSite, home: Path, worker: str) -> Iterator[EmptyHost]:
    url = site.settings.database_url
    name = f"academy_restored_{worker}"
    if url.startswith("sqlite"):
        url = f"sqlite:///{home / 'host' / 'academy.sqlite'}"
    else:
        url = databases.postgres_url(name)
        databases.drop_postgres(name)
    work = replace(site.settings.backups, work_path=home / "host" / "work")
    yield EmptyHost(
        site,
        replace(
            site.settings,
            database_url=url,
            media_path=home / "host" / "media",
            audit_path=home / "host" / "audit",
            backups=work,
        ),
    )
    databases.drop_postgres_family(name)


def site_hashes(site: BackupSite) -> Mapping[str, RowHash]:
    """Return the hashes of the tables of a site but those that a restore writes to."""
    return _hashes(site.settings.database_url)


def _hashes(url: str) -> Mapping[str, RowHash]:
    hashes = copies_of(url).row_hashes(url)
    return {name: value for name, value in hashes.items() if name not in WRITTEN}
