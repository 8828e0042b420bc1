"""The one clock: what time it is for the academy, and what time it really is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta


def real_now() -> datetime:
    """Return the machine's time, aware, in UTC: for sessions, limits on guessing, leases and one-time codes."""
    return datetime.now(UTC)


def _no_offset() -> timedelta:
    return timedelta(0)


_offset: Callable[[], timedelta] = _no_offset


def now() -> datetime:
    """Return the academy's time, aware, in UTC: the machine's time, moved in the demonstration."""
    return real_now() + _offset()


def today() -> date:
    """Return the academy's date in UTC; plan and measure count in these."""
    return now().date()


def move(offset: Callable[[], timedelta]) -> None:
    """Let the demonstration, or a test, say how far `now()` stands from `real_now()`."""
    global _offset  # noqa: PLW0603 - one clock a process is the point of this module
    _offset = offset


def set_right() -> None:
    """Put the academy's time back on the machine's."""
    move(_no_offset)
