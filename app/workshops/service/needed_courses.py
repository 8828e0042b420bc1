"""Assign the courses that an event needs to the officers with a seat, due on the day before it begins."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from app.catalogue.queries import versions
from app.learning.service import assignments
from app.workshops.domain.events import WorkshopState
from app.workshops.queries import bookings, workshops
from app.workshops.shapes import WorkshopFacts

DAY = timedelta(days=1)


def assign(workshop_id: UUID, person_id: UUID, now: datetime) -> None:
    """Assign the courses to an officer who got a seat."""
    facts = workshops.get(workshop_id)
    if facts.prerequisites:
        _assign(facts, [person_id], now)


def withdraw(workshop_id: UUID, person_id: UUID, now: datetime) -> None:
    """End what the event assigned to an officer whose seat was withdrawn."""
    assignments.remove_event_seat(person_id, workshop_id, now)


def reassign(workshop_id: UUID, now: datetime) -> None:
    """Assign the courses again after a changed event; those of a cancelled event end."""
    facts = workshops.get(workshop_id)
    people = [booking.person_id for booking in bookings.seated(workshop_id)]
    if facts.state is not WorkshopState.CANCELLED:
        _assign(facts, people, now)
        return
    for person_id in people:
        assignments.remove_event_seat(person_id, workshop_id, now)


def _assign(facts: WorkshopFacts, people: Collection[UUID], now: datetime) -> None:
    courses = {record.code: record.id for record in versions.course_records()}
    needed = [courses[code] for code in facts.prerequisites if code in courses]
    for person_id in people:
        assignments.set_event_seat(person_id, needed, workshop_id=facts.id, due_on=facts.first_day - DAY, now=now)
