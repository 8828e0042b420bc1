"""What this room tells others."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopMade(Event):
    workshop_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopChanged(Event):
    """Its facts were written anew; `changed` names the fields."""

    workshop_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopStateChanged(Event):
    """It was cleared, announced, closed or cancelled: `state` is the new one; why stands with the event."""

    audit_name: ClassVar[str] = "WorkshopMoved"

    workshop_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopReopened(Event):
    """Attendance and scores of an event that was closed, or whose time was over, are taken again."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorAsked(Event):
    """Staff of an event asked the coordinators about attendance or scores whose time is over."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChanged(Event):
    workshop_id: UUID
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTaken(Event):
    """Somebody has a seat: at once, or out of the queue (`promoted`)."""

    workshop_id: UUID
    person_id: UUID
    seat: int
    promoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueJoined(Event):
    workshop_id: UUID
    person_id: UUID
    queued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWithdrawn(Event):
    workshop_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(Event):
    """Attendance of a session was written or corrected; `people` have a new mark, why stands with it."""

    audit_name: ClassVar[str] = "AttendanceKept"

    workshop_id: UUID
    session_id: UUID
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSeen(Event):
    """Somebody who runs or assesses an event looked at who takes part in it."""

    workshop_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricScored(Event):
    workshop_id: UUID
    person_id: UUID
    competency: str
    level: str
    number: int
