"""`ContributionPeriod`: the part of a record in a figure on each day of a period; what every rule returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.plan.domain.spans import FOREVER, PostingInterval

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionPeriod:
    """The contribution of a record on each day from `since` to `until` (inclusive; None: without end)."""

    thing: str
    since: date
    until: date | None = None
    numerator: float = 1.0
    denominator: float = 0.0
    country: str = ""
    agency_kind: str = ""
    role: str = ""
    person_id: UUID | None = None


def of_person(
    person_id: UUID,
    served: PostingInterval | None,
    *,
    thing: str,
    since: date,
    until: date | None = None,
    numerator: float = 1.0,
    denominator: float = 0.0,
) -> ContributionPeriod:
    """Return a contribution of an officer, in the cell of the posting."""
    return ContributionPeriod(
        thing=thing,
        since=since,
        until=until,
        numerator=numerator,
        denominator=denominator,
        country=served.country if served else "",
        agency_kind=served.agency_kind if served else "",
        role=served.role if served else "",
        person_id=person_id,
    )


def last_day(until: date) -> date | None:
    """Return the last day of a period, None for one without end."""
    return None if until == FOREVER else until
