"""Read whether people belong to the own chain of officers: they serve in the same agency, or supervise."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from app.checks.domain.watching import in_own_chain
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan
from app.rights.queries import supervision


def of_own_chain(officer_id: UUID, watcher_ids: Collection[UUID], day: date) -> frozenset[UUID]:
    """Return those of these people who belong to the own chain of an officer on a day."""
    spans = postings.postings({officer_id, *watcher_ids})
    supervisors = supervision.supervisors_of(officer_id, day)
    return frozenset(
        watcher_id
        for watcher_id in watcher_ids
        if in_own_chain(
            watcher_agency=agency_on(spans, watcher_id, day),
            officer_agency=agency_on(spans, officer_id, day),
            supervises=watcher_id in supervisors,
        )
    )


def agency_on(spans: Mapping[UUID, Collection[PostingSpan]], person_id: UUID, day: date) -> UUID | None:
    """Return the agency in which a person serves on a day, else on the nearest day, or None without any posting."""
    span = postings.nearest(list(spans.get(person_id, ())), day)
    return None if span is None else span.agency_id
