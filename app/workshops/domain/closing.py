"""What an event lacks before it is complete: marks of attendance, scores by rubric."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.workshops.domain.attendance import ATTENDED, Mark


@dataclass(frozen=True, slots=True)
class ResultGaps:
    """How many marks are missing, by session with a missing one, and how many of the scores that are due."""

    marks: Mapping[UUID, int]
    scores: int
    scores_due: int

    @property
    def all_marks(self) -> int:
        """Return how many marks are missing in all sessions."""
        return sum(self.marks.values())

    def __bool__(self) -> bool:
        """Return whether anything is missing."""
        return bool(self.marks or self.scores)


def gaps(
    sessions: Collection[UUID],
    people: Mapping[UUID, Mapping[UUID, Mark]],
    outcomes: Collection[str],
    scored: Collection[tuple[UUID, str]],
) -> ResultGaps:
    """Return what is missing; `people` are the marks by booking and session, `scored` pairs of booking and competency.

    A person who was at no session needs no score.
    """
    open_marks = {session: sum(session not in marks for marks in people.values()) for session in sessions}
    there = [booking for booking, marks in people.items() if _may_have_been_there(sessions, marks)]
    due = {(booking, competency) for booking in there for competency in outcomes}
    return ResultGaps({one: number for one, number in open_marks.items() if number}, len(due - set(scored)), len(due))


def _may_have_been_there(sessions: Collection[UUID], marks: Mapping[UUID, Mark]) -> bool:
    return len(marks) < len(sessions) or not ATTENDED.isdisjoint(marks.values())
