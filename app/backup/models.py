"""Table of backups; times are of the machine clock."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String, true
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Numbered


class BackupRow(Numbered):
    """An attempt to make a backup, and the check of its file by a holder."""

    __tablename__ = "backup_run"
    __table_args__ = (
        CheckConstraint("(name = '') = (error <> '')", "made_or_failed"),
        CheckConstraint("took_ms >= 0 AND size >= 0 AND row_count >= 0 AND faults >= 0", "numbers_are_not_negative"),
        CheckConstraint("checked_at IS NULL OR check_hash <> ''", "checked_was_made"),
    )

    started_at: Mapped[datetime] = mapped_column(index=True)
    of_schedule: Mapped[bool] = mapped_column(default=True, server_default=true())  # `domain.status.is_of_schedule`
    took_ms: Mapped[int]
    name: Mapped[str] = mapped_column(String(60), default="")  # of the file; "": it failed
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes of the encrypted file
    sha256: Mapped[str] = mapped_column(String(64), default="")
    row_count: Mapped[int] = mapped_column(BigInteger, default=0)
    faults: Mapped[int] = mapped_column(default=0)  # of the site itself, found in the restored copy
    error: Mapped[str] = mapped_column(String(300), default="")
    check_hash: Mapped[str] = mapped_column(String(64), default="")  # of the code in the backup
    checked_at: Mapped[datetime | None]  # NULL: by no holder yet
