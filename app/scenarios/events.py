"""Events of this package."""

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
    """A choice was made; which one is not said, for the trail would keep it when the choice itself is gone."""

    playthrough_id: UUID
    person_id: UUID
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFinished(Event):
    playthrough_id: UUID
    person_id: UUID
    course_id: UUID
    name: str
    share: float
    misses: int
    false_alarms: int
    mark: float | None = None  # the mean pass value of the decisions; None in entries from before it was said


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesReduced(Event):
    """Ways through cases, so many, lost their choices: of finished ones only the results are kept."""

    cases: int
    choices: int
