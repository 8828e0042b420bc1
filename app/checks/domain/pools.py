"""Rules of the pool of a watched check: which sizes it may have, and the draw of 12 questions.

Source: capacity measure, section 9.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

from app.catalogue.domain.document_uses import PRODUCED
from app.catalogue.domain.items import Item
from app.kernel.errors import DomainError

DRAWN_QUESTIONS = 12
LEAST_POOL, FULL_POOL = 24, 60
UNMET = timedelta(days=365)  # no item reaches the same officer twice in this time


class PoolSize(StrEnum):
    TOO_SMALL = "too_small"  # desk tasks only
    SMALL = "small"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class PoolItem:
    """An item of a pool; `produced`: its answer is written, not chosen."""

    id: str
    produced: bool


def size_of(count: int) -> PoolSize:
    """Return the size of a pool by its number of items."""
    if count < LEAST_POOL:
        return PoolSize.TOO_SMALL
    return PoolSize.SMALL if count < FULL_POOL else PoolSize.FULL


def pool_item(item: Item) -> PoolItem:
    """Return an item of a bank as an item of a pool."""
    return PoolItem(item.id, item.kind in PRODUCED)


def draw(pool: Sequence[PoolItem], met: Collection[str], *, seed: int) -> list[str]:
    """Draw 12 items by chance that the officer has not met: half of them produced, as far as the pool allows.

    The same seed and pool draw the same items. Raises DomainError if too few are left.
    """
    random = Random(seed)  # noqa: S311 - the seed itself is a secret random number
    fresh = [item for item in pool if item.id not in met]
    if len(fresh) < DRAWN_QUESTIONS:
        raise DomainError("You met too many of these questions in the last 12 months. Take a desk task instead.")
    random.shuffle(fresh)
    half = DRAWN_QUESTIONS // 2
    produced = [item for item in fresh if item.produced][:half]
    rest = sorted((item for item in fresh if item not in produced), key=lambda item: item.produced)
    drawn = [*produced, *rest[: DRAWN_QUESTIONS - len(produced)]]
    random.shuffle(drawn)
    return [item.id for item in drawn]
