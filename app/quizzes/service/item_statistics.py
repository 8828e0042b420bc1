"""Store the statistics of the items of a course: pages and evidence read them, because to count them takes seconds."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert

from app.db.base import table_of
from app.db.session import db
from app.db.upsert import upsert
from app.quizzes.domain.attempts import Purpose
from app.quizzes.models import CourseStatistic, CourseSum, RateBefore, UncountedAttempt
from app.quizzes.queries.course_sums import CountedCourse
from app.quizzes.shapes import CourseStatistics

PORTION = 5_000  # rows deleted with one statement


def store_sums(counted: CountedCourse, now: datetime) -> None:
    """Store the sums of a course, and delete the rows of the attempts that they cover now."""
    values = {"counted_at": now, "left_out": counted.left_out, "body": msgspec.json.encode(counted.sums).decode()}
    row = {"course_id": counted.course_id, **values}
    db.session.execute(upsert(CourseSum, ["course_id"], values), row)
    for start in range(0, len(counted.covered), PORTION):
        portion = counted.covered[start : start + PORTION]
        db.session.execute(delete(table_of(UncountedAttempt)).where(UncountedAttempt.id.in_(portion)))


def store(course_id: UUID, version_id: UUID, statistics: CourseStatistics, now: datetime) -> None:
    """Replace the stored statistics of a course by those of its published version."""
    body = msgspec.json.encode(statistics).decode()
    values = {"version_id": version_id, "counted_at": now, "body": body}
    db.session.execute(upsert(CourseStatistic, ["course_id"], values), {"course_id": course_id, **values})
    db.session.execute(delete(RateBefore).where(RateBefore.course_id == course_id))
    rows = [
        {
            "course_id": course_id,
            "item": answers.item,
            "revision": answers.revision,
            "n": answers.all.n,
            "share": min(1.0, max(0.0, answers.all.facility)),
        }
        for answers in statistics.answers
        if answers.purpose is Purpose.PRETEST
    ]
    if rows:
        db.session.execute(insert(RateBefore), rows)
