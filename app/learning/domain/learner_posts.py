"""Rules of what learners write to the trainers of a course: reports of mistakes, and questions."""

import hashlib
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.kernel.errors import IllegalMoveError

MOST_A_DAY = 10  # reports of a person within 24 hours, and as many questions
DAY = timedelta(days=1)
LONGEST = 2000  # characters of a report, a question or an answer
LONGEST_PASSAGE = 300  # characters of the text that a report is about


class ReportState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class ReportStep(StrEnum):
    ANSWER = "answer"
    CLOSE = "close"


class QuestionState(StrEnum):
    """The state of a question; a published one is also a help entry for all readers of the course."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    PROPOSED = "proposed"
    PUBLISHED = "published"


class QuestionStep(StrEnum):
    ANSWER = "answer"
    CLOSE = "close"
    PROPOSE = "propose"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


REPORT_MOVES = {
    (ReportState.OPEN, ReportStep.ANSWER): ReportState.ANSWERED,
    (ReportState.OPEN, ReportStep.CLOSE): ReportState.CLOSED,
}


QUESTION_MOVES = {
    (QuestionState.OPEN, QuestionStep.ANSWER): QuestionState.ANSWERED,
    (QuestionState.OPEN, QuestionStep.CLOSE): QuestionState.CLOSED,
    (QuestionState.ANSWERED, QuestionStep.PROPOSE): QuestionState.PROPOSED,
    (QuestionState.PROPOSED, QuestionStep.PUBLISH): QuestionState.PUBLISHED,
    (QuestionState.PROPOSED, QuestionStep.WITHDRAW): QuestionState.ANSWERED,
    (QuestionState.PUBLISHED, QuestionStep.WITHDRAW): QuestionState.ANSWERED,
}


def after_report(state: ReportState, step: ReportStep) -> ReportState:
    """Return the next state of a report; raise IllegalMoveError for a step that is not in the table."""
    try:
        return REPORT_MOVES[state, step]
    except KeyError:
        raise IllegalMoveError("Another trainer has answered or closed this report.") from None


def after_question(state: QuestionState, step: QuestionStep) -> QuestionState:
    """Return the next state of a question; raise IllegalMoveError for a step that is not in the table."""
    try:
        return QUESTION_MOVES[state, step]
    except KeyError:
        raise IllegalMoveError("Another trainer has changed this question. Open the page again.") from None


def may_publish(by: UUID, proposed_by: UUID | None) -> bool:
    """Return whether a trainer may publish a help entry: a second person checks it."""
    return proposed_by is not None and by != proposed_by


def help_digest(question: str, answer: str) -> str:
    """Return the SHA-256 of the texts of a help entry: the form of the second trainer names what was read."""
    lengths = f"{len(question)},{len(answer)}"
    return hashlib.sha256(f"{lengths}:{question}{answer}".encode()).hexdigest()


def may_write(written_today: int) -> bool:
    """Return whether a person who wrote so many within 24 hours may write another one."""
    return written_today < MOST_A_DAY
