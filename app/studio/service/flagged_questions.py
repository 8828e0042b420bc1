"""Count the statistics and flagged questions of a course and store them: to count takes heavy statements."""

from datetime import datetime
from uuid import UUID

from app.db.session import db
from app.db.upsert import upsert
from app.quizzes.domain.item_flags import ItemFlag
from app.quizzes.service import item_statistics
from app.studio.models import FlaggedQuestions
from app.studio.queries import results


def count(course_id: UUID, version_id: UUID, now: datetime) -> int:
    """Count the statistics and the flagged questions of the published version of a course; return the latter."""
    item_statistics.store(course_id, version_id, results.counted_statistics(version_id), now)
    flags = results.question_flags(version_id)
    order = list(ItemFlag)
    urgent = min(flags, key=lambda item: (order.index(flags[item][0]), item), default="")
    values = {"version_id": version_id, "questions": len(flags), "item": urgent, "counted_at": now}
    db.session.execute(upsert(FlaggedQuestions, ["course_id"], values), {"course_id": course_id, **values})
    return len(flags)
