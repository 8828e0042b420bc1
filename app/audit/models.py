"""The trail: one narrow row an event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Numbered


class Entry(Numbered):
    """What happened, to what (`facts`: canonical JSON of ids and plain values), when, by whom, in which request."""

    __tablename__ = "audit_entry"

    at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[UUID | None]  # no foreign key: the trail outlives an erased person
    request_id: Mapped[str] = mapped_column(String(32))
    facts: Mapped[str]
