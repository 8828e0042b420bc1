"""Handlers of events of attempts: submit watched work that was handed in, correct evidence after a corrected key."""

from app.checks.service import corrections, submission
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded, AttemptRegraded


def on_attempt_ended(event: AttemptEnded) -> None:
    """Mark the work of a watched attempt as submitted, by the officer, by time or by the close of the sitting."""
    if event.purpose == Purpose.WATCHED:
        submission.submit([event.attempt], event.at)


def on_attempt_regraded(event: AttemptRegraded) -> None:
    """Replace the evidence of a watched attempt whose score a corrected key changed."""
    if event.purpose == Purpose.WATCHED:
        corrections.replace_evidence(event.attempt, event.number, event.at)
