"""Frozen values of sittings, seats and work, for the other layers of this package and for packages above it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.catalogue.domain.items import Level
from app.checks.domain.sittings import SeatState, SittingState, Way, WorkState

Aim = tuple[str, Level]


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingTaskLine:
    """A competency at a level that a sitting checks, and how; `task` is the desk task, "" for questions."""

    position: int
    competency: str
    level: Level
    way: Way
    course_id: UUID
    task: str
    minutes: int

    @property
    def aim(self) -> Aim:
        """Return the competency with its level."""
        return self.competency, self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingDetails:
    """A sitting with its tasks and the people who watch it."""

    id: UUID
    code: str
    country: str
    agency_id: UUID | None
    location: str
    is_group: bool
    planned_for: datetime
    state: SittingState
    opened_at: datetime | None
    closed_at: datetime | None
    created_by: UUID
    note: str
    invigilators: tuple[UUID, ...]
    tasks: tuple[SittingTaskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """The work of a seat on a task."""

    position: int
    state: WorkState
    attempt_id: UUID | None
    began_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSeatLine:
    """A seat with its work in the order of the tasks; `session_id` and `browser_id` are digests."""

    id: UUID
    sitting_id: UUID
    person_id: UUID
    alias: str
    state: SeatState
    is_surprise: bool
    arrived_at: datetime | None
    is_late: bool
    confirmed_by: UUID | None
    confirmed_at: datetime | None
    session_id: str | None
    browser_id: str | None
    moves: int
    device_refused_at: datetime | None
    finished_at: datetime | None
    note: str
    works: tuple[WorkLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingRow:
    """A sitting in a list: what it checks, and how many officers have a seat, are at work, or have finished."""

    details: SittingDetails
    seats: int
    finished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerToPlan:
    """An officer for whom a supervisor plans a sitting, or a country without an officer; for the policy."""

    country: str
    supervisors: Collection[UUID]


@dataclass(frozen=True, slots=True)
class AttemptReader:
    """What an attempt needs of its officer: the language in which the officer reads, and the extra time in percent."""

    person_id: UUID
    language: str
    extra_time: int
