"""Measure backups of a filled site: time, processor time and size of a backup, and the time of a restore."""

import os
import time
from pathlib import Path

from flask import Flask

from app.backup.service import restoring
from app.backup.service.databases import copies_of
from app.db.server import database_info
from app.db.session import db
from app.kernel import clock
from tests.bench.figures import Figure
from tests.bench.ground import filled
from tests.support import restored_sites
from tests.support.backup_site import backup_site

PEOPLE = 10_000
BACKUP_SECONDS, RESTORE_SECONDS = 300, 300
MIB = 1024**2


def measure(database: str, folder: Path, people: int = PEOPLE) -> list[Figure]:
    """Make a backup, restore it on an empty host, and compare the rows."""
    with filled(database, people, folder / "filled") as ground:
        home = folder / "backup"
        home.mkdir()
        with backup_site(ground.app, home) as site:
            size = database_size(ground.app)
            began, cpu = time.monotonic(), cpu_seconds()
            made = site.make()
            took, spent = time.monotonic() - began, cpu_seconds() - cpu
            with restored_sites.empty_host(site, home, "bench") as host:
                began = time.monotonic()
                with site.opened(made.path, settings_=host.settings) as backup:
                    restoring.restore(backup, made.path.name, host.settings, clock.machine_now())
                restored = time.monotonic() - began
                assert host.row_hashes() == restored_sites.site_hashes(site)
            name = f"{people:,} people"
            return [
                Figure(database, f"database of {name}", size / MIB, "MB"),
                Figure(database, f"rows of {name}", made.rows, "rows"),
                Figure(database, f"backup of {name}, proved and encrypted", took, "s", BACKUP_SECONDS),
                Figure(database, f"CPU of the backup of {name}", spent, "s"),
                Figure(database, f"encrypted backup of {name}", made.sealed.size / MIB, "MB"),
                Figure(database, f"restore of {name} on an empty host", restored, "s", RESTORE_SECONDS),
                Figure(database, f"hashes of all rows of {name}", _hash_seconds(site.settings.database_url), "s"),
                Figure(database, f"faults found in the copy of {name}", len(made.faults), "faults", 0),
            ]


def database_size(app: Flask) -> int:
    with app.app_context():
        size = database_info.database().size
        db.session.remove()
    return size


def _hash_seconds(url: str) -> float:
    began = time.monotonic()
    copies_of(url).row_hashes(url)
    return time.monotonic() - began


def cpu_seconds() -> float:
    """Return processor seconds of this process and its children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
