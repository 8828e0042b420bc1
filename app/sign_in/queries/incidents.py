"""Read the security incidents of the academy, for the figures of `plan`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.sign_in.domain import IncidentReason
from app.sign_in.models import PastIncident


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident; `ended_at` is None while it is active."""

    id: UUID
    reason: IncidentReason
    begun_at: datetime
    ended_at: datetime | None


def all_incidents() -> list[IncidentLine]:
    """Return all incidents, the first one first."""
    query = select(PastIncident.id, PastIncident.reason, PastIncident.begun_at, PastIncident.ended_at)
    return [IncidentLine(*row) for row in db.session.execute(query.order_by(PastIncident.begun_at, PastIncident.id))]
