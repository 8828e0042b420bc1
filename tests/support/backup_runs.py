"""Rows of attempts to make backups."""

from datetime import datetime

from app.backup.domain import manifest
from app.backup.models import BackupRow
from app.db.session import db, transaction


def add(started_at: datetime, *, error: str = "", checked_at: datetime | None = None, faults: int = 0) -> None:
    """Add an attempt: one that failed with an error, else a backup of 3 MB with 12,345 rows."""
    row = BackupRow(started_at=started_at, took_ms=4_000, error=error)
    if not error:
        row.name, row.size, row.row_count, row.faults = manifest.file_name(started_at), 3 * 1024**2, 12_345, faults
        row.sha256, row.check_hash, row.checked_at = "5" * 64, "7" * 64, checked_at
    with transaction():
        db.session.add(row)
