"""What this room tells others."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStarted(Event):
    playthrough_id: UUID
    person_id: UUID
    course_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChoiceMade(Event):
    playthrough_id: UUID
    person_id: UUID
    step: int
    node: str
    move: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFinished(Event):
    playthrough_id: UUID
    person_id: UUID
    course_id: UUID
    name: str
    share: float
    misses: int
    false_alarms: int
