"""Make a backup and record it, or why it failed; record the check by a holder; each in its own transaction."""

import time
from datetime import datetime
from pathlib import Path

from app.backup.domain.manifest import BackupError
from app.backup.domain.retention import Keep
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


def make_backup(settings: Settings, folder: Path | StorePath, versions: Versions) -> MadeBackup:
    """Make a backup into a folder, record it, and delete old ones. Raises BackupError after it was recorded."""
    started, steady = clock.real_now(), time.monotonic()
    db.session.rollback()  # no snapshot stays open meanwhile
    try:
        backup = backups.make(settings, folder, versions, clock.machine_now())
    except BackupError as error:
        _record_failure(started, int((time.monotonic() - steady) * 1000), str(error))
        raise
    record_made(started, backup)
    return backup


def make_before_upgrade(settings: Settings, folder: Path | StorePath, versions: Versions) -> MadeBackup:
    """Make a backup of tables of an earlier version, which cannot record it. Raises BackupError."""
    db.session.rollback()
    return backups.make(settings, folder, versions, clock.machine_now())


def record_made(started: datetime, backup: MadeBackup) -> None:
    """Record a backup that was made."""
    with transaction():
        db.session.add(_row(started, backup))
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


def _row(started: datetime, backup: MadeBackup) -> BackupRow:
    return BackupRow(
        started_at=started,
        took_ms=backup.took_ms,
        name=backup.path.name,
        size=backup.sealed.size,
        sha256=backup.sealed.sha256,
        row_count=backup.rows,
        faults=len(backup.faults),
        check_hash=backup.check_hash,
    )


def _record_failure(started: datetime, took_ms: int, error: str) -> None:
    with transaction():
        db.session.add(BackupRow(started_at=started, took_ms=took_ms, error=error[:LONGEST_ERROR]))
