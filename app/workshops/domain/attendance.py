"""Attendance: the marks, who may correct one and until when, what earns a certificate of attendance."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Mark(StrEnum):
    """How somebody was at a session (workshops, section 2)."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"


class AttendanceRefusal(StrEnum):
    """Why marks are not taken."""

    NOT_BEGUN = "not_begun"
    COORDINATOR_ONLY = "coordinator_only"
    NO_REASON = "no_reason"


ATTENDED = frozenset({Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY})
CORRECTED_WITHIN = timedelta(days=14)  # workshops, section 6
PREFILLED_WITHIN = timedelta(days=1)  # after the end of a session; later, attendance from memory is not reliable


def changed(before: Mapping[T, Mark], marks: Mapping[T, Mark]) -> dict[T, Mark]:
    """Return the marks that say something new."""
    return {who: mark for who, mark in marks.items() if before.get(who) is not mark}


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
    """Say why marks of a session are not taken now, or None; `corrects` when one of them replaces another.

    A trainer marks and corrects for 14 days, while the event is not closed; later a coordinator does, with a reason.
    """
    if now < starts_at:
        return AttendanceRefusal.NOT_BEGUN
    late = closed or now > ends_at + CORRECTED_WITHIN
    if late and not coordinator:
        return AttendanceRefusal.COORDINATOR_ONLY
    if (late or corrects) and not reason.strip():
        return AttendanceRefusal.NO_REASON
    return None


def is_prefilled(now: datetime, ends_at: datetime) -> bool:
    """Return whether the form of a session starts with all present; late attendance starts empty."""
    return now <= ends_at + PREFILLED_WITHIN


def attendance_rate(marks: Collection[Mark | None]) -> float | None:
    """Return the share of all sessions that somebody was at, or None for an event without sessions.

    `marks` has one for each session, None where none was written: that one counts as missed until somebody writes it.
    So does one from which somebody was excused: the certificate says at how many of the sessions they were (workshops,
    section 6). A line that broke down is no absence: it is marked late or left early.
    """
    return sum(mark in ATTENDED for mark in marks) / len(marks) if marks else None


def is_earned(reached: float | None, needed: float) -> bool:
    """Say whether a share of attendance earns the certificate."""
    return reached is not None and reached >= needed
