"""What this room tells others."""

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed(Event):
    """A job failed after a good run; told once until it is well again."""

    job: str
    error: str
