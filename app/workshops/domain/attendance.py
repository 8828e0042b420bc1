"""Rules of attendance: deadline and reasons for changes, attendance rate, certificate of attendance."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Attendance(StrEnum):
    """The attendance of a participant at a session."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"


class AttendanceRefusal(StrEnum):
    """The reason why attendance marks cannot be saved."""

    NOT_BEGUN = "not_begun"
    COORDINATOR_ONLY = "coordinator_only"
    NO_REASON = "no_reason"


ATTENDED = frozenset({Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY})
CORRECTED_WITHIN = timedelta(days=14)  # by a trainer; later only a coordinator corrects
PREFILLED_WITHIN = timedelta(days=1)  # after the end of a session; later, attendance from memory is not reliable


def changed_marks(before: Mapping[T, Attendance], marks: Mapping[T, Attendance]) -> dict[T, Attendance]:
    """Return the marks that differ from the saved ones."""
    return {key: mark for key, mark in marks.items() if before.get(key) is not mark}


def refusal(
    *,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime,
    closed: bool,
    corrects: bool,
    coordinator: bool,
    reason: str,
) -> AttendanceRefusal | None:
    """Return why marks of a session cannot be saved now, or None; `corrects` if a mark replaces a saved one.

    A trainer records and corrects for 14 days while the event is not closed; later a coordinator does, with a reason.
    """
    if now < starts_at:
        return AttendanceRefusal.NOT_BEGUN
    late = _is_late(now, ends_at, closed=closed)
    if late and not coordinator:
        return AttendanceRefusal.COORDINATOR_ONLY
    needs_reason = late or corrects
    return AttendanceRefusal.NO_REASON if needs_reason and not reason.strip() else None


def _is_late(now: datetime, ends_at: datetime, *, closed: bool) -> bool:
    return closed or now > ends_at + CORRECTED_WITHIN


def is_prefilled(now: datetime, ends_at: datetime) -> bool:
    """Return whether the form preselects participants without saved attendance as present.

    It does until one day after the session; later, attendance from memory is not reliable.
    """
    return now <= ends_at + PREFILLED_WITHIN


def attendance_rate(marks: Collection[Attendance | None]) -> float | None:
    """Return the rate of sessions that a participant attended, or None for an event without sessions.

    `marks` has an entry for each session, None if attendance is not recorded: until then the session counts as
    missed. An excused session counts as missed, too, because the certificate states the rate of attended sessions.
    A failed connection is not an absence: it is recorded as late or left early.
    """
    return sum(mark in ATTENDED for mark in marks) / len(marks) if marks else None


def is_earned(reached: float | None, needed: float) -> bool:
    """Return whether a rate of attendance earns the certificate."""
    return reached is not None and reached >= needed
