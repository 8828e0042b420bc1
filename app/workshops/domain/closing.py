"""Count the missing attendance marks and rubric scores of an event, which need a reason when it is closed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.workshops.domain.attendance import ATTENDED, Attendance


@dataclass(frozen=True, slots=True)
class ResultGaps:
    """The number of missing marks by incomplete session, of missing scores, and of scores that are due."""

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
    people: Mapping[UUID, Mapping[UUID, Attendance]],
    outcomes: Collection[str],
    scored: Collection[tuple[UUID, str]],
) -> ResultGaps:
    """Return what is missing; `people` are marks by booking and session, `scored` pairs of booking and competency.

    A person who attended no session needs no score.
    """
    open_marks = {session: sum(session not in marks for marks in people.values()) for session in sessions}
    possibly_present = [booking for booking, marks in people.items() if _possibly_present(sessions, marks)]
    due = {(booking, competency) for booking in possibly_present for competency in outcomes}
    return ResultGaps(
        {session: number for session, number in open_marks.items() if number}, len(due - set(scored)), len(due)
    )


def _possibly_present(sessions: Collection[UUID], marks: Mapping[UUID, Attendance]) -> bool:
    return len(marks) < len(sessions) or not ATTENDED.isdisjoint(marks.values())
