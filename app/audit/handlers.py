"""What the trail does when a room speaks."""

from collections.abc import Callable

from app.audit.service import entries
from app.audit.service.entries import Countries
from app.db.session import Buffer
from app.kernel.events import Event


def event_recorder(countries: Countries) -> Callable[[Event], None]:
    """Return the handler that keeps every event; it is written at the end, when the chain is held most briefly."""
    trail = Buffer[Event](lambda waiting: entries.write(waiting, countries))
    return trail.add
