"""Kinds, formats and states of events and sessions, and the table of steps between states."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.kernel.errors import IllegalMoveError


class WorkshopKind(StrEnum):
    WORKSHOP = "workshop"
    STUDY_VISIT = "study_visit"


class WorkshopState(StrEnum):
    """The state of an event; `running` and `finished` are not states: they follow from the time."""

    DRAFT = "draft"
    CLEARED = "cleared"  # a second person approved it
    ANNOUNCED = "announced"  # open for booking
    CLOSED = "closed"  # attendance is complete; read-only
    CANCELLED = "cancelled"


OVER = frozenset({WorkshopState.CLOSED, WorkshopState.CANCELLED})


class WorkshopStep(StrEnum):
    CLEAR = "clear"
    REVISE = "revise"  # changed after it was cleared: a second person must clear it again
    ANNOUNCE = "announce"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"  # attendance and scores can be entered again after closing or after their time


class HistoryKind(StrEnum):
    """What is written into the history of an event."""

    CLOSED = "closed"
    REOPENED = "reopened"
    ATTENDANCE_ASKED = "attendance_asked"  # staff asked a coordinator because the time for attendance is over
    SCORES_ASKED = "scores_asked"


ASKED = frozenset({HistoryKind.ATTENDANCE_ASKED, HistoryKind.SCORES_ASKED})


class Format(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    BLENDED = "blended"


class SessionKind(StrEnum):
    PRACTICE = "practice"
    LECTURE = "lecture"
    DISCUSSION = "discussion"
    ASSESSMENT = "assessment"
    VISIT = "visit"


TRANSITIONS: Mapping[tuple[WorkshopState, WorkshopStep], WorkshopState] = {
    (WorkshopState.DRAFT, WorkshopStep.CLEAR): WorkshopState.CLEARED,
    (WorkshopState.CLEARED, WorkshopStep.REVISE): WorkshopState.DRAFT,
    (WorkshopState.CLEARED, WorkshopStep.ANNOUNCE): WorkshopState.ANNOUNCED,
    (WorkshopState.ANNOUNCED, WorkshopStep.CLOSE): WorkshopState.CLOSED,
    (WorkshopState.CLOSED, WorkshopStep.REOPEN): WorkshopState.ANNOUNCED,
    (WorkshopState.ANNOUNCED, WorkshopStep.REOPEN): WorkshopState.ANNOUNCED,
    (WorkshopState.DRAFT, WorkshopStep.CANCEL): WorkshopState.CANCELLED,
    (WorkshopState.CLEARED, WorkshopStep.CANCEL): WorkshopState.CANCELLED,
    (WorkshopState.ANNOUNCED, WorkshopStep.CANCEL): WorkshopState.CANCELLED,
}


def after(state: WorkshopState, step: WorkshopStep) -> WorkshopState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError(f"A workshop that is {state} cannot {step}.") from None


def is_for(named: Collection[str], roles: Collection[str]) -> bool:
    """Return whether an event for the roles `named` (none: any officer) is open to a person with `roles`."""
    return not named or any(role in named for role in roles)
