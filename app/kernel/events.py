"""Base class of events: `db.session.record` queues them, `app.subscriptions` lists the handlers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

UNTOLD: Mapping[str, bool] = {"untold": True}  # metadata of a field that handlers need and the audit log must not store
NOT_YET = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact that has happened, named in the past tense; ids and plain values only.

    `record()` sets the time (if the service has not set it), the actor (None for a job) and the request id.
    `audit_name` is the stored name of a class that was renamed: hashes of the audit log include the name.
    """

    audit_name: ClassVar[str] = ""

    at: datetime = NOT_YET
    actor_id: UUID | None = None
    request_id: str = ""


def stored_name(kind: type[Event]) -> str:
    """Return the name under which the audit log stores an event class."""
    return kind.audit_name or kind.__name__
