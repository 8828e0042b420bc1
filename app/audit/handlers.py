"""What the trail does when a room speaks."""

from collections.abc import Callable

from app.audit import service
from app.audit.service import Countries
from app.db.session import before_commit
from app.kernel.events import Event


def noting(countries: Countries) -> Callable[[Event], None]:
    """Return the handler that keeps every event; it is written at the end, when the chain is held most briefly."""

    def write() -> None:
        service.write(countries)

    def note(happened: Event) -> None:
        service.note(happened)
        before_commit(write)

    return note
