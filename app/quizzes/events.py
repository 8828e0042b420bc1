"""Events of this package."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted(Event):
    attempt: UUID
    person_id: UUID
    course_id: UUID
    version_id: UUID
    purpose: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded(Event):
    """An attempt was handed in by the person, or by the server when its time was over."""

    attempt: UUID
    person_id: UUID
    course_id: UUID
    version_id: UUID
    purpose: str
    number: int
    share: float
    passed: bool
    by: Literal["person", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptsReduced(Event):
    """Ended attempts, so many, lost their papers, saves of answers and marks: only the results are kept.

    Or so many that were never handed in lost their saves of answers.
    """

    attempts: int
    saves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeForgotten(Event):
    """Answers to questions in the text, so many, were removed."""

    answers: int
