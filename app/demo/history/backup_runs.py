"""Examples of backups for `/operations`: the demonstration itself makes none."""

import hashlib
from datetime import datetime, timedelta

from app.backup.domain import manifest
from app.backup.models import BackupRow
from app.db.session import db, transaction

AGO = (timedelta(hours=3), timedelta(hours=9), timedelta(days=40))
CHECKED_AFTER = timedelta(days=2)  # the oldest one, by a holder
SIZE, ROWS, TOOK_MS = 41_800_000, 612_000, 38_000


def add_examples(real_now: datetime) -> None:
    """Add backups of the last hours, and one that a holder checked."""
    with transaction():
        db.session.add_all(_backup(real_now - ago) for ago in AGO[:-1])
        oldest = _backup(real_now - AGO[-1])
        oldest.checked_at = oldest.started_at + CHECKED_AFTER
        db.session.add(oldest)


def _backup(started_at: datetime) -> BackupRow:
    name = manifest.file_name(started_at)
    digest = hashlib.sha256(name.encode()).hexdigest()
    return BackupRow(
        started_at=started_at,
        took_ms=TOOK_MS,
        name=name,
        size=SIZE,
        row_count=ROWS,
        sha256=digest,
        check_hash=hashlib.sha256(digest.encode()).hexdigest(),
    )
