"""Attendance: the marks, who may correct one and until when, what earns a certificate of attendance."""

from enum import StrEnum


class Mark(StrEnum):
    """How somebody was at a session (workshops, section 2)."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"
