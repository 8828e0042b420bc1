"""Officers under threat, who are left out of every table outside their country, and who serves without them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import cast
from uuid import UUID

from app.identity.queries import postings, visible_identity
from app.identity.queries.postings import ServingGroup
from app.identity.queries.visible_identity import Disclosure
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.frozen import NOTHING, needs_of
from app.plan.domain.sums import FigureSum
from app.plan.queries import figures, frozen, officers as counts
from app.plan.queries.needs import needs_in
from app.plan.shapes import CountedRecord
from app.web.request_state import request_state


def protected_people() -> frozenset[UUID]:
    """Return the officers under threat."""
    return _disclosure().protected


def agreed_countries() -> frozenset[str]:
    """Return the countries that agreed to exact counts; "" is an officer without a country."""
    return _disclosure().exact_counts | {""}


def protected_of(defined: StoredDefinition, day: date) -> list[CountedRecord]:
    """Return the records of officers under threat that count on a day."""
    return [
        record
        for record in _protected_records()
        if (record.code, record.version) == (defined.code, defined.version)
        and record.since <= day <= (record.until or day)
    ]


def without_protected(
    defined: StoredDefinition,
    sums: Mapping[str, FigureSum],
    *,
    split: str,
    day: date,
    among: Collection[str] | None = None,
) -> dict[str, FigureSum]:
    """Return the sums by country, role or kind of agency without officers under threat.

    `among`: the sums are of these countries only. In a locked quarter, the officers are those of the day of the lock.
    """
    rest = dict(sums)
    if locked := defined.frozen_on(day):
        cells = locked.cells if split == "country" else frozen.split_cells(defined, day, split, among=among)
        return {key: _without(amount, cells.get(key, NOTHING).protected) for key, amount in rest.items()}
    for record in protected_of(defined, day):
        if among is None or record.country in among:
            key = getattr(record, split)
            rest[key] = rest.get(key, FigureSum()) + FigureSum(-record.numerator, -record.denominator)
    return rest


def officers(defined: StoredDefinition, day: date, split: str, among: Collection[str]) -> dict[str, int]:
    """Return the officers of these cells, each once, without officers under threat."""
    counted = counts.people(defined, day, split, among)
    if defined.frozen_on(day):
        return counted
    protected = {(getattr(record, split), record.person_id) for record in protected_of(defined, day)}
    without = Counter(key for key, _person in protected)
    return {key: n - without[key] for key, n in counted.items()}


def needs(defined: StoredDefinition, day: date, split: str) -> dict[str, int]:
    """Return how many officers need the competencies of an indicator by country, role or kind of agency."""
    if defined.frozen_on(day):
        return needs_of(frozen.totals(defined, day, split))
    return needs_in(serving(day), defined.indicator, split)


def read_serving(days: Collection[date]) -> None:
    """Read the officers who serve on these days in one statement, for tables of several days."""
    groups = request_state().serving
    if missing := [day for day in days if day not in groups]:
        groups.update(postings.serving_groups(missing, protected_people()))


def serving(day: date) -> Sequence[ServingGroup]:
    """Return the officers who serve on a day."""
    read_serving([day])
    return request_state().serving[day]


def _protected_records() -> Sequence[CountedRecord]:
    """Return all records of officers under threat, read once a page."""
    state = request_state()
    if state.protected_records is None:
        people = protected_people()
        state.protected_records = figures.records_of(people) if people else []
    return state.protected_records


def _without(amount: FigureSum, protected: FigureSum) -> FigureSum:
    return FigureSum(amount.numerator - protected.numerator, amount.denominator - protected.denominator)


def _disclosure() -> Disclosure:
    """Return who is left out, read once a page."""
    state = request_state()
    if state.disclosure is None:
        state.disclosure = visible_identity.disclosure()
    return cast("Disclosure", state.disclosure)
