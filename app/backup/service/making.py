"""Make a backup and record it, or why it failed; record the check by a holder; each in its own transaction."""

import logging
import time
from datetime import datetime
from pathlib import Path

from app.backup.domain.manifest import BackupError
from app.backup.domain.retention import Keep
from app.backup.domain.status import is_of_schedule
from app.backup.events import BackupChecked, BackupMade, BackupsDeleted
from app.backup.models import BackupRow
from app.backup.queries import runs
from app.backup.service import backups, encryption
from app.backup.service.backups import MadeBackup, Versions
from app.backup.service.destinations import destination_of
from app.db.session import db, record, transaction
from app.kernel import clock
from config import Settings, StorePath

LONGEST_ERROR = 300


log = logging.getLogger("academy")


def make_backup(
    settings: Settings, folder: Path | StorePath, versions: Versions, *, by_hand: bool = False
) -> MadeBackup:
    """Make a backup into a folder and record it. Raises BackupError after the failure was recorded.

    `by_hand`: not by the job.
    """
    started, steady = clock.real_now(), time.monotonic()
    db.session.rollback()  # no snapshot stays open meanwhile
    try:
        backup = backups.make(settings, folder, versions, clock.machine_now())
    except BackupError as error:
        of_schedule = _is_of_schedule(settings, folder, by_hand=by_hand, was_made=False)
        if not of_schedule:  # a failed job is in the log anyway
            log.warning("A backup by hand into %s failed: %s", folder, error)
        _record_failure(started, int((time.monotonic() - steady) * 1000), str(error), of_schedule=of_schedule)
        raise
    record_made(started, backup, of_schedule=_is_of_schedule(settings, folder, by_hand=by_hand, was_made=True))
    return backup


def make_before_upgrade(settings: Settings, folder: Path | StorePath, versions: Versions) -> MadeBackup:
    """Make a backup of tables of an earlier version, which cannot record it. Raises BackupError."""
    db.session.rollback()
    return backups.make(settings, folder, versions, clock.machine_now())


def record_made(started: datetime, backup: MadeBackup, *, of_schedule: bool = True) -> None:
    """Record a backup that was made."""
    with transaction():
        db.session.add(_row(started, backup, of_schedule=of_schedule))
        record(BackupMade(file=backup.path.name, sha256=backup.sealed.sha256, size=backup.sealed.size))


def delete_old(settings: Settings, folder: Path | StorePath) -> list[str]:
    """Delete backups by the rule of retention and return their names. Raises BackupError if the folder refuses."""
    if settings.backups.keep is None:
        return []
    try:
        deleted = backups.delete_old(
            destination_of(folder, settings), Keep(*settings.backups.keep), clock.machine_now()
        )
    except (OSError, BackupError) as error:
        text = "If the server may not delete there, set BACKUP_KEEP=all."
        reason = encryption.reason(error, folder) if isinstance(error, OSError) else str(error)
        raise BackupError(f"{reason} {text}") from error
    if deleted:
        with transaction():
            record(BackupsDeleted(files=tuple(deleted)))
    return deleted


def record_check(code: str, real_now: datetime) -> str | None:
    """Record that a holder restored the backup that contains this code; return its name, None for an unknown code."""
    with transaction():
        backup_id = runs.by_check_hash(backups.hash_code(code))
        if backup_id is None:
            return None
        row = db.session.get_one(BackupRow, backup_id)
        row.checked_at = real_now
        record(BackupChecked(file=row.name))
        return row.name


def _is_of_schedule(settings: Settings, folder: Path | StorePath, *, by_hand: bool, was_made: bool) -> bool:
    path = settings.backups.path
    return is_of_schedule(
        by_hand=by_hand,
        was_made=was_made,
        has_place=path is not None,
        is_in_place=_absolute(folder) == _absolute(path),
    )


def _absolute(folder: Path | StorePath | None) -> Path | StorePath | None:
    return folder.resolve() if isinstance(folder, Path) else folder


def _row(started: datetime, backup: MadeBackup, *, of_schedule: bool) -> BackupRow:
    return BackupRow(
        started_at=started,
        of_schedule=of_schedule,
        took_ms=backup.took_ms,
        name=backup.path.name,
        size=backup.sealed.size,
        sha256=backup.sealed.sha256,
        row_count=backup.rows,
        faults=len(backup.faults),
        check_hash=backup.check_hash,
    )


def _record_failure(started: datetime, took_ms: int, error: str, *, of_schedule: bool) -> None:
    with transaction():
        row = BackupRow(started_at=started, took_ms=took_ms, error=error[:LONGEST_ERROR], of_schedule=of_schedule)
        db.session.add(row)
