"""Rules of the tests before and after an event, and of the gain of its participants."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from uuid import UUID

FEWEST = 5  # people whose results are shown together
ITEMS = (6, 12, 20)
QUESTIONS = 12


class EventTestPart(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class EventGain:
    """Mean scores (0 to 1) of the people who took both tests."""

    pairs: int
    before: float
    after: float

    @property
    def gain(self) -> float:
        """Return the mean gain, from -1 to 1."""
        return self.after - self.before


def gain(before: Mapping[UUID, float], after: Mapping[UUID, float]) -> EventGain | None:
    """Return the gain of the people who took both tests, or None if they are fewer than five."""
    both = before.keys() & after.keys()
    if len(both) < FEWEST:
        return None
    return EventGain(len(both), fmean(before[person] for person in both), fmean(after[person] for person in both))
