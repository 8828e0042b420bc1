"""Record views of results by invigilator, and of who watched an officer, in the audit log."""

from datetime import datetime
from uuid import UUID

from app.checks.events import WatchingViewed
from app.db.session import record


def record_results_view(invigilators: int, now: datetime) -> None:
    """Record that a coordinator viewed the results of so many invigilators."""
    record(WatchingViewed(at=now, invigilators=invigilators))


def record_officer_view(person_id: UUID, country: str, now: datetime) -> None:
    """Record that a contact point viewed who watched an officer."""
    record(WatchingViewed(at=now, person_id=person_id, country=country))
