"""Context variables of the current request or job: the acting person and the request id, for events and logs.

`factory` sets the request id and clears both; `schedule` sets a job's id. `sign_in` and `demo` set the actor.
"""

from contextvars import ContextVar
from uuid import UUID

actor_id: ContextVar[UUID | None] = ContextVar("actor_id", default=None)
request_id: ContextVar[str] = ContextVar("request_id", default="")
