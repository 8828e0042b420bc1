"""What the trail does when a room speaks."""

from app.audit import service
from app.kernel.events import Event


def note(happened: Event) -> None:
    """Keep every event."""
    service.note(happened)
