"""Rules of a watched sitting: its states, the states of a seat and of the work of a seat.

Source: capacity measure, sections 3 and 9.
"""

from enum import StrEnum

PLACE_LIMIT = 120
NOTE_LIMIT = 600


class SittingState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    INTERRUPTED = "interrupted"  # no answer is accepted; the time of each seat stops
    CLOSED = "closed"
    CANCELLED = "cancelled"


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
