"""Rules of the matrix of officers: its views, which officers a bulk action fits, the next date of an officer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.coordination.domain.reminders import ReminderLimit
from app.learning.domain.completion import OPEN_STATES, CompletionState

MOST_AT_ONCE = 500  # officers of one bulk action

COMPLETED_STATES = frozenset({CompletionState.COMPLETED_ON_TIME, CompletionState.COMPLETED_LATE})


class MatrixView(StrEnum):
    """What the columns of the matrix are."""

    COURSES = "courses"
    COMPETENCIES = "competencies"


class MatrixOrder(StrEnum):
    """The order of the officers on a page."""

    ALIAS = "alias"
    NEXT_DATE = "next_date"
    OVERDUE = "overdue"


class SelectedOfficers(StrEnum):
    """Which officers a bulk action is for: those ticked, the page, or all that the filter finds."""

    TICKED = "ticked"
    PAGE = "page"
    FOUND = "found"


class Misfit(StrEnum):
    """Why a bulk action does not fit an officer: a suggestion of a course, an exemption, or a reminder."""

    SELF = "self"
    NOT_OPEN = "not_open"
    DONE = "done"
    SUGGESTED = "suggested"
    LANGUAGE = "language"
    OWN_ROW = "own_row"
    NOT_ASSIGNED = "not_assigned"
    EXEMPT = "exempt"
    NOT_LATE = "not_late"
    TOO_SOON = "too_soon"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An officer to whom a course may be suggested."""

    is_self: bool = False
    may_read: bool = True
    has_completed: bool = False
    is_suggested: bool = False
    reads_language: bool = True


def misfit(candidate: Candidate) -> Misfit | None:
    """Return the first reason why the suggestion does not fit an officer, or None if it fits."""
    reasons = {
        Misfit.SELF: candidate.is_self,
        Misfit.NOT_OPEN: not candidate.may_read,
        Misfit.DONE: candidate.has_completed,
        Misfit.SUGGESTED: candidate.is_suggested,
        Misfit.LANGUAGE: not candidate.reads_language,
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def next_date(days: Iterable[date | None], today: date) -> date | None:
    """Return the nearest of these days from today on, or None if all are past or unknown."""
    return min((day for day in days if day is not None and day >= today), default=None)


def exemption_misfit(state: CompletionState | None, *, is_self: bool, has_exemption: bool) -> Misfit | None:
    """Return why an exemption from a course does not fit an officer with this state in it, or None if it fits."""
    if is_self:
        return Misfit.OWN_ROW
    if has_exemption or state is CompletionState.EXEMPT:
        return Misfit.EXEMPT
    if state in COMPLETED_STATES:
        return Misfit.DONE
    return None if state in OPEN_STATES else Misfit.NOT_ASSIGNED


def reminder_misfit(limits: Collection[ReminderLimit | None], *, is_self: bool) -> Misfit | None:
    """Return why an officer cannot be reminded now, or None; `limits`: of each late course."""
    if is_self:
        return Misfit.OWN_ROW
    if not limits:
        return Misfit.NOT_LATE
    if None in limits:
        return None
    return Misfit.TOO_SOON if ReminderLimit.TOO_SOON in limits else Misfit.UNANSWERED
