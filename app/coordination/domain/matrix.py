"""Rules of the matrix of officers: its views, who a suggestion of a course fits, the next date of an officer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_AT_ONCE = 500  # officers to whom a course is suggested in one step


class MatrixView(StrEnum):
    """What the columns of the matrix are."""

    COURSES = "courses"
    COMPETENCIES = "competencies"


class SelectedOfficers(StrEnum):
    """Which officers a bulk action is for: those ticked, the page, or all that the filter finds."""

    TICKED = "ticked"
    PAGE = "page"
    FOUND = "found"


class Misfit(StrEnum):
    """Why a suggestion of a course does not fit an officer."""

    SELF = "self"
    NOT_OPEN = "not_open"
    DONE = "done"
    SUGGESTED = "suggested"
    LANGUAGE = "language"


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
