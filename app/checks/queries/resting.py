"""Read which items of a pool rest in agencies: too many of their officers met them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from app.checks.domain.resting import REST, Showing, resting
from app.checks.queries import chain
from app.checks.queries.pools import Pool
from app.identity.queries import postings, roles
from app.quizzes.queries import watched


def resting_items(pool: Pool, agency_ids: Collection[UUID], at: datetime) -> Mapping[UUID, frozenset[str]]:
    """Return the items of a pool that rest at a time in each of these agencies, in two queries."""
    day = at.date()
    serving = postings.serving_in_agencies(agency_ids, day)
    showings: dict[UUID, list[Showing]] = {}
    for met in watched.items_met_by_group(pool.course_id, serving, since=at - 2 * REST, until=at):
        showings.setdefault(met.group_id, []).append(Showing(met.item, met.day, met.people))
    officers = roles.count_practitioners(agency_ids, day) if showings else {}
    items = frozenset(pool.items)
    return {agency_id: items & resting(own, officers.get(agency_id, 0), day) for agency_id, own in showings.items()}


def resting_for(pool: Pool, person_id: UUID, at: datetime) -> frozenset[str]:
    """Return the items of a pool that rest at a time in the agency of an officer."""
    by_agency = resting_items(pool, agencies_of([person_id], at), at)
    return frozenset().union(*by_agency.values())


def count_left(pool: Pool, agency_ids: Collection[UUID], at: datetime) -> int:
    """Return how many items of a pool do not rest at a time, in that of these agencies with the fewest."""
    by_agency = resting_items(pool, agency_ids, at) if agency_ids else {}
    return pool.size - max(map(len, by_agency.values()), default=0)


def agencies_of(person_ids: Collection[UUID], at: datetime) -> frozenset[UUID]:
    """Return the agencies in which these people serve at a time."""
    spans = postings.postings(person_ids) if person_ids else {}
    agency_ids = {chain.agency_on(spans, person_id, at.date()) for person_id in person_ids}
    return frozenset(agency_id for agency_id in agency_ids if agency_id is not None)
