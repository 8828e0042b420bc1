"""Quarters that two coordinators lock: from which day on, in which order, and which one is the first open one."""

from collections.abc import Collection
from datetime import date, timedelta

from app.kernel.errors import DomainError
from app.plan.domain.cells import quarter_end
from app.plan.domain.spans import DAY

WAIT = timedelta(days=14)  # after the end of a quarter, for evidence that comes late


def lockable_from(end: date) -> date:
    """Return the first day on which a quarter may be locked."""
    return end + WAIT


def quarters(starts: date, today: date) -> list[date]:
    """Return the last days of the quarters from the plan's first day to the running one, the oldest first."""
    ends = [quarter_end(starts)]
    while ends[-1] < quarter_end(today):
        ends.append(quarter_end(ends[-1] + DAY))
    return ends


def first_open(starts: date, locked: Collection[date]) -> date:
    """Return the last day of the oldest quarter that is not locked; all quarters before it are."""
    return quarter_end(max(locked) + DAY) if locked else quarter_end(starts)


def is_in_locked(day: date, locked: Collection[date]) -> bool:
    """Return whether a day lies in a locked quarter, or before all of them."""
    return bool(locked) and day <= max(locked)


def check_open(day: date, locked: Collection[date]) -> None:
    """Raise DomainError for the day of a figure entered by hand that lies in a locked quarter."""
    if is_in_locked(day, locked):
        raise DomainError(
            "Quarters are locked up to %(day)s. Enter a later day, and name the true day in the source.",
            day=max(locked).isoformat(),
        )


def check_lockable(end: date, *, starts: date, locked: Collection[date], today: date) -> None:
    """Raise DomainError for a quarter that is locked, not over long enough, or not the oldest open one."""
    if end in locked:
        raise DomainError("This quarter is locked.")
    if end != first_open(starts, locked):
        raise DomainError("Lock the oldest open quarter first.")
    if today < lockable_from(end):
        raise DomainError("A quarter can be locked from 14 days after its end.")
