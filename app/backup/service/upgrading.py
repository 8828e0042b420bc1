"""Upgrade the tables of a stopped site: copy, migrate, check; after a failure the copy takes the place of the site."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from app.backup.domain.manifest import DATABASE_FILES, BackupError
from app.backup.domain.upgrades import UpgradePlan
from app.backup.events import SiteUpgraded
from app.backup.queries import tables_as_expected
from app.backup.service import encryption
from app.backup.service.databases import DatabaseCopies, copies_of
from app.backup.service.work_folder import work_folder
from app.db.migration_files import applied_revision, head_revision, pending_migrations
from app.db.session import db, record, transaction
from app.kernel.disks import disk
from config import Settings

log = logging.getLogger("academy")
Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class UpgradeSteps:
    """What an upgrade calls: `migrate` the tables, and `answers`: the faults of pages that must answer afterwards."""

    migrate: Step
    answers: Callable[[], Sequence[str]]


def plan(settings: Settings, database_size: int) -> UpgradePlan:
    """Return what an upgrade of the database would do."""
    applied = applied_revision()
    pending = [(migration.revision, migration.title) for migration in pending_migrations(applied)]
    return UpgradePlan(
        applied=applied,
        head=head_revision(),
        pending=pending,
        database_size=database_size,
        free=[(str(folder), disk(folder).free) for folder in _folders(settings)],
    )


def upgrade(settings: Settings, plan_: UpgradePlan, steps: UpgradeSteps, machine_now: datetime) -> None:
    """Migrate the tables and check them; put the copy of before back if one of both fails.

    Raises BackupError, in words: nothing was changed, or the site is as it was before.
    """
    if not plan_.has_data:
        _migrate_and_check(steps)
        return
    url = settings.database_url
    copies = copies_of(url)
    leave_database()
    copies.refuse_if_in_use(url)
    with _scratch_copy(settings, copies) as scratch:
        try:
            _migrate_and_check(steps)
        except BaseException as error:
            old = _put_back(copies, scratch, settings, machine_now)
            log.error("upgrade failed", extra={"kind": type(error).__name__})  # noqa: TRY400 - values may be in it
            if not isinstance(error, Exception):
                raise
            text = f"The upgrade failed: {_reason(error)}. The site is as it was before; {old} has what was migrated."
            raise BackupError(text) from error
    with transaction():
        record(SiteUpgraded(old_tables=plan_.applied, new_tables=plan_.head))


def rehearse(settings: Settings, migrate_copy: Callable[[str], None]) -> None:
    """Migrate and check a copy of the database, which is deleted afterwards; the site may run meanwhile."""
    with _scratch_copy(settings, copies_of(settings.database_url)) as scratch:
        migrate_copy(scratch)


def leave_database() -> None:
    """Close the connections of this process, which would keep the database in use."""
    db.session.remove()
    db.engine.dispose()


def _migrate_and_check(steps: UpgradeSteps) -> None:
    steps.migrate()
    if applied_revision() != head_revision():
        raise BackupError("the tables are not at the newest revision")
    if faults := [*tables_as_expected.faults(), *steps.answers()]:
        raise BackupError("; ".join(faults[:5]))


@contextmanager
def _scratch_copy(settings: Settings, copies: DatabaseCopies) -> Iterator[str]:
    """Yield the address of a scratch database whose rows were compared with those of the site."""
    try:
        with work_folder(settings.backups.work_path) as work:
            copies.clear_leftovers(settings.database_url)
            snapshot = work / DATABASE_FILES[copies.kind]
            hashes = copies.snapshot(settings.database_url, snapshot)
            with copies.loaded(snapshot, settings.database_url, work) as scratch:
                if copies.row_hashes(scratch) != hashes:
                    raise BackupError("The copy differs from the site. Nothing was changed: check the disk.")
                yield scratch
    except OSError as error:
        raise BackupError(encryption.reason(error, settings.backups.work_path)) from error


def _put_back(copies: DatabaseCopies, scratch: str, settings: Settings, machine_now: datetime) -> str:
    """Put the copy in the place of the database, unless another process uses it; return where the migrated one is."""
    leave_database()
    try:
        copies.refuse_if_in_use(settings.database_url)
        return copies.swap(scratch, settings.database_url, f"{machine_now:%Y%m%dT%H%M%SZ}")
    except BackupError as error:
        text = "The upgrade failed, and the copy could not be put back: nothing that was saved since is lost."
        raise BackupError(f"{text} {error} Stop everything, then run `flask upgrade` again.") from error


def _reason(error: Exception) -> str:
    """Return why an upgrade failed: our own words, or the kind of an error whose values may name a person."""
    return str(error) if isinstance(error, BackupError) else type(error).__name__


def _folders(settings: Settings) -> list[Path]:
    url = make_url(settings.database_url)
    folders = [settings.backups.work_path]
    if url.get_backend_name() == "sqlite":
        folders.append(Path(str(url.database)).parent)
    return folders
