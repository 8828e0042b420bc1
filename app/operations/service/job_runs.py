"""Leases of jobs and records of their runs, for `app.schedule`, which lists and runs the jobs."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from app.db.session import db, record
from app.db.upsert import upsert
from app.operations import queries
from app.operations.events import JobFailed
from app.operations.models import JobRun, Lease

# a lease that ends so much later than the requested one was taken before the clock was set back
CLOCK_SET_BACK = timedelta(hours=1)


def take_lease(name: str, holder: str, until: datetime, real_now: datetime) -> bool:
    """Take or extend the lease of a job; return False if another holder has it. One statement: one process gets it."""
    free = or_(Lease.until <= real_now, Lease.holder == holder, Lease.until > until + CLOCK_SET_BACK)
    statement = upsert(Lease, [Lease.name], {"holder": holder, "until": until}, condition=free)
    taken = statement.values(name=name, holder=holder, until=until).returning(Lease.name)
    return db.session.execute(taken).first() is not None


def release_lease(name: str, holder: str) -> None:
    """Release a lease, if the holder still has it."""
    db.session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))


def record_start(name: str, real_now: datetime) -> None:
    """Record the start of a job."""
    statement = upsert(JobRun, [JobRun.name], {"last_started_at": real_now, "runs": JobRun.runs + 1})
    db.session.execute(statement.values(name=name, last_started_at=real_now, runs=1))


def record_end(name: str, real_now: datetime, *, took_ms: int, error: str = "") -> None:
    """Record the end of a job; `error` contains kind and position, no values: they may be personal."""
    before = queries.run(name)
    values: dict[str, object] = {"took_ms": took_ms, "last_error": error[:200]}
    if not error:
        values["last_good_at"] = real_now
    elif before is None or not before.error:
        record(JobFailed(job=name, error=error[:200]))
    db.session.execute(update(JobRun).where(JobRun.name == name).values(values))
