"""The share of verifications that are still valid after some days: the product-limit estimate from past periods."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

FEWEST_PERIODS = 30  # with fewer the standard path of the measure is used


@dataclass(frozen=True, slots=True)
class ValidDays:
    """How many days a verification was valid; `ended` False: it still runs, and this is how long so far."""

    days: int
    ended: bool


def still_valid(periods: Iterable[ValidDays], after: int) -> float | None:
    """Return the share of verifications valid `after` days later, None if the periods cannot tell.

    They cannot tell with fewer than 30 periods, or if none was observed for so long.
    """
    ordered = sorted(periods, key=lambda period: period.days)
    at_risk = len(ordered)
    if at_risk < FEWEST_PERIODS:
        return None
    ratio = 1.0
    for days, group in groupby(ordered, key=lambda period: period.days):
        if days > after:
            return ratio
        both = [period.ended for period in group]
        ratio *= 1 - sum(both) / at_risk
        at_risk -= len(both)
    return 0.0 if ratio == 0 else None
