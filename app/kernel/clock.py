"""The clock of all packages: the academy's date and time, which the demonstration moves, and the real time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta


def machine_now() -> datetime:
    """Return the machine's time, aware, in UTC: for schedules and for times that other devices compare."""
    return datetime.now(UTC)


def real_now() -> datetime:
    """Return the real time, aware, in UTC: for sessions, rate limits, leases, links and invitations.

    It is the machine's time. In the demonstration it starts on the first day of the demonstration and cannot be moved.
    """
    return machine_now() + _begins_ahead()


def _no_offset() -> timedelta:
    return timedelta(0)


_offset: Callable[[], timedelta] = _no_offset
_begins_ahead: Callable[[], timedelta] = _no_offset


def now() -> datetime:
    """Return the academy's time, aware, in UTC: `real_now()`, moved in the demonstration by its bar."""
    return real_now() + _offset()


def today() -> date:
    """Return the academy's date in UTC, on which the plan and the capacity measure are based."""
    return now().date()


def move(offset: Callable[[], timedelta]) -> None:
    """Set how far `now()` is ahead of `real_now()`, for the demonstration and for tests."""
    global _offset  # noqa: PLW0603 - one clock a process is the point of this module
    _offset = offset


def begin_ahead(offset: Callable[[], timedelta]) -> None:
    """Set how far `real_now()` is ahead of the machine's time: whole days, fixed for a demonstration."""
    global _begins_ahead  # noqa: PLW0603 - see `move`
    _begins_ahead = offset


def to_machine(real: datetime) -> datetime:
    """Convert a time of `real_now()` to the machine's time."""
    return real - _begins_ahead()


def set_right() -> None:
    """Reset the clock: all times are the machine's time."""
    move(_no_offset)
    begin_ahead(_no_offset)
