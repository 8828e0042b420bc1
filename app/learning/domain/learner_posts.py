"""Rules of what learners write to the trainers of a course: reports of mistakes."""

from datetime import timedelta
from enum import StrEnum

from app.kernel.errors import IllegalMoveError

MOST_A_DAY = 10  # reports of a person within 24 hours
DAY = timedelta(days=1)
LONGEST = 2000  # characters of a report or its answer
LONGEST_PASSAGE = 300  # characters of the text that a report is about


class ReportState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class ReportStep(StrEnum):
    ANSWER = "answer"
    CLOSE = "close"


REPORT_MOVES = {
    (ReportState.OPEN, ReportStep.ANSWER): ReportState.ANSWERED,
    (ReportState.OPEN, ReportStep.CLOSE): ReportState.CLOSED,
}


def after_report(state: ReportState, step: ReportStep) -> ReportState:
    """Return the next state of a report; raise IllegalMoveError for a step that is not in the table."""
    try:
        return REPORT_MOVES[state, step]
    except KeyError:
        raise IllegalMoveError("Another trainer has answered or closed this report.") from None


def may_write(written_today: int) -> bool:
    """Return whether a person who wrote so many within 24 hours may write another one."""
    return written_today < MOST_A_DAY
