"""What the participants of a study visit undertake: two commitments each, their states, and when they are due."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from app.kernel.errors import DomainError

MOST = 2  # of a participant
MOST_CHARACTERS = 300
REMINDED_BEFORE = timedelta(days=14)
LONGEST = timedelta(days=366)  # from the last day of the visit


class CommitmentState(StrEnum):
    """The state of a commitment; done and dropped are final, so that figures of past days stay true."""

    UNDER_WAY = "under_way"
    DONE = "done"  # with a note
    DROPPED = "dropped"  # with the reason


FINAL = frozenset({CommitmentState.DONE, CommitmentState.DROPPED})


def check_due(due: date, last_day: date, today: date) -> None:
    """Raise DomainError for a day that has passed, or that is later than a year after the visit."""
    if due < today or due > last_day + LONGEST:
        raise DomainError("Choose a day from today to a year after the visit.")


def check_step(state: CommitmentState, new: CommitmentState, note: str) -> None:
    """Raise DomainError for a change of a commitment that has ended, and for an end without a note."""
    if state in FINAL:
        raise DomainError("This commitment has ended. It can no longer be changed.")
    if new in FINAL and not note.strip():
        raise DomainError("Write the result, or why it was dropped.")


def is_late(state: CommitmentState, due: date, today: date) -> bool:
    """Return whether a commitment is not done by its day."""
    return state is CommitmentState.UNDER_WAY and due < today


def counts(states: Mapping[CommitmentState, int]) -> tuple[tuple[CommitmentState, int], ...]:
    """Return the number of commitments in each state."""
    return tuple((state, states.get(state, 0)) for state in CommitmentState)
