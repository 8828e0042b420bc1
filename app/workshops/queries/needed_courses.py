"""Read which courses an event needs, for the assignments of officers with a seat."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.workshops.domain.events import WorkshopState
from app.workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class NeededCourses:
    """The codes of the courses that an event needs, none for a cancelled one, and its first day."""

    codes: tuple[str, ...]
    first_day: date


def needed_courses(workshop_id: UUID) -> NeededCourses | None:
    """Return the courses that an event needs, or None if there is no such event."""
    query = select(Workshop.prerequisites, Workshop.first_day, Workshop.state).where(Workshop.id == workshop_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    is_cancelled = row.state is WorkshopState.CANCELLED
    return NeededCourses(() if is_cancelled else tuple(row.prerequisites.split()), row.first_day)
