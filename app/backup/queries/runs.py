"""Read the attempts to make backups and the checks by holders."""

from sqlalchemy import ColumnElement, select

from app.backup.domain.status import BackupRun, BackupSummary, HolderCheck
from app.backup.models import BackupRow
from app.db.session import db


def summary() -> BackupSummary:
    """Return the last attempt, the last backup, and the last check by a holder."""
    return BackupSummary(_last(), _last(BackupRow.name != ""), _last_check())


def by_check_hash(check_hash: str) -> int | None:
    """Return the id of the backup that contains the code with this hash, or None."""
    return db.session.scalar(select(BackupRow.id).where(BackupRow.check_hash == check_hash))


def _last(*conditions: ColumnElement[bool]) -> BackupRun | None:
    query = select(BackupRow).where(*conditions).order_by(BackupRow.started_at.desc(), BackupRow.id.desc()).limit(1)
    row = db.session.scalar(query)
    if row is None:
        return None
    return BackupRun(
        name=row.name,
        started_at=row.started_at,
        took_ms=row.took_ms,
        size=row.size,
        rows=row.row_count,
        faults=row.faults,
        error=row.error,
    )


def _last_check() -> HolderCheck | None:
    query = select(BackupRow.checked_at, BackupRow.name).where(BackupRow.checked_at.is_not(None))
    row = db.session.execute(query.order_by(BackupRow.checked_at.desc()).limit(1)).first()
    return HolderCheck(row.checked_at, row.name) if row else None
