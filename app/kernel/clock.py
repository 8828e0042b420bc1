"""The one clock: what time it is for the academy, and what time it really is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta


def machine_now() -> datetime:
    """Return the machine's time, aware, in UTC: for schedules and whatever another device compares with its clock."""
    return datetime.now(UTC)


def real_now() -> datetime:
    """Return the time that passes by itself, aware, in UTC: for sessions, rate limits, leases, links and invitations.

    It is the machine's time. In the demonstration it begins on the first day of the story, and cannot be moved.
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
    """Return the academy's date in UTC; plan and measure count in these."""
    return now().date()


def move(offset: Callable[[], timedelta]) -> None:
    """Let the demonstration, or a test, say how far `now()` stands from `real_now()`."""
    global _offset  # noqa: PLW0603 - one clock a process is the point of this module
    _offset = offset


def begin_ahead(offset: Callable[[], timedelta]) -> None:
    """Set how far `real_now()` is ahead of the machine's time: in whole days, as long as a demonstration lives."""
    global _begins_ahead  # noqa: PLW0603 - see `move`
    _begins_ahead = offset


def to_machine(real: datetime) -> datetime:
    """Return the machine's time of a moment given as `real_now()`."""
    return real - _begins_ahead()


def set_right() -> None:
    """Put the academy's time back on the machine's."""
    move(_no_offset)
    begin_ahead(_no_offset)
