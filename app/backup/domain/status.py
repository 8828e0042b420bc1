"""The state of the backups of a site: when one is due, and when the last one or the last check is too old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TRY_AGAIN = timedelta(minutes=30)  # after a failure
GRACE = timedelta(hours=1)  # for the work of a backup itself
CHECK_WITHIN = timedelta(days=92)  # a holder restores a backup every three months


class BackupState(StrEnum):
    """The state of the last backup, or of the last check by a holder."""

    NEVER = "never"
    GOOD = "good"
    OLD = "old"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRun:
    """An attempt to make a backup.

    `name` is "" if it failed, `error` then says why; `faults`: what invariants and audit log report of the site itself.
    """

    name: str
    started_at: datetime
    took_ms: int
    size: int
    rows: int
    faults: int
    error: str


@dataclass(frozen=True, slots=True)
class HolderCheck:
    """When a holder restored a backup from its encrypted file, and which one."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """The last attempt and the last proved backup of the schedule, and the last check of any backup by a holder."""

    last: BackupRun | None
    good: BackupRun | None
    check: HolderCheck | None


def is_of_schedule(*, by_hand: bool, was_made: bool, has_place: bool, is_in_place: bool) -> bool:
    """Return whether an attempt says something about the scheduled backups of a site.

    An attempt by hand, with `flask backup`, does if it made a backup in their place: a failure is shown to the person
    who ran it. Where the jobs have no place for backups, another scheduler runs that command.
    """
    return not by_hand or not has_place or (was_made and is_in_place)


def is_due(last: BackupRun | None, every: timedelta, real_now: datetime) -> bool:
    """Return whether the next backup is due; after a failure it is tried again earlier."""
    if last is None:
        return True
    pause = min(every, TRY_AGAIN) if last.error else every
    # a clock that was set back does not put backups off
    return not last.started_at <= real_now < last.started_at + pause


def backup_state(summary: BackupSummary, every: timedelta, real_now: datetime) -> BackupState:
    """Return the state of the last backup: old after two periods without one."""
    if summary.last is not None and summary.last.error:
        return BackupState.FAILED
    if summary.good is None:
        return BackupState.NEVER
    is_old = real_now - summary.good.started_at > 2 * every + GRACE
    return BackupState.OLD if is_old else BackupState.GOOD


def check_state(check: HolderCheck | None, real_now: datetime) -> BackupState:
    """Return the state of the last check by a holder."""
    if check is None:
        return BackupState.NEVER
    return BackupState.OLD if real_now - check.at > CHECK_WITHIN else BackupState.GOOD
