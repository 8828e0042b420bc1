"""Read job runs, clock of the database, and disk space, for `/operations` and `flask doctor`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text

from app.db.session import db
from app.identity.queries import people as accounts
from app.kernel.disks import Disk, disk
from app.operations import domain
from app.operations.domain import JobLine, Planned, Run
from app.operations.models import JobRun


def run(name: str) -> Run | None:
    """Return the runs of a job, or None if it never ran."""
    row = db.session.get(JobRun, name, populate_existing=True)
    return _run(row) if row else None


def lines(planned: Iterable[Planned], real_now: datetime) -> list[JobLine]:
    """Return the jobs with their states and runs."""
    runs = {row.name: _run(row) for row in db.session.scalars(select(JobRun))}
    return [domain.line(job, runs.get(job.name), real_now) for job in planned]


def database_clock() -> datetime:
    """Return the time of the database clock."""
    if db.engine.dialect.name == "sqlite":
        # SQLite has no clock but that of the machine it is opened on
        stamp = db.session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    moment: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def disks(files: Path) -> Mapping[str, Disk]:
    """Return the space of the disk of the files ("media") and, if the database file is on another, the "database"."""
    disks_by_use = {"media": disk(files)}
    name = db.engine.url.database
    if db.engine.dialect.name == "sqlite" and name not in {None, "", ":memory:"}:
        database_disk = disk(Path(str(name)))
        if (database_disk.total, database_disk.free) != (disks_by_use["media"].total, disks_by_use["media"].free):
            disks_by_use["database"] = database_disk
    return disks_by_use


def _run(row: JobRun) -> Run:
    return Run(row.name, row.last_started_at, row.last_good_at, row.last_error, row.runs, row.took_ms)


def find_person_id(text: str) -> UUID | None:
    """Return the person id for an alias or id, or None; closed accounts are included, as incidents close them first."""
    try:
        person_id = UUID(text)
    except ValueError:
        return accounts.person_by_alias(text, closed=True)
    return person_id if accounts.is_person(person_id) else None
