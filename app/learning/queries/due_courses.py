"""Read the courses that are due, or were due, on days near today, for notices and mails to their officers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.db.session import db
from app.learning.domain.completion import AssignmentSource
from app.learning.models.completion import Assignment
from app.learning.queries import completion_conditions


@dataclass(frozen=True, slots=True)
class DueCourse:
    """A course that an officer of a country is asked to complete by a day, and has not completed."""

    person_id: UUID
    course_id: UUID
    due_on: date
    country: str
    source: AssignmentSource


def people_due(days: tuple[date, date], today: date, after: UUID | None, size: int) -> list[UUID]:
    """Return the next people by id with a course that is due between these days and not completed today."""
    query = select(Assignment.person_id).distinct().where(*_due(days, today)).order_by(Assignment.person_id)
    if after is not None:
        query = query.where(Assignment.person_id > after)
    return list(db.session.scalars(query.limit(size)))


def due(people: Collection[UUID], days: tuple[date, date], today: date) -> list[DueCourse]:
    """Return the courses of these people that are due between these days and not completed today."""
    columns = (
        Assignment.person_id,
        Assignment.course_id,
        Assignment.due_on,
        Assignment.country,
        Assignment.source,
    )
    query: Any = select(*columns).where(Assignment.person_id.in_(people), *_due(days, today))
    rows = db.session.execute(query.order_by(Assignment.person_id, Assignment.due_on, Assignment.course_id))
    return [DueCourse(*row) for row in rows]


def _due(days: tuple[date, date], today: date) -> list[ColumnElement[bool]]:
    is_current = (Assignment.since <= today, or_(Assignment.until.is_(None), Assignment.until >= today))
    return [Assignment.due_on.between(*days), *is_current, completion_conditions.has_open_date(today)]
