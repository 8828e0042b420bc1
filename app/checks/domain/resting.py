"""Rule of resting items: an item shown to over 20 % of an agency's officers leaves its watched checks for a year.

Source: capacity measure, section 9.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

REST = timedelta(days=365)
ONE_IN = 5  # 20 %


@dataclass(frozen=True, slots=True)
class Showing:
    """How many officers of an agency met an item on a day."""

    item: str
    day: date
    officers: int


def resting(showings: Iterable[Showing], officers: int, day: date) -> frozenset[str]:
    """Return the items that rest on a day in an agency with so many officers.

    An item rests for 365 days, from the day on which over 20 % of the officers had met it within 365 days. No item
    reaches the same officer twice in that time, so that the numbers of its days can be added.
    """
    by_item: dict[str, list[Showing]] = {}
    for showing in showings:
        if showing.day <= day:
            by_item.setdefault(showing.item, []).append(showing)
    return frozenset(item for item, own in by_item.items() if _rests(own, officers, day))


def _rests(showings: list[Showing], officers: int, day: date) -> bool:
    """Return whether the share of officers went over 20 % within the last 365 days."""
    by_day = sorted(showings, key=attrgetter("day"))
    first = met = 0  # the officers of the showings from the first one on, which lie within 365 days
    for showing in by_day:
        met += showing.officers
        while by_day[first].day <= showing.day - REST:
            met -= by_day[first].officers
            first += 1
        if met * ONE_IN > officers and showing.day > day - REST:
            return True
    return False
