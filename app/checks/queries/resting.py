"""Read which items rest in agencies: too many of their officers met them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import chain
from uuid import UUID

from app.checks.domain.resting import REST, Showing, resting
from app.checks.queries.chain import agency_on
from app.checks.queries.pools import Pool
from app.identity.queries import postings, roles
from app.quizzes.queries import watched


def resting_items(course_id: UUID, agency_ids: Collection[UUID], at: datetime) -> Mapping[UUID, frozenset[str]]:
    """Return the items of a course that rest at a time in each of these agencies, in two queries."""
    day = at.date()
    serving = postings.serving_in_agencies(agency_ids, day)
    showings: dict[UUID, list[Showing]] = {}
    for met in watched.items_met_by_group(course_id, serving, since=at - 2 * REST, until=at):
        showings.setdefault(met.group_id, []).append(Showing(met.item, met.day, met.times))
    officers = roles.count_practitioners(agency_ids, day) if showings else {}
    return {agency_id: resting(own, officers.get(agency_id, 0), day) for agency_id, own in showings.items()}


def resting_for(pool: Pool, person_id: UUID, opened_at: datetime) -> frozenset[str]:
    """Return the items of a pool that rest for an officer in a sitting that was opened at a time."""
    by_agency = [_resting_in(pool.course_id, agency_id, opened_at) for agency_id in agencies_of([person_id], opened_at)]
    return frozenset(pool.items).intersection(chain.from_iterable(by_agency))


@lru_cache(maxsize=64)
def _resting_in(course_id: UUID, agency_id: UUID, opened_at: datetime) -> frozenset[str]:
    """Return the items that rest in an agency, once for all officers of a sitting: they begin in the same minutes."""
    return resting_items(course_id, [agency_id], opened_at).get(agency_id, frozenset())


def count_left(pool: Pool, agency_ids: Collection[UUID], at: datetime) -> int:
    """Return how many items of a pool do not rest at a time, in that of these agencies with the fewest."""
    by_agency = resting_items(pool.course_id, agency_ids, at) if agency_ids else {}
    return pool.size - max((len(items.intersection(pool.items)) for items in by_agency.values()), default=0)


def agencies_of(person_ids: Collection[UUID], at: datetime) -> frozenset[UUID]:
    """Return the agencies in which these people serve at a time."""
    spans = postings.postings(person_ids) if person_ids else {}
    agency_ids = {agency_on(spans, person_id, at.date()) for person_id in person_ids}
    return frozenset(agency_id for agency_id in agency_ids if agency_id is not None)
