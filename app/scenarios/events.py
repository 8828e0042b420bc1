"""Events of cases: started, choice made, finished, and old choices deleted."""

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
    """A choice was made; the choice is not included, because the audit log is not deleted with it."""

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
    """The choices of this number of playthroughs were deleted; of finished ones the results remain."""

    cases: int
    choices: int
