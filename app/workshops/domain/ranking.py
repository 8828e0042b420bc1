"""Put the officers of a nomination form in order: by the entered ranks, then as listed; move one up or down."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")
MOST_NOMINATED = 40  # officers of a country for one event
MOST_RANK = 999


@dataclass(frozen=True, slots=True)
class RankEntry:
    """A ticked officer in the order of the form; `rank` is None if none was entered."""

    person_id: UUID
    rank: int | None


def ordered(entries: Sequence[RankEntry]) -> list[UUID]:
    """Return the officers by rank, and those without a rank after them in the order of the form.

    Of two officers with the same rank, the one whose rank was made smaller comes first: the rank was changed to pass.
    """
    positions = {entry.person_id: position for position, entry in enumerate(entries, 1)}

    def key(entry: RankEntry) -> tuple[int, int, int, int]:
        position = positions[entry.person_id]
        if entry.rank is None:
            return (1, 0, 0, position)
        return (0, entry.rank, _direction(entry.rank, position), position)

    return [entry.person_id for entry in sorted(entries, key=key)]


def _direction(rank: int, position: int) -> int:
    """Return -1 for an officer who moves up, 1 for one who moves down, else 0."""
    return (rank > position) - (rank < position)


def moved(order: Sequence[T], item: T, step: int) -> list[T]:
    """Return the order with an item one place up (-1) or down (1); an item at the end, or a missing one, stays."""
    result = list(order)
    if item not in result:
        return result
    index = result.index(item)
    target = index + step
    if 0 <= target < len(result):
        result[index], result[target] = result[target], result[index]
    return result


class SeatOutlook(StrEnum):
    """The seat that a rank can get: of the country, one of the shared seats, or a place on the waiting list."""

    GUARANTEED = "guaranteed"
    POOL = "pool"
    RESERVE = "reserve"


def outlook(rank: int, *, guaranteed: int, capacity: int) -> SeatOutlook:
    """Return what a rank within a country can get at best, if all officers before it are eligible."""
    if rank <= guaranteed:
        return SeatOutlook.GUARANTEED
    return SeatOutlook.POOL if rank <= capacity else SeatOutlook.RESERVE
