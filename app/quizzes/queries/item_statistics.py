"""Read the statistics of items that the job stored: of a course, and of answers before it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.db.session import db
from app.kernel.shapes import ready
from app.quizzes.domain.item_flags import LEAST_FLAGGED
from app.quizzes.models import CourseStatistic, RateBefore
from app.quizzes.shapes import CourseStatistics

ready(CourseStatistics)


def stored(course_id: UUID, version_id: UUID) -> tuple[CourseStatistics, datetime] | None:
    """Return the statistics of a published version and the time of the count, None if they were not counted yet."""
    query = select(CourseStatistic.body, CourseStatistic.counted_at).where(
        CourseStatistic.course_id == course_id, CourseStatistic.version_id == version_id
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else (msgspec.json.decode(row.body, type=CourseStatistics), row.counted_at)


def rates_before(course_id: UUID, revisions: Mapping[str, int]) -> Mapping[str, float]:
    """Return the rate of right answers before the course of these items that at least 30 people answered."""
    query = select(RateBefore.item, RateBefore.revision, RateBefore.share).where(
        RateBefore.course_id == course_id, RateBefore.n >= LEAST_FLAGGED
    )
    return {item: rate for item, revision, rate in db.session.execute(query) if revisions.get(item) == revision}
