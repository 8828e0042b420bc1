"""Completion of courses: the states and flags of an officer in a course on a day, and their counters in a cell.

Rules: coordination, section 1.1. Days are UTC dates, first and last days are inclusive.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
DUE_SOON_DAYS = 14
STALLED_DAYS = 21
WAITING_DAYS = 21
EVERY_ROLE = "*"


class CompletionState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED_ON_TIME = "completed_on_time"
    COMPLETED_LATE = "completed_late"
    EXEMPT = "exempt"
    BY_CHOICE = "by_choice"  # enrolled without an assignment


class CompletionFlag(StrEnum):
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    STALLED = "stalled"
    WAITING = "waiting"


class AssignmentSource(StrEnum):
    """What assigns a course: a requirement, a suggestion with a date, a seat in an event; none for by choice."""

    REQUIREMENT = "requirement"
    SUGGESTION = "suggestion"
    EVENT = "event"
    NONE = "none"


class AssignmentProblem(StrEnum):
    """Why an assignment cannot be met; it is not due until the problem is solved."""

    LANGUAGE = "language"
    NOT_PUBLISHED = "not_published"
    DUE_BEFORE_COURSE = "due_before_course"
    NO_ROLE = "no_role"


OPEN_STATES = frozenset({CompletionState.NOT_STARTED, CompletionState.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class CompletionCounts:
    """The counters of a cell on a day; assigned = exempt + not started + in progress + completed."""

    assigned: int = 0
    exempt: int = 0
    not_started: int = 0
    in_progress: int = 0
    completed_on_time: int = 0
    completed_late: int = 0
    overdue: int = 0
    due_soon: int = 0
    stalled: int = 0
    waiting: int = 0
    by_choice: int = 0

    @property
    def completed(self) -> int:
        """Return how many completed the course, on time or late."""
        return self.completed_on_time + self.completed_late

    @property
    def need(self) -> int:
        """Return the denominator of the completion rate: those assigned and not exempt."""
        return self.assigned - self.exempt

    @property
    def rate(self) -> float | None:
        """Return completed / (assigned - exempt), or None if nobody has to complete the course."""
        return self.completed / self.need if self.need else None

    def __add__(self, other: "CompletionCounts") -> "CompletionCounts":
        """Return the sums of all counters."""
        return CompletionCounts(*(getattr(self, name) + getattr(other, name) for name in COUNTERS))

    def __iter__(self) -> Iterator[int]:
        """Yield the counters in the order of their names in `COUNTERS`."""
        return (getattr(self, name) for name in COUNTERS)


COUNTERS = tuple(field.name for field in fields(CompletionCounts))
