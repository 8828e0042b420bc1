"""SQL conditions on the days of events; the twin of `domain.events.has_days`."""

from datetime import date

from sqlalchemy import ColumnElement, and_, not_, or_

from app.workshops.domain.events import WorkshopState
from app.workshops.models import Workshop


def without_days(event: type[Workshop] = Workshop) -> ColumnElement[bool]:
    """Return the condition of a postponed event that has no new days."""
    return and_(
        event.state == WorkshopState.POSTPONED,
        event.earlier_first_day.is_not_distinct_from(event.first_day),
        event.earlier_last_day.is_not_distinct_from(event.last_day),
    )


def is_to_come(today: date) -> ColumnElement[bool]:
    """Return the condition of an event whose last day has not passed, or that has no days."""
    return or_(Workshop.last_day >= today, without_days())


def is_past(today: date) -> ColumnElement[bool]:
    """Return the condition of an event whose last day has passed."""
    return not_(is_to_come(today))
