"""Count the statistics, results and flagged questions of a course and store them: to count takes heavy statements."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from app.db.session import db
from app.db.upsert import upsert
from app.identity.queries import visible_identity
from app.quizzes.domain.item_flags import ItemFlag
from app.quizzes.queries import course_sums
from app.quizzes.queries.course_sums import CountedCourse
from app.quizzes.service import item_statistics
from app.studio.models import FlaggedQuestions, StoredResult
from app.studio.queries import results
from app.studio.queries.learner_figures import LearnerFigures


@dataclass(frozen=True, slots=True)
class CourseCount:
    """What was counted of the published version of a course, to be stored."""

    version_id: UUID
    course: CountedCourse
    figures: LearnerFigures


def count(course_id: UUID, version_id: UUID, now: datetime) -> CourseCount:
    """Count the first attempts and the learners of a course; call it outside `transaction()`, it can take seconds."""
    without = visible_identity.protected()
    figures = results.learner_figures_of(version_id, without, now)
    return CourseCount(version_id, course_sums.counted(course_id, without), figures)


def store(counted: CourseCount, now: datetime) -> int:
    """Store the counts of a course, its statistics, and its flagged questions; return how many of these."""
    version_id, course_id = counted.version_id, counted.course.course_id
    item_statistics.store_sums(counted.course, now)
    item_statistics.store(course_id, version_id, results.statistics_of(version_id, counted.course.sums), now)
    _store_figures(counted, now)
    flags = results.question_flags(version_id)
    order = list(ItemFlag)
    urgent = min(flags, key=lambda item: (order.index(flags[item][0]), item), default="")
    values = {"version_id": version_id, "questions": len(flags), "item": urgent, "counted_at": now}
    db.session.execute(upsert(FlaggedQuestions, ["course_id"], values), {"course_id": course_id, **values})
    return len(flags)


def _store_figures(counted: CourseCount, now: datetime) -> None:
    values = {
        "version_id": counted.version_id,
        "counted_at": now,
        "left_out": counted.course.left_out,
        "body": msgspec.json.encode(counted.figures).decode(),
    }
    row = {"course_id": counted.course.course_id, **values}
    db.session.execute(upsert(StoredResult, ["course_id"], values), row)
