"""Reading from a read replica of PostgreSQL, for long work that only reads: reports.

A replica is some moments behind. It is read only after it has replayed all that was committed before the work began, in
one snapshot; otherwise the primary database is read. One connection checks, waits and reads: an address may name
several replicas, of which another one may be further behind.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from app.db.session import db, other_database

log = logging.getLogger("academy")
PATIENCE = 30.0  # seconds that a report waits for the replica
SHORT_PATIENCE = 1.0  # seconds that a page waits
PAUSE = 0.1
CONNECT_SECONDS = 3
SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
T = TypeVar("T")

_POSITION = text(
    "SELECT system_identifier::text AS system, current_database() AS name, pg_current_wal_flush_lsn()::text AS lsn"
    " FROM pg_control_system()"
)
_REPLAYED = text(
    "SELECT system_identifier::text AS system, current_database() AS name, pg_is_in_recovery() AS is_replica,"
    " pg_wal_lsn_diff(CAST(:lsn AS pg_lsn), pg_last_wal_replay_lsn())::bigint AS missing FROM pg_control_system()"
)
# without a replayed transaction, since the replica started
_SECONDS_SINCE_REPLAY = text(
    "SELECT EXTRACT(EPOCH FROM clock_timestamp()"
    " - COALESCE(pg_last_xact_replay_timestamp(), pg_postmaster_start_time()))"
)


class ReplicaError(Exception):
    """The replica cannot be read now; the text says why, in English."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the log of a database: the identifier of its cluster, its name, and how far the log is flushed."""

    system: str
    name: str
    lsn: str


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """Why reports cannot read the replica, in English, "" if they can; and how many bytes of the log it lacks now."""

    fault: str
    missing_bytes: int = 0


def read(url: str, work: Callable[[], T]) -> T:
    """Return the result of work that only reads, from the replica if it is up to date, else from the primary.

    The work may run twice: the replica may stop, or cancel a query that blocks its replay.
    """
    if not url:
        return work()
    position = _position()
    db.session.rollback()
    try:
        with _replica(url):
            _wait_for(position)
            db.session.connection(execution_options=SNAPSHOT)
            return work()
    except (ReplicaError, OperationalError) as error:
        log.warning("The read replica was not used (%s): the primary database is read.", _reason(error))
    return work()


def state(url: str, patience: float) -> ReplicaState:
    """Return the state of the replica after it had these seconds to replay what is committed now.

    It is a fault if the replica stays behind for longer than a report waits. Less patience does not wait for that: what
    the replica replayed last was then committed before. After a pause of all writing, that may be a false alarm.
    """
    position = _position()
    try:
        with _replica(url):
            missing = _missing_after(position, patience)
            stays_behind = bool(missing) and (patience >= PATIENCE or _seconds_since_replay() > PATIENCE)
            fault = f"it is {missing} bytes behind after {PATIENCE:.0f} seconds" if stays_behind else ""
            return ReplicaState(fault, missing)
    except (ReplicaError, OperationalError) as error:
        return ReplicaState(_reason(error))


def _position() -> Position:
    row = db.session.execute(_POSITION).one()
    return Position(row.system, row.name, row.lsn)


def _replica(url: str) -> Any:
    # without a reset between two uses: one that fails would open another connection silently
    one_connection = {"poolclass": StaticPool, "pool_reset_on_return": None}
    return other_database(url, connect_args={"connect_timeout": CONNECT_SECONDS}, **one_connection)


def _wait_for(position: Position) -> None:
    """Wait until the replica has replayed its log up to a position. Raises ReplicaError."""
    if missing := _missing_after(position, PATIENCE):
        raise ReplicaError(f"it is {missing} bytes behind")


def _missing_after(position: Position, patience: float) -> int:
    """Wait until the replica has replayed its log up to a position; return how many bytes it still lacks."""
    until = time.monotonic() + patience
    while (missing := _missing_bytes(position)) and time.monotonic() < until:
        time.sleep(PAUSE)
    return missing


def _missing_bytes(position: Position) -> int:
    """Return how many bytes of the log are not replayed. Raises ReplicaError if it is no replica of the database."""
    row = db.session.execute(_REPLAYED, {"lsn": position.lsn}).one()
    db.session.rollback()
    if not row.is_replica or (row.system, row.name) != (position.system, position.name):
        raise ReplicaError("it is not a replica of the database of the academy")
    return max(0, int(row.missing))


def _seconds_since_replay() -> float:
    """Return for how many seconds the transaction that was replayed last has been committed."""
    return float(db.session.execute(_SECONDS_SINCE_REPLAY).scalar_one())


def _reason(error: Exception) -> str:
    """Return a text without addresses and accounts, which the messages of the driver contain."""
    if isinstance(error, ReplicaError):
        return str(error)
    return f"it does not answer: {type(error.__cause__ or error).__name__}"
