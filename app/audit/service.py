"""Adding to the trail."""

from dataclasses import fields
from typing import cast

import msgspec
from sqlalchemy import Table, insert

from app.audit.models import Entry
from app.db.session import db
from app.kernel.events import Event

ENVELOPE = frozenset({"at", "actor_id", "request_id"})


def note(happened: Event) -> None:
    """Write one row for an event."""
    row = {
        "at": happened.at,
        "name": type(happened).__name__,
        "actor_id": happened.actor_id,
        "request_id": happened.request_id,
        "facts": facts(happened),
    }
    db.session.connection().execute(_NOTE, row)


def facts(happened: Event) -> str:
    """Return what an event tells beside time, actor and request, as JSON with sorted names."""
    told = {f.name: getattr(happened, f.name) for f in fields(happened) if f.name not in ENVELOPE}
    return msgspec.json.encode(told, order="deterministic").decode()


# put together once: every event is noted
_NOTE = insert(cast("Table", Entry.__table__))
