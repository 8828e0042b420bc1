"""Count the told sex of nominees and participants once, before it is deleted: for OP2.3, never for a single officer."""

from collections.abc import Collection
from datetime import date

from app.db.session import record
from app.kernel import clock
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.events import OVER, WorkshopState
from app.workshops.domain.nominations import SEX_KEPT, NominationState
from app.workshops.events.afterwards import NomineesCounted
from app.workshops.models import Nomination, Workshop
from app.workshops.service.store import afterwards as store
from app.workshops.shapes import has_days

FEWEST = 5  # nominees, and participants, who told it
TOLD = frozenset({CountedAs.WOMAN, CountedAs.MAN})


def is_countable(workshop: Workshop, today: date) -> bool:
    """Return whether it is known who took part, or whether the told sex has been stored long enough."""
    return workshop.state in OVER or (has_days(workshop) and today > workshop.last_day + SEX_KEPT)


def save_counts(workshop: Workshop, nominations: Collection[Nomination]) -> None:
    """Save the numbers of a closed event once; none are saved if fewer than five people told it."""
    nominees = [row for row in nominations if row.nominated_at is not None and row.counted_as in TOLD]
    attended = [row for row in nominees if row.state is NominationState.ATTENDED]
    if workshop.state is not WorkshopState.CLOSED or min(len(nominees), len(attended)) < FEWEST:
        return
    row = store.afterwards(workshop.id)
    if row.nominees_told is not None:
        return
    row.nominees_told, row.nominees_women = len(nominees), _women(nominees)
    row.attended_told, row.attended_women = len(attended), _women(attended)
    record(NomineesCounted(at=clock.now(), workshop_id=workshop.id))


def _women(nominations: Collection[Nomination]) -> int:
    return sum(row.counted_as is CountedAs.WOMAN for row in nominations)
