"""Completion of courses: the states and flags of an officer in a course on a day, and their counters in a cell.

Rules: coordination, section 1.1. Days are UTC dates, first and last days are inclusive.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

DAY = timedelta(days=1)
DUE_SOON, STALLED, WAITING = timedelta(days=14), timedelta(days=21), timedelta(days=21)
EVERY_ROLE = "*"
Vector = tuple[int, ...]  # counters in the order of `COUNTERS`


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
COMPLETED_STATES = frozenset({CompletionState.COMPLETED_ON_TIME, CompletionState.COMPLETED_LATE})


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
    recorded: int = 0  # a part of the completed ones: completed elsewhere, recorded by the contact point

    @property
    def completed(self) -> int:
        """Return how many completed the course, on time or late."""
        return self.completed_on_time + self.completed_late

    @property
    def learned(self) -> int:
        """Return how many completed the course in the academy."""
        return self.completed - self.recorded

    @property
    def need(self) -> int:
        """Return the denominator of the completion rate: those assigned and not exempt."""
        return self.assigned - self.exempt

    @property
    def rate(self) -> float | None:
        """Return completed / (assigned - exempt), or None without a need."""
        return self.completed / self.need if self.need else None

    def __add__(self, other: "CompletionCounts") -> "CompletionCounts":
        """Return the sums of all counters."""
        return CompletionCounts(*(getattr(self, name) + getattr(other, name) for name in COUNTERS))

    def __iter__(self) -> Iterator[int]:
        """Yield the counters in the order of their names in `COUNTERS`."""
        return (getattr(self, name) for name in COUNTERS)


COUNTERS = tuple(field.name for field in fields(CompletionCounts))
ZERO: Vector = (0,) * len(COUNTERS)


class CompletionGroup(StrEnum):
    """A group of a rollup: required, asked of a single officer (suggestion, event), or by choice."""

    REQUIRED = "required"
    ASKED = "asked"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A period (`until` None: open end) of an officer in a course with one basis; its days have states and flags.

    `due_on` None: not due. `exempt_until`: the last day of the exemption that is valid on all days of the period.
    `counted` is False for an officer under threat, who is in no rollup.
    """

    since: date
    until: date | None
    country: str
    role: str
    counted: bool = True
    cycle: int = 1
    source: AssignmentSource = AssignmentSource.NONE
    source_id: UUID | None = None
    required: bool = False
    assigned_on: date | None = None
    due_on: date | None = None
    problem: AssignmentProblem | None = None
    exempt_until: date | None = None
    begun_on: date | None = None
    last_step_on: date | None = None
    completed_on: date | None = None
    late: bool = False
    recorded: bool = False  # completed elsewhere on all days of the period

    @property
    def is_assigned(self) -> bool:
        """Return whether the course is assigned: a source applies, and nothing prevents the assignment."""
        return self.assigned_on is not None

    @property
    def group(self) -> CompletionGroup:
        """Return the group of the rollup in which the period counts."""
        if not self.is_assigned:
            return CompletionGroup.CHOICE
        return CompletionGroup.REQUIRED if self.required else CompletionGroup.ASKED


def state_on(spell: Spell, day: date) -> CompletionState | None:
    """Return the state on a day of the period; None if the course is neither assigned nor begun."""
    begun = _is_reached(spell.begun_on, day)
    if not spell.is_assigned:
        return CompletionState.BY_CHOICE if begun else None
    if _is_reached(spell.completed_on, day):
        return CompletionState.COMPLETED_LATE if spell.late else CompletionState.COMPLETED_ON_TIME
    if spell.exempt_until is not None:
        return CompletionState.EXEMPT
    return CompletionState.IN_PROGRESS if begun else CompletionState.NOT_STARTED


def flags_on(spell: Spell, day: date) -> frozenset[CompletionFlag]:
    """Return the flags on a day of the period: none for an officer who is exempt, has completed or reads by choice."""
    state = state_on(spell, day)
    return frozenset(_flags(spell, state, day)) if state in OPEN_STATES else frozenset()


def counts_on(spell: Spell, day: date) -> Vector:
    """Return the counters of a day of the period, in the order of `COUNTERS`."""
    state = state_on(spell, day)
    if state is None:
        return ZERO
    positions = [_POSITION[state]] if state is CompletionState.BY_CHOICE else [0, _POSITION[state]]
    positions += _further_positions(spell, state, day)
    return tuple(int(position in positions) for position in range(len(COUNTERS)))


def _further_positions(spell: Spell, state: CompletionState, day: date) -> list[int]:
    """Return the positions of the counters that are parts of a state: flags of an open one, recorded."""
    if state in OPEN_STATES:
        return [_POSITION[flag] for flag in _flags(spell, state, day)]
    return [_RECORDED] if spell.recorded and state in COMPLETED_STATES else []


def changes(spell: Spell) -> dict[date, Vector]:
    """Return the changes of the counters by day: to the first state, between states, and back to zero at the end.

    Flags are changes of later days, so that the sum up to any day, past or future, is right without a job.
    """
    moved: dict[date, Vector] = {}
    before = ZERO
    for day in _turning_days(spell):
        now = counts_on(spell, day)
        if now != before:
            moved[day] = _minus(now, before)
            before = now
    if spell.until is not None and before != ZERO:
        moved[spell.until + DAY] = _minus(ZERO, before)
    return moved


def month_of(day: date) -> int:
    """Return the number of a month: year x 12 + month - 1."""
    return day.year * 12 + day.month - 1


def _turning_days(spell: Spell) -> list[date]:
    """Return the days of the period on which a state or flag may change, in order."""
    days = {spell.since, spell.begun_on, spell.completed_on}
    if spell.due_on is not None:
        days |= {spell.due_on - DUE_SOON, spell.due_on + DAY}
    if spell.last_step_on is not None:
        days.add(spell.last_step_on + STALLED)
    if spell.assigned_on is not None:
        days.add(spell.assigned_on + WAITING)
    last = spell.until or date.max
    return sorted(day for day in days if day is not None and spell.since <= day <= last)


def _flags(spell: Spell, state: CompletionState | None, day: date) -> Iterator[CompletionFlag]:
    overdue = _is_past(spell.due_on, DAY, day)
    if _is_past(spell.due_on, -DUE_SOON, day):
        yield (CompletionFlag.DUE_SOON, CompletionFlag.OVERDUE)[overdue]
    if state is CompletionState.IN_PROGRESS and _is_past(spell.last_step_on, STALLED, day):
        yield CompletionFlag.STALLED
    if state is CompletionState.NOT_STARTED and not overdue and _is_past(spell.assigned_on, WAITING, day):
        yield CompletionFlag.WAITING


def _is_past(event: date | None, after: timedelta, day: date) -> bool:
    """Return whether a day is at least so long after an event."""
    return event is not None and event + after <= day


def _is_reached(event: date | None, day: date) -> bool:
    return event is not None and event <= day


def _minus(left: Vector, right: Vector) -> Vector:
    return tuple(first - second for first, second in zip(left, right, strict=True))


_POSITION: Mapping[StrEnum, int] = {
    member: COUNTERS.index(member.value) for kind in (CompletionState, CompletionFlag) for member in kind
}
_RECORDED = COUNTERS.index("recorded")
