"""Use case of automatic notices: notify officers of courses that are due in 7 days, or were due the day before."""

from collections.abc import Sequence
from datetime import datetime

from app.access.targets import Target
from app.catalogue.queries import versions
from app.coordination.domain.due_notices import notice_of
from app.learning.queries.due_courses import DueCourse
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.messages.service import outbox
from app.ports import ports


def notify_each(courses: Sequence[DueCourse], now: datetime) -> int:
    """Notify the officers of these courses, once for each date and turn; return the number of new notices."""
    turns = {course: notice_of(course.due_on, now.date()) for course in courses}
    occasions = {
        course: f"course due:{course.course_id}:{course.due_on}:{turn}" for course, turn in turns.items() if turn
    }
    existing = messages.with_notices({course.person_id for course in occasions}, set(occasions.values()))
    slugs = {record.id: record.slug for record in versions.course_records({course.course_id for course in occasions})}
    return sum(
        outbox.notify(
            course.person_id,
            NoticeKind.DATE_ASKED,
            occasion=occasion,
            facts={"by": course.due_on.isoformat()},
            path=ports().path_to(Target.COURSE, slugs[course.course_id]),
            now=now,
        )
        for course, occasion in occasions.items()
        if (course.person_id, occasion) not in existing
    )
