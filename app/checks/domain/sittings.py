"""Rules of a watched sitting: its states and steps, the code, and what an officer is asked.

Source: capacity measure, sections 3 and 9.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.kernel.errors import IllegalMoveError

PLACE_LIMIT = 120
NOTE_LIMIT = 600
MOST_SEATS = 60
MOST_TASKS = 4
QUESTION_MINUTES = 30  # for 12 questions
DESK_MINUTES = 45  # of a desk task that names no time
MOST_ADDED_MINUTES = 30
CODE_LENGTH = 8
CODE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # without look-alikes: no 0, 1, i, l, o
PAUSE_ROOM = timedelta(days=30)  # added to each deadline while a sitting is interrupted, so that no time runs out
OPEN_WITHIN = timedelta(hours=12)  # before and after the planned time
LEFT_OPEN_AFTER = timedelta(hours=12)  # from the planned end on


class SittingState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    INTERRUPTED = "interrupted"  # no answer is accepted; the time of each seat stops
    CLOSED = "closed"
    CANCELLED = "cancelled"


class SittingStep(StrEnum):
    OPEN = "open"
    INTERRUPT = "interrupt"
    RESUME = "resume"
    CLOSE = "close"
    CANCEL = "cancel"


class SeatState(StrEnum):
    EXPECTED = "expected"
    ARRIVED = "arrived"  # entered the code; an invigilator compares name and service card
    CONFIRMED = "confirmed"
    WORKING = "working"
    FINISHED = "finished"
    ABSENT = "absent"
    REFUSED = "refused"  # the identity was not confirmed, or an invigilator ended the seat


class Way(StrEnum):
    """What a sitting asks of an officer for a competency."""

    QUESTIONS = "questions"
    DESK_TASK = "desk_task"


class WorkState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    SUBMITTED = "submitted"
    COUNTED = "counted"  # its evidence is recorded
    VOID = "void"  # an invigilator or the close of the sitting ended it without a result


RUNNING = frozenset({SittingState.OPEN, SittingState.INTERRUPTED})
LIVE = RUNNING | {SittingState.PLANNED}
TRANSITIONS: Mapping[tuple[SittingState, SittingStep], SittingState] = {
    (SittingState.PLANNED, SittingStep.OPEN): SittingState.OPEN,
    (SittingState.PLANNED, SittingStep.CANCEL): SittingState.CANCELLED,
    (SittingState.OPEN, SittingStep.INTERRUPT): SittingState.INTERRUPTED,
    (SittingState.INTERRUPTED, SittingStep.RESUME): SittingState.OPEN,
    (SittingState.OPEN, SittingStep.CLOSE): SittingState.CLOSED,
    (SittingState.INTERRUPTED, SittingStep.CLOSE): SittingState.CLOSED,
}


def after(state: SittingState, step: SittingStep) -> SittingState:
    """Return the next state of a sitting; raise IllegalMoveError for a step that is not in the table."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError("The sitting has another state now. Load the page again.") from None


def can(state: SittingState, step: SittingStep) -> bool:
    """Return whether a sitting in this state can take the step."""
    return (state, step) in TRANSITIONS


def new_code() -> str:
    """Return a random code for a sitting."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """Return a typed code as it is stored, "" for a text that is none."""
    code = "".join(sign for sign in text.lower() if not (sign.isspace() or sign in "-\u200e\u200f"))
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_SIGNS) else ""


def in_halves(code: str) -> str:
    """Return a code as a screen shows it: in capitals, in two halves."""
    return f"{code[: len(code) // 2]} {code[len(code) // 2 :]}".upper()


def can_open(planned_for: datetime, now: datetime) -> bool:
    """Return whether a planned sitting can be opened now: at most 12 hours from the planned time."""
    return abs(now - planned_for) <= OPEN_WITHIN


def was_never_opened(planned_for: datetime, now: datetime) -> bool:
    """Return whether a sitting that is still planned can no longer be opened."""
    return now > planned_for + OPEN_WITHIN


def is_left_open(planned_for: datetime, opened_at: datetime, minutes: int, now: datetime) -> bool:
    """Return whether a running sitting was left open: 12 hours have passed since its planned end.

    The end is that of all its tasks, from the planned time on, or from the opening if that was later.
    """
    return now >= max(planned_for, opened_at) + timedelta(minutes=minutes) + LEFT_OPEN_AFTER


def minutes_left(deadline: datetime | None, now: datetime) -> int | None:
    """Return the minutes until a deadline, rounded up, never below 0; None without one."""
    if deadline is None:
        return None
    return max(0, -(-int((deadline - now).total_seconds()) // 60))
