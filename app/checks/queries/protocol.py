"""Read the interruptions of a sitting."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.checks.models import SittingInterruption
from app.db.session import db


@dataclass(frozen=True, slots=True)
class InterruptionLine:
    """An interruption with its reason; `ended_at` is None while it lasts."""

    began_at: datetime
    ended_at: datetime | None
    reason: str


def interruptions(sitting_id: UUID) -> list[InterruptionLine]:
    """Return the interruptions of a sitting in order."""
    columns = (SittingInterruption.began_at, SittingInterruption.ended_at, SittingInterruption.reason)
    query = select(*columns).where(SittingInterruption.sitting_id == sitting_id)
    return [InterruptionLine(*row) for row in db.session.execute(query.order_by(SittingInterruption.began_at))]
