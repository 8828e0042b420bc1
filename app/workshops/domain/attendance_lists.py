"""Merge an attendance list that a device sent with the saved attendance: each list counts once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from app.workshops.domain.attendance import Attendance, changed_marks

T = TypeVar("T")

RECORDED_WITHIN = timedelta(days=3)  # of the end of a session
REMINDED_BEFORE = timedelta(days=1)  # the deadline


@dataclass(frozen=True, slots=True)
class MergedList(Generic[T]):
    """The marks of a list to save, and those that wait for a decision: another mark was saved meanwhile."""

    saved: Mapping[T, Attendance]
    conflicts: Mapping[T, Attendance]


def merge(
    shown: Mapping[T, Attendance], current: Mapping[T, Attendance], sent: Mapping[T, Attendance], *, has_reason: bool
) -> MergedList[T]:
    """Merge a sent list, taken when `shown` was saved, with the current marks.

    A mark that the list did not change is left out. A changed mark is a conflict if another user saved a different
    one meanwhile, or if it replaces a saved mark and the list has no reason.
    """
    new = changed_marks(current, changed_marks(shown, sent))
    apart = {key for key in new if key in current and (current[key] is not shown.get(key) or not has_reason)}
    return MergedList(
        saved={key: value for key, value in new.items() if key not in apart},
        conflicts={key: new[key] for key in new if key in apart},
    )


def deadline(ends_at: datetime) -> datetime:
    """Return the moment until which the attendance of a session is to be recorded."""
    return ends_at + RECORDED_WITHIN


def is_reminded(ends_at: datetime, now: datetime) -> bool:
    """Return whether the trainers get a notice now: on the last day before the deadline."""
    return deadline(ends_at) - REMINDED_BEFORE <= now < deadline(ends_at)
