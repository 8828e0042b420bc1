"""Kinds, formats and states of events and sessions, and the table of steps between states."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from app.kernel.errors import IllegalMoveError


class WorkshopKind(StrEnum):
    WORKSHOP = "workshop"
    STUDY_VISIT = "study_visit"
    COLEP_MEETING = "colep_meeting"
    EXERCISE = "exercise"


class EnrolmentMode(StrEnum):
    OPEN = "open"  # first come, first served, with a waiting list
    NOMINATED = "nominated"  # countries nominate, and the seats are shared among them


class Unanswered(StrEnum):
    """What happens when an offer is not answered in time."""

    PASS_ON = "pass_on"  # noqa: S105 - it expires, and the next person of the waiting list gets an offer
    KEEP_ASKING = "keep_asking"  # it stays open until the day of reallocation


class WorkshopState(StrEnum):
    """The state of an event; `running` and `finished` are not states: they follow from the time."""

    DRAFT = "draft"
    CLEARED = "cleared"  # a second person approved it
    ANNOUNCED = "announced"  # open for booking
    SELECTION_MADE = "selection_made"  # the seats of a nominated event are shared, and offers go out
    SEATS_CONFIRMED = "seats_confirmed"  # a nominated event takes place
    POSTPONED = "postponed"  # a nominated event waits for another date; its nominations stay
    CLOSED = "closed"  # attendance is complete; read-only
    CANCELLED = "cancelled"


# announced, and neither over nor postponed
ACTIVE = (WorkshopState.ANNOUNCED, WorkshopState.SELECTION_MADE, WorkshopState.SEATS_CONFIRMED)
PUBLISHED = (*ACTIVE, WorkshopState.POSTPONED)
OVER = frozenset({WorkshopState.CLOSED, WorkshopState.CANCELLED})


class WorkshopStep(StrEnum):
    CLEAR = "clear"
    REVISE = "revise"  # changed after it was cleared: a second person must clear it again
    ANNOUNCE = "announce"
    SELECT = "select"
    CONFIRM_SEATS = "confirm_seats"
    POSTPONE = "postpone"
    RESUME = "resume"  # with another date, before the selection
    RESUME_SELECTED = "resume_selected"  # with another date, after the selection
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"  # attendance and scores can be entered again after closing or after their time


class HistoryKind(StrEnum):
    """What is written into the history of an event."""

    CLOSED = "closed"
    REOPENED = "reopened"
    ATTENDANCE_ASKED = "attendance_asked"  # staff asked a coordinator because the time for attendance is over
    SCORES_ASKED = "scores_asked"
    POSTPONED = "postponed"
    RESUMED = "resumed"
    SEATS_CONFIRMED = "seats_confirmed"  # with the reason if fewer people than the minimum confirmed


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
    (WorkshopState.ANNOUNCED, WorkshopStep.SELECT): WorkshopState.SELECTION_MADE,
    (WorkshopState.ANNOUNCED, WorkshopStep.POSTPONE): WorkshopState.POSTPONED,
    (WorkshopState.SELECTION_MADE, WorkshopStep.CONFIRM_SEATS): WorkshopState.SEATS_CONFIRMED,
    (WorkshopState.SELECTION_MADE, WorkshopStep.POSTPONE): WorkshopState.POSTPONED,
    (WorkshopState.SELECTION_MADE, WorkshopStep.CANCEL): WorkshopState.CANCELLED,
    (WorkshopState.SELECTION_MADE, WorkshopStep.CLOSE): WorkshopState.CLOSED,
    (WorkshopState.SELECTION_MADE, WorkshopStep.REOPEN): WorkshopState.SELECTION_MADE,
    (WorkshopState.SEATS_CONFIRMED, WorkshopStep.POSTPONE): WorkshopState.POSTPONED,
    (WorkshopState.SEATS_CONFIRMED, WorkshopStep.CANCEL): WorkshopState.CANCELLED,
    (WorkshopState.SEATS_CONFIRMED, WorkshopStep.CLOSE): WorkshopState.CLOSED,
    (WorkshopState.SEATS_CONFIRMED, WorkshopStep.REOPEN): WorkshopState.SEATS_CONFIRMED,
    (WorkshopState.POSTPONED, WorkshopStep.RESUME): WorkshopState.ANNOUNCED,
    (WorkshopState.POSTPONED, WorkshopStep.RESUME_SELECTED): WorkshopState.SELECTION_MADE,
    (WorkshopState.POSTPONED, WorkshopStep.CANCEL): WorkshopState.CANCELLED,
}


def after(state: WorkshopState, step: WorkshopStep) -> WorkshopState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError(f"A workshop that is {state} cannot {step}.") from None


def has_days(state: WorkshopState, days: tuple[date, date], earlier_days: tuple[date, date] | None) -> bool:
    """Return whether an event takes place on its days: a postponed one has none until it gets new ones."""
    return state is not WorkshopState.POSTPONED or days != earlier_days


def is_for(named: Collection[str], roles: Collection[str]) -> bool:
    """Return whether an event for the roles `named` (none: any officer) is open to a person with `roles`."""
    return not named or any(role in named for role in roles)
