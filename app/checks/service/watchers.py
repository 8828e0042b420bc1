"""Record who watched, or marked, what became evidence, and whether they belong to the officer's own chain."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.checks.domain.watching import in_own_chain
from app.checks.models import EvidenceWatcher
from app.checks.queries.chain import agency_on
from app.db.session import db
from app.db.upsert import insert_ignore
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan
from app.rights.queries import supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedEvidence:
    """A piece of evidence with the officer, the people who watched or marked, and the day on which they did."""

    evidence_id: int
    officer_id: UUID
    watcher_ids: Collection[UUID]
    day: date


def record(evidence_id: int, officer_id: UUID, watcher_ids: Collection[UUID], day: date) -> None:
    """Record the watchers of a piece of evidence; people who are recorded for it stay as they are."""
    record_all([WatchedEvidence(evidence_id=evidence_id, officer_id=officer_id, watcher_ids=watcher_ids, day=day)])


def record_all(rows: Sequence[WatchedEvidence]) -> None:
    """Record the watchers of many pieces of evidence; the number of statements depends on the days alone."""
    people = {row.officer_id for row in rows}.union(*(row.watcher_ids for row in rows))
    if not people:
        return
    spans = postings.postings(people)
    values: list[dict[str, object]] = []
    for day, of_day in _by_day(rows).items():
        values += _of_day(of_day, day, spans)
    if values:
        db.session.execute(insert_ignore(EvidenceWatcher, ("evidence_id", "person_id")), values)


def _by_day(rows: Sequence[WatchedEvidence]) -> Mapping[date, Sequence[WatchedEvidence]]:
    by_day: dict[date, list[WatchedEvidence]] = {}
    for row in sorted(rows, key=lambda row: row.day):
        by_day.setdefault(row.day, []).append(row)
    return by_day


def _of_day(
    rows: Sequence[WatchedEvidence], day: date, spans: Mapping[UUID, Sequence[PostingSpan]]
) -> Iterator[dict[str, object]]:
    """Yield the values of each watcher of the evidence of a day."""
    supervisors = supervision.supervisors_of_each({row.officer_id for row in rows}, day)
    for row in rows:
        for watcher_id in sorted(set(row.watcher_ids)):
            is_own = in_own_chain(
                watcher_agency=agency_on(spans, watcher_id, day),
                officer_agency=agency_on(spans, row.officer_id, day),
                supervises=watcher_id in supervisors.get(row.officer_id, ()),
            )
            yield {"evidence_id": row.evidence_id, "person_id": watcher_id, "in_own_chain": is_own}
