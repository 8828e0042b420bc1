"""Count the people who are in the middle of a course, for its authors."""

from uuid import UUID

from sqlalchemy import func, select

from app.db.session import db
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment


def open_enrolments(course_id: UUID) -> int:
    """Return how many people of all countries have begun a course and not finished it."""
    query = select(func.count()).where(Enrolment.course_id == course_id, Enrolment.state == EnrolmentState.BEGUN)
    return db.session.scalar(query) or 0


def all_enrolments(course_id: UUID) -> int:
    """Return how many people of all countries have begun a course, with those who have finished it."""
    query = select(func.count()).where(Enrolment.course_id == course_id, Enrolment.state != EnrolmentState.ENDED)
    return db.session.scalar(query) or 0


def completions(course_id: UUID) -> int:
    """Return how many people of all countries have a completion of a course that counts now."""
    query = select(func.count()).where(Enrolment.course_id == course_id, Enrolment.state == EnrolmentState.COMPLETED)
    return db.session.scalar(query) or 0
