"""Assign the courses that an event needs to the officers with a seat, due on the day before it begins."""

from datetime import datetime, timedelta
from uuid import UUID

from app.catalogue.queries import versions
from app.learning.service import assignments
from app.workshops.queries import bookings
from app.workshops.queries.needed_courses import NeededCourses, needed_courses

DAY = timedelta(days=1)


def assign(workshop_id: UUID, person_id: UUID, now: datetime) -> None:
    """Assign the courses to an officer who got a seat."""
    needed = needed_courses(workshop_id)
    if needed is not None and needed.codes:
        _assign(workshop_id, person_id, needed, now)


def withdraw(workshop_id: UUID, person_id: UUID, now: datetime) -> None:
    """End what the event assigned to an officer whose seat was withdrawn."""
    assignments.remove_event_seat(person_id, workshop_id, now)


def reassign(workshop_id: UUID, now: datetime) -> None:
    """Assign the courses again after an event was changed; a cancelled event, or one without days, needs none."""
    needed = needed_courses(workshop_id)
    if needed is not None:
        for booking in bookings.seated(workshop_id):
            _assign(workshop_id, booking.person_id, needed, now)


def _assign(workshop_id: UUID, person_id: UUID, needed: NeededCourses, now: datetime) -> None:
    codes = set(needed.codes)
    courses = [record.id for record in versions.course_records() if record.code in codes] if codes else []
    assignments.set_event_seat(person_id, courses, workshop_id=workshop_id, due_on=needed.first_day - DAY, now=now)
