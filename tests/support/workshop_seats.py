"""Rooms for the rules of seats."""

from datetime import timedelta

from app.workshops.domain.seats import SeatSituation
from tests.support.settings import NOW


def room(
    *, capacity: int = 3, taken: frozenset[int] = frozenset(), queue: int = 0, is_open: bool = True
) -> SeatSituation:
    return SeatSituation(capacity, taken, queue, is_open, NOW + timedelta(days=1))
