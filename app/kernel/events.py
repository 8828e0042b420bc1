"""The base class of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

UNTOLD: Mapping[str, bool] = {"untold": True}  # metadata of a field that handlers need and the audit log must not store
NOT_YET = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact that has happened, named in the past tense; ids and plain values only.

    `record()` fills in the time (where the service gave none), the actor (none for a job) and the request id.
    """

    at: datetime = NOT_YET
    actor_id: UUID | None = None
    request_id: str = ""
