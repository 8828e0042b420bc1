"""How often a day somebody learns that an address cannot be invited: each such answer tells of membership abroad."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, select

from app.db import blind_index
from app.db.session import db
from app.invitations.models import AnswerAbroad

MOST = 20  # answers a person and day, of sheets and of single invitations together
DAY = timedelta(days=1)


def lock_name(person_id: UUID) -> str:
    """Return the name of the queue in which what one person asks is counted."""
    return blind_index.index("abroad", str(person_id))


def lookups_left(person_id: UUID, real_now: datetime) -> int:
    """Return how many such answers somebody still gets: at none nothing is asked at all, for "no" would be one, too."""
    mine = (AnswerAbroad.person_id == person_id, AnswerAbroad.at > real_now - DAY)
    return max(0, MOST - (db.session.scalar(select(func.sum(AnswerAbroad.count)).where(*mine)) or 0))


def record_lookup(person_id: UUID, count: int, real_now: datetime) -> bool:
    """Count answers; say False where they are more than somebody gets, which then are not given."""
    room = lookups_left(person_id, real_now)
    if count:
        db.session.add(AnswerAbroad(person_id=person_id, count=count, at=real_now))
    return count <= room


def delete_expired(real_now: datetime) -> int:
    """Remove the counts of days that are over."""
    gone = db.session.execute(delete(AnswerAbroad).where(AnswerAbroad.at <= real_now - DAY))
    return int(cast("Any", gone).rowcount)
