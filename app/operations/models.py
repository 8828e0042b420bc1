"""Runs of jobs, and leases on them; times are the machine's."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class JobRun(Base):
    """The last runs of a job."""

    __tablename__ = "job_run"
    __table_args__ = (CheckConstraint("runs >= 0 AND took_ms >= 0", "counts_are_not_negative"),)

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_started_at: Mapped[datetime]
    last_good_at: Mapped[datetime | None]  # NULL: never ended well
    last_error: Mapped[str] = mapped_column(String(200), default="")
    runs: Mapped[int] = mapped_column(default=0)
    took_ms: Mapped[int] = mapped_column(default=0)


class Lease(Base):
    """Who may run a job, and until when: of several schedulers only one."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime]
