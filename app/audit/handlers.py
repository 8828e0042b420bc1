"""The handler that writes every event of all packages to the audit log; listed in `app.subscriptions`."""

from collections.abc import Callable

from app.audit.service import entries
from app.audit.service.entries import Countries
from app.db.session import Buffer
from app.kernel.events import Event


def event_recorder(countries: Countries) -> Callable[[Event], None]:
    """Return the handler that records every event, written last so that the lock on the chain is short."""
    trail = Buffer[Event](lambda waiting: entries.write(waiting, countries))
    return trail.add
