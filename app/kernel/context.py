"""The actor and the id of the current request; cleared at the end of the request."""

from contextvars import ContextVar
from uuid import UUID

actor_id: ContextVar[UUID | None] = ContextVar("actor_id", default=None)
request_id: ContextVar[str] = ContextVar("request_id", default="")
