"""Read which courses an event needs, for the assignments of officers with a seat."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.workshops.domain.events import WorkshopState
from app.workshops.models import Workshop
from app.workshops.shapes import has_days


@dataclass(frozen=True, slots=True)
class NeededCourses:
    """The codes of the courses that an event needs, none for a cancelled one or one without days, and its first day."""

    codes: tuple[str, ...]
    first_day: date


def needed_courses(workshop_id: UUID) -> NeededCourses | None:
    """Return the courses that an event needs, or None if there is no such event."""
    row = db.session.execute(select(*Workshop.__table__.columns).where(Workshop.id == workshop_id)).one_or_none()
    if row is None:
        return None
    takes_place = row.state is not WorkshopState.CANCELLED and has_days(row)
    return NeededCourses(tuple(row.prerequisites.split()) if takes_place else (), row.first_day)
