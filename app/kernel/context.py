"""Who is acting, and in which request: set at the door, read when an event is recorded."""

from contextvars import ContextVar
from uuid import UUID

actor_id: ContextVar[UUID | None] = ContextVar("actor_id", default=None)
request_id: ContextVar[str] = ContextVar("request_id", default="")
