"""Rules of the surprise sample: quarters, the draw from a recorded seed, states of a drawn officer.

Source: capacity measure, section 6, and one in ten of the verifications that the officer's own chain alone watched.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter
from random import Random
from uuid import UUID

from app.catalogue.domain.items import Level

SAMPLE, FEWEST = 50, 20
ONE_IN = 10  # of the verifications that the own chain alone watched
SEED_BITS = 63  # a signed 64-bit column
LEVELS = (Level.FOUNDATION, Level.PRACTITIONER, Level.SPECIALIST)  # low to high


class PickState(StrEnum):
    DRAWN = "drawn"
    SEATED = "seated"
    CHECKED = "checked"
    EXCUSED = "excused"  # left the service, or is exempt; with a reason
    MISSED = "missed"  # the quarter ended without a check


_BY_NUMBER = attrgetter("int")
OPEN = frozenset({PickState.DRAWN, PickState.SEATED})
UNDONE = OPEN | {PickState.MISSED}  # a result of the quarter may still come, from a marker
LEFT = "left"  # the reason that the job records for officers without a posting


@dataclass(frozen=True, slots=True)
class DrawnOfficers:
    """The officers of a draw: the sample, and those whom another invigilator checks again; some may be in both."""

    sample: frozenset[UUID]
    again: frozenset[UUID]

    @property
    def all(self) -> list[UUID]:
        """Return all drawn officers in a fixed order."""
        return sorted(self.sample | self.again)


def drawn(seed: int, pool: Collection[UUID], own_chain: Collection[UUID]) -> DrawnOfficers:
    """Return the officers that a seed draws from a pool; the order of the collections does not matter.

    From fewer than 20 no sample is drawn, from up to 50 all. `own_chain`: the officers of the pool whose verification
    the own chain alone watched; one in ten, rounded up, is checked again by another invigilator.
    """
    random = Random(seed)  # noqa: S311 - the seed is recorded, so that the draw can be repeated
    sample = _drawn(random, pool, sample_size(len(pool)))
    return DrawnOfficers(sample, _drawn(random, own_chain, again_size(len(own_chain))))


def sample_size(pool: int) -> int:
    """Return how many officers are drawn from a pool of this size."""
    return 0 if pool < FEWEST else min(SAMPLE, pool)


def again_size(own_chain: int) -> int:
    """Return how many of these verifications another invigilator checks again: one in ten, rounded up."""
    return -(-own_chain // ONE_IN)


def level_of(required: Level | None, trained: Collection[Level]) -> Level:
    """Return the level of a surprise check: the required one, but none above the training; else the trained one."""
    highest = max(trained, key=LEVELS.index)
    return highest if required is None else min(required, highest, key=LEVELS.index)


def quarter_of(day: date) -> str:
    """Return the quarter of a day, such as "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def last_day(quarter: str) -> date:
    """Return the last day of a quarter."""
    year, number = _parts(quarter)
    following = date(year, 3 * number + 1, 1) if number < 4 else date(year + 1, 1, 1)
    return following - timedelta(days=1)


def first_day(quarter: str) -> date:
    """Return the first day of a quarter."""
    year, number = _parts(quarter)
    return date(year, 3 * number - 2, 1)


def counts_of(states: Mapping[PickState, int]) -> tuple[int, ...]:
    """Return the number of officers in each state, in the order of `PickState`."""
    return tuple(states.get(state, 0) for state in PickState)


def _parts(quarter: str) -> tuple[int, int]:
    year, _, number = quarter.partition("-Q")
    return int(year), int(number)


def _drawn(random: Random, people: Collection[UUID], size: int) -> frozenset[UUID]:
    ordered = sorted(dict.fromkeys(people), key=_BY_NUMBER)  # people in order are sorted in no time
    return frozenset(random.sample(ordered, min(size, len(ordered))))
