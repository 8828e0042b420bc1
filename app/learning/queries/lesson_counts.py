"""Count the lessons that officers have done in their courses, for their own country and their supervisors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.catalogue.queries import courses as catalogue
from app.db.session import db
from app.learning.models import Enrolment, LessonProgress


@dataclass(frozen=True, slots=True)
class LessonCount:
    """How many lessons are done, of those of the version that was begun."""

    done: int
    of: int


def lessons_done(people: Collection[UUID], courses: Collection[UUID]) -> Mapping[tuple[UUID, UUID], LessonCount]:
    """Return the lessons done by person and course, without courses that were not begun."""
    query = (
        select(Enrolment.person_id, Enrolment.course_id, Enrolment.version_id, func.count(LessonProgress.done_at))
        .outerjoin(LessonProgress, LessonProgress.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id.in_(people), Enrolment.course_id.in_(courses))
        .group_by(Enrolment.person_id, Enrolment.course_id, Enrolment.version_id)
    )
    rows = db.session.execute(query).all()
    lessons = {version_id: len(catalogue.outline(version_id).lessons) for version_id in {row[2] for row in rows}}
    return {(row[0], row[1]): LessonCount(min(row[3], lessons[row[2]]), lessons[row[2]]) for row in rows}
