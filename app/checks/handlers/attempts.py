"""Handlers of events of attempts: submit watched work that was handed in, correct evidence after a corrected key.

Requests for a check follow the sittings in which their officers get a seat.
"""

from app.checks.events import SeatPlanned, SittingCancelled, SittingClosed, WorkSubmitted
from app.checks.service import corrections, requests, submission
from app.directory.events import IdentityRemoved
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


def on_seat_planned(event: SeatPlanned) -> None:
    """Note that a sitting is planned for the open requests of an officer who gets a seat."""
    requests.plan_for_seat(event.sitting_id, event.person_id, event.at, by=event.actor_id)


def on_work_submitted(event: WorkSubmitted) -> None:
    """Close the requests of an officer for a competency that a sitting has checked."""
    requests.mark_done(event.person_id, event.competency, event.at)


def on_sitting_over(event: SittingCancelled | SittingClosed) -> None:
    """Open the requests again that a cancelled sitting leaves, or a closed one of officers who were absent."""
    requests.reopen(event.sitting_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Withdraw the requests of a person who was erased, and remove the texts about them."""
    requests.delete_texts(event.person_id, event.at)
