"""What follows an event: evaluated, follow-up, closed, by the days on which each part opened and ended."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AfterPhase(StrEnum):
    """The phase of an event after its last session."""

    FINISHED = "finished"  # its evaluation is open, or not open yet
    EVALUATED = "evaluated"
    FOLLOW_UP = "follow_up"  # the questions after three to six months are open
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterDates:
    """The days of evaluation and follow-up in the time of the event; None: not yet."""

    evaluation_opened_on: date | None = None
    evaluation_closes_on: date | None = None
    evaluation_closed_on: date | None = None
    asked: int = 0  # participants, by the evaluation
    follow_up_on: date | None = None  # chosen; None: the first possible day
    follow_up_opened_on: date | None = None
    follow_up_closed_on: date | None = None


def after_phase(dates: AfterDates | None) -> AfterPhase:
    """Return the phase of a finished event."""
    if dates is None or dates.evaluation_closed_on is None:
        return AfterPhase.FINISHED
    if dates.follow_up_closed_on is not None:
        return AfterPhase.CLOSED
    return AfterPhase.EVALUATED if dates.follow_up_opened_on is None else AfterPhase.FOLLOW_UP
