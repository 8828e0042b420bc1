"""Tables of job runs, job leases and the setup of a site; times are of the machine clock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class JobRun(Base):
    """The last runs of a job."""

    __tablename__ = "job_run"
    __table_args__ = (CheckConstraint("runs >= 0 AND took_ms >= 0", "counts_are_not_negative"),)

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_started_at: Mapped[datetime]
    last_good_at: Mapped[datetime | None]  # NULL: no good run yet
    last_error: Mapped[str] = mapped_column(String(200), default="")
    runs: Mapped[int] = mapped_column(default=0)
    took_ms: Mapped[int] = mapped_column(default=0)


class Lease(Base):
    """The right to run a job until a time: only one of several schedulers has it."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime]


class FirstRun(Base):
    """The progress of the setup of a site: one row, from the first setup code until the setup is finished."""

    __tablename__ = "first_run"
    __table_args__ = (
        CheckConstraint("id = 1", "there_is_one"),
        CheckConstraint("person_id IS NULL OR holder_hash IS NOT NULL", "administrator_typed_the_code"),
        CheckConstraint("finished_at IS NULL OR person_id IS NOT NULL", "finished_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime]
    holder_hash: Mapped[str | None] = mapped_column(String(64))  # of the one browser where the code was typed
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # the first administrator
    starter_wanted: Mapped[bool] = mapped_column(default=False)
    starter_loaded_at: Mapped[datetime | None]  # NULL: not yet, or not wanted
    starter_fault: Mapped[str] = mapped_column(String(300), default="")  # why it cannot be loaded
    finished_at: Mapped[datetime | None]
