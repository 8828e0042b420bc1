"""Rules of a seat in a watched sitting: its states and steps, and when an officer counts as late.

Source: capacity measure, section 9.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.checks.domain.sittings import NOTE_LIMIT, SeatState, WorkState
from app.kernel.errors import IllegalMoveError

LATE_AFTER = timedelta(minutes=10)  # after the sitting was opened


class SeatStep(StrEnum):
    ARRIVE = "arrive"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    BEGIN = "begin"
    MOVE = "move"  # to another device
    FINISH = "finish"
    MISS = "miss"


TRANSITIONS: Mapping[tuple[SeatState, SeatStep], SeatState] = {
    (SeatState.EXPECTED, SeatStep.ARRIVE): SeatState.ARRIVED,
    (SeatState.EXPECTED, SeatStep.MISS): SeatState.ABSENT,
    (SeatState.EXPECTED, SeatStep.REFUSE): SeatState.REFUSED,
    (SeatState.ARRIVED, SeatStep.CONFIRM): SeatState.CONFIRMED,
    (SeatState.ARRIVED, SeatStep.REFUSE): SeatState.REFUSED,
    (SeatState.ARRIVED, SeatStep.MOVE): SeatState.EXPECTED,
    (SeatState.ARRIVED, SeatStep.MISS): SeatState.ABSENT,
    (SeatState.CONFIRMED, SeatStep.BEGIN): SeatState.WORKING,
    (SeatState.CONFIRMED, SeatStep.REFUSE): SeatState.REFUSED,
    (SeatState.CONFIRMED, SeatStep.MOVE): SeatState.EXPECTED,
    (SeatState.CONFIRMED, SeatStep.FINISH): SeatState.FINISHED,
    (SeatState.WORKING, SeatStep.BEGIN): SeatState.WORKING,  # the next task
    (SeatState.WORKING, SeatStep.REFUSE): SeatState.REFUSED,
    (SeatState.WORKING, SeatStep.MOVE): SeatState.EXPECTED,
    (SeatState.WORKING, SeatStep.FINISH): SeatState.FINISHED,
}
_ADDED = re.compile(r"^\+([0-9]{1,2}): ", re.ASCII | re.MULTILINE)
AT_WORK = frozenset({SeatState.ARRIVED, SeatState.CONFIRMED, SeatState.WORKING})


def after(state: SeatState, step: SeatStep) -> SeatState:
    """Return the next state of a seat; raise IllegalMoveError for a step that is not in the table."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError("The seat has another state now. Load the page again.") from None


def can(state: SeatState, step: SeatStep) -> bool:
    """Return whether a seat in this state can take the step."""
    return (state, step) in TRANSITIONS


def is_late(opened_at: datetime, arrived_at: datetime) -> bool:
    """Return whether an officer came late: more than ten minutes after the sitting was opened."""
    return arrived_at > opened_at + LATE_AFTER


def at_close(state: SeatState, works: Iterable[WorkState]) -> SeatState:
    """Return the state of a seat after its sitting is closed: finished with any work, otherwise absent."""
    if state in (SeatState.REFUSED, SeatState.FINISHED):
        return state
    return SeatState.FINISHED if any(work is not WorkState.WAITING for work in works) else SeatState.ABSENT


def noted(before: str, text: str) -> str:
    """Return the notes of a seat with a further one, a line each, cut to the length that is stored."""
    return "\n".join(line for line in (before, " ".join(text.split())) if line)[:NOTE_LIMIT]


def minutes_note(minutes: int, reason: str) -> str:
    """Return the note about added minutes."""
    return f"+{minutes}: {reason}"


def minutes_added(note: str) -> int:
    """Return how many minutes were added to a seat, by its notes."""
    return sum(int(minutes) for minutes in _ADDED.findall(note))
