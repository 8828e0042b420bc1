"""Compare the stored sums over first attempts with a full count of the attempts they cover; for the nightly check."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.quizzes.domain.answer_sums import differ
from app.quizzes.models import CourseSum
from app.quizzes.queries import course_sums


def faults(without: frozenset[UUID]) -> Iterator[str]:
    """Yield a message for each course whose sums are not those of its attempts; these people do not count.

    A course that waits for a full count, or that the job counted meanwhile, is left out.
    """
    for course_id in db.session.scalars(select(CourseSum.course_id).order_by(CourseSum.course_id)).all():
        before = course_sums.stored(course_id, without)
        counted = course_sums.recounted(course_id, without)
        after = course_sums.stored(course_id, without)
        if counted is None or before is None or after is None or before[1] != after[1]:
            continue
        if differ(before[0], counted):
            yield f"statistics: the sums of course {course_id} are not those of its attempts"
