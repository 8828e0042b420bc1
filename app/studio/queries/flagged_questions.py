"""Read the stored counts of flagged questions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.studio.models import FlaggedQuestions


@dataclass(frozen=True, slots=True)
class FlagCount:
    """The flagged questions of a course; `item` is the most urgent one."""

    questions: int
    item: str
    counted_at: datetime


def by_version(versions: Collection[UUID]) -> Mapping[UUID, FlagCount]:
    """Return the counts of these published versions that have flagged questions."""
    query = select(
        FlaggedQuestions.version_id, FlaggedQuestions.questions, FlaggedQuestions.item, FlaggedQuestions.counted_at
    ).where(FlaggedQuestions.version_id.in_(versions), FlaggedQuestions.questions > 0)
    return {row[0]: FlagCount(*row[1:]) for row in db.session.execute(query)}
