"""Daily limit of refused invitations for each sender: a refusal reveals an account in another country."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, select

from app.db import blind_index
from app.db.session import db
from app.invitations.models import AnswerAbroad

MOST = 20  # replies a person and day, for sheets and single invitations together
DAY = timedelta(days=1)


def lock_name(person_id: UUID) -> str:
    """Return the key for `lock_key` under which the refusals of a sender are counted."""
    return blind_index.index("abroad", str(person_id))


def lookups_left(person_id: UUID, real_now: datetime) -> int:
    """Return how many refusals a sender may still get today; at 0 no address is looked up."""
    conditions = (AnswerAbroad.person_id == person_id, AnswerAbroad.at > real_now - DAY)
    return max(0, MOST - (db.session.scalar(select(func.sum(AnswerAbroad.count)).where(*conditions)) or 0))


def record_lookup(person_id: UUID, count: int, real_now: datetime) -> bool:
    """Count refusals; return False if they exceed the limit, so that the caller does not show them."""
    left = lookups_left(person_id, real_now)
    if count:
        db.session.add(AnswerAbroad(person_id=person_id, count=count, at=real_now))
    return count <= left


def delete_expired(real_now: datetime) -> int:
    """Delete the counts of past days; return the number of rows."""
    result = db.session.execute(delete(AnswerAbroad).where(AnswerAbroad.at <= real_now - DAY))
    return int(cast("Any", result).rowcount)
