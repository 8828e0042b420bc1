"""Read the attempts to make backups and the checks by holders."""

from sqlalchemy import or_, select

from app.backup.domain.status import BackupRun, BackupSummary, HolderCheck
from app.backup.models import BackupRow
from app.db.session import db


def summary() -> BackupSummary:
    """Return the last attempt and backup of the schedule, and the last check by a holder, in one statement."""
    by_start = (BackupRow.started_at.desc(), BackupRow.id.desc())
    first = select(BackupRow.id).limit(1)
    of_schedule = first.where(BackupRow.of_schedule)
    wanted = (
        of_schedule.order_by(*by_start),
        of_schedule.where(BackupRow.name != "").order_by(*by_start),
        first.where(BackupRow.checked_at.is_not(None)).order_by(BackupRow.checked_at.desc(), BackupRow.id.desc()),
    )
    query = select(BackupRow).where(or_(*(BackupRow.id == ids.scalar_subquery() for ids in wanted)))
    rows = db.session.scalars(query.order_by(*by_start)).all()
    scheduled = [row for row in rows if row.of_schedule]
    named = [row for row in scheduled if row.name]
    checks = [HolderCheck(row.checked_at, row.name) for row in rows if row.checked_at is not None]
    return BackupSummary(
        _run(scheduled[0]) if scheduled else None,
        _run(named[0]) if named else None,
        max(checks, key=lambda check: check.at, default=None),
    )


def by_check_hash(check_hash: str) -> int | None:
    """Return the id of the backup that contains the code with this hash, or None."""
    return db.session.scalar(select(BackupRow.id).where(BackupRow.check_hash == check_hash))


def _run(row: BackupRow) -> BackupRun:
    return BackupRun(
        name=row.name,
        started_at=row.started_at,
        took_ms=row.took_ms,
        size=row.size,
        rows=row.row_count,
        faults=row.faults,
        error=row.error,
    )
