"""Read whether a course offers peer marking to a person, and how many answers of colleagues wait."""

from datetime import datetime
from uuid import UUID

from app.catalogue.queries import versions
from app.catalogue.shapes import Outline
from app.learning.shapes import CourseStatus
from app.quizzes.queries import peer_marking

MOST_COUNTED = 20


def is_offered(status: CourseStatus, current: Outline) -> bool:
    """Return whether a person who began a course may ask and mark: its newest version allows it, and it is live."""
    return status.enrolment is not None and current.facts.peer_marking and not versions.is_retired(current.version_id)


def answers_waiting(person_id: UUID, status: CourseStatus, current: Outline, now: datetime) -> int:
    """Return how many answers of colleagues a person may mark in a course, 20 at most."""
    if not is_offered(status, current):
        return 0
    has_open = peer_marking.open_reading(person_id, current.course_id, now) is not None
    return len(peer_marking.waiting(person_id, current.course_id, now, MOST_COUNTED)) + has_open
