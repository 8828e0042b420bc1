"""How an item does: how many get it right, whether it tells those who know from those who do not, what they chose.

Figures are by revision of the item, and there are none for fewer than five people. They are of the attempts whose
marks are kept: of one that was reduced to its result all marks are gone at once, so that none counts in part.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import StatisticsError, correlation, fmean

LEAST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Response:
    """One person's mark for an item. `rest` is the mean share of the other questions of the paper, this one left out.

    `person` is any key that tells people apart; `chosen` are places of options, none for kinds without.
    """

    person: object
    revision: int
    share: float
    rest: float
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """`facility` is the mean share; `discrimination` lies within -1..1, None when all did alike; `chosen` by place."""

    people: int
    facility: float
    discrimination: float | None
    chosen: dict[int, int] = field(default_factory=dict)


def rest_shares(shares: Sequence[float]) -> list[float]:
    """Return for each question of a paper the mean share of all the others; 0 on a paper of one."""
    if len(shares) < 2:
        return [0.0] * len(shares)
    return [fmean([*shares[:place], *shares[place + 1 :]]) for place in range(len(shares))]


def facility(responses: Sequence[Response]) -> float | None:
    """Return the mean share; None below five people."""
    return fmean(response.share for response in responses) if _enough(responses) else None


def discrimination(responses: Sequence[Response]) -> float | None:
    """Return the point-biserial correlation of the item with the rest of the paper, the item itself left out.

    None below five people, and when everybody has the same mark for the item or for the rest.
    """
    if not _enough(responses):
        return None
    try:
        coefficient = correlation([response.share for response in responses], [response.rest for response in responses])
    except StatisticsError:
        return None
    return min(1.0, max(-1.0, coefficient))


def chosen_counts(responses: Sequence[Response]) -> dict[int, int]:
    """Return how many people chose each option, by place; empty below five people."""
    if not _enough(responses):
        return {}
    return dict(sorted(Counter(place for response in responses for place in response.chosen).items()))


def by_revision(responses: Iterable[Response]) -> dict[int, Figures]:
    """Return the figures of each revision that at least five people answered."""
    groups: dict[int, list[Response]] = {}
    for response in responses:
        groups.setdefault(response.revision, []).append(response)
    return {revision: _figures(group) for revision, group in sorted(groups.items()) if _enough(group)}


def _figures(group: Sequence[Response]) -> Figures:
    return Figures(
        people=_people(group),
        facility=fmean(response.share for response in group),
        discrimination=discrimination(group),
        chosen=chosen_counts(group),
    )


def _people(responses: Iterable[Response]) -> int:
    return len({response.person for response in responses})


def _enough(responses: Sequence[Response]) -> bool:
    return _people(responses) >= LEAST_PEOPLE
