"""SQL conditions of the states and flags of `domain.completion`, for rows of `Assignment` that contain the day."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_

from app.learning.domain.completion import DUE_SOON, STALLED, WAITING, CompletionFlag, CompletionState
from app.learning.models.completion import Assignment

OFFICER_DAYS = timedelta(days=7)  # so long after the date the officer acts, then others
STALLED_LONG = timedelta(days=35)


def is_in(state: CompletionState | CompletionFlag, day: date) -> ColumnElement[bool]:
    """Return the condition that a period has a state or flag on a day."""
    return _conditions(day)[state]


def is_due(day: date) -> ColumnElement[bool]:
    """Return the condition that the date of a course has come, whether it is completed or not; not if exempt."""
    is_needed = or_(Assignment.exempt_until.is_(None), _is_reached(Assignment.completed_on, day))
    return and_(Assignment.assigned_on.is_not(None), is_needed, Assignment.due_on <= day)


def has_open_date(day: date) -> ColumnElement[bool]:
    """Return the condition that a course with a date is not started or in progress."""
    return and_(_is_open(day), Assignment.due_on.is_not(None))


def is_chased(day: date) -> ColumnElement[bool]:
    """Return the condition that others than the officer act next: overdue for long, waiting, or stalled for long."""
    return and_(
        _is_open(day),
        or_(
            Assignment.due_on < day - OFFICER_DAYS,
            is_in(CompletionFlag.WAITING, day),
            and_(_is_reached(Assignment.begun_on, day), Assignment.last_step_on <= day - STALLED_LONG),
        ),
    )


def _conditions(day: date) -> dict[CompletionState | CompletionFlag, ColumnElement[bool]]:
    assigned, completed = Assignment.assigned_on.is_not(None), _is_reached(Assignment.completed_on, day)
    begun, is_open = _is_reached(Assignment.begun_on, day), _is_open(day)
    overdue = and_(Assignment.due_on.is_not(None), Assignment.due_on < day)
    return {
        CompletionState.BY_CHOICE: and_(not_(assigned), begun),
        CompletionState.COMPLETED_ON_TIME: and_(assigned, completed, Assignment.late.is_(False)),
        CompletionState.COMPLETED_LATE: and_(assigned, completed, Assignment.late.is_(True)),
        CompletionState.EXEMPT: and_(assigned, not_(completed), Assignment.exempt_until.is_not(None)),
        CompletionState.IN_PROGRESS: and_(is_open, begun),
        CompletionState.NOT_STARTED: and_(is_open, not_(begun)),
        CompletionFlag.OVERDUE: and_(is_open, overdue),
        CompletionFlag.DUE_SOON: and_(is_open, Assignment.due_on.between(day, day + DUE_SOON)),
        CompletionFlag.STALLED: and_(is_open, begun, Assignment.last_step_on <= day - STALLED),
        CompletionFlag.WAITING: and_(is_open, not_(begun), not_(overdue), Assignment.assigned_on <= day - WAITING),
    }


def _is_open(day: date) -> ColumnElement[bool]:
    """Return the condition that a course is not started or in progress."""
    return and_(
        Assignment.assigned_on.is_not(None),
        Assignment.exempt_until.is_(None),
        not_(_is_reached(Assignment.completed_on, day)),
    )


def _is_reached(column: Any, day: date) -> ColumnElement[bool]:
    return and_(column.is_not(None), column <= day)
