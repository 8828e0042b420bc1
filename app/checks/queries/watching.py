"""Read who watched evidence, whether the officer's own chain alone did, and results by invigilator."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, Subquery, case, distinct, func, select

from app.catalogue.domain.items import Level
from app.checks.domain.watching import InvigilatorResult, ResultCount, compared
from app.checks.models import EvidenceWatcher, SittingSeat
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import watched
from app.competence.queries.watched import WatchedPiece
from app.db.session import db

PERIOD = timedelta(days=365)  # of the results that are compared
Stratum = tuple[str, Level, EvidenceKind]


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """A piece of watched evidence; `watchers` are those recorded for it, without who only marked it."""

    piece: WatchedPiece
    watchers: tuple[UUID, ...]
    own_chain_alone: bool

    @property
    def is_marked_blind(self) -> bool:
        """Return whether an assessor marked the work without knowing whose it is."""
        return self.piece.kind is EvidenceKind.DESK_TASK and self.piece.assessor_id is not None


@dataclass(frozen=True, slots=True)
class WatchingComparison:
    """The invigilators with enough results; `officers` is the number of officers that each watched.

    `overall` are the results of all and those that passed. `others`: invigilators with too few results.
    `refused_devices`: seats at which a second device was refused.
    """

    results: Sequence[InvigilatorResult]
    officers: Mapping[UUID, int]
    overall: tuple[int, int]
    others: int
    refused_devices: int


def own_chain_alone() -> Select[int]:
    """Return the query of the numbers of evidence that only people of the officer's own chain watched or marked."""
    outside = func.sum(case((EvidenceWatcher.in_own_chain, 0), else_=1))
    return select(EvidenceWatcher.evidence_id).group_by(EvidenceWatcher.evidence_id).having(outside == 0)


def own_chain_alone_of(people: Collection[UUID]) -> frozenset[int]:
    """Return the numbers of the watched evidence on these people that their own chain alone watched."""
    query = own_chain_alone().where(EvidenceWatcher.evidence_id.in_(watched.watched_ids(people)))
    return frozenset(db.session.scalars(query))


def lines_of(people: Collection[UUID], competency: str = "") -> dict[UUID, list[WatchedLine]]:
    """Return the watched evidence on these people with its watchers, the oldest first, in two queries."""
    query = select(EvidenceWatcher.evidence_id, EvidenceWatcher.person_id, EvidenceWatcher.in_own_chain).where(
        EvidenceWatcher.evidence_id.in_(watched.watched_ids(people, competency))
    )
    watchers: dict[int, list[tuple[UUID, bool]]] = {}
    for evidence_id, watcher_id, in_own_chain in db.session.execute(query.order_by(EvidenceWatcher.person_id)):
        watchers.setdefault(evidence_id, []).append((watcher_id, in_own_chain))
    lines: dict[UUID, list[WatchedLine]] = {}
    for piece in watched.watched_evidence(people, competency):
        lines.setdefault(piece.person_id, []).append(_line(piece, watchers.get(piece.id, [])))
    return lines


def watched_days(people: Collection[UUID]) -> dict[UUID, list[WatchedLine]]:
    """Return the watched evidence on those of these people whose own chain alone watched a piece, without names."""
    alone = own_chain_alone_of(people)
    lines: dict[UUID, list[WatchedLine]] = {}
    for piece in watched.watched_evidence(people) if alone else ():
        lines.setdefault(piece.person_id, []).append(WatchedLine(piece, (), piece.id in alone))
    return {
        person_id: of_person
        for person_id, of_person in lines.items()
        if any(line.own_chain_alone for line in of_person)
    }


def comparison(now: datetime) -> WatchingComparison:
    """Return the results of sittings in a year by invigilator, beside those of all for the same competencies."""
    results = watched.results_since(now.date() - PERIOD)
    counts = _counts(results)
    totals = _totals(results)
    shown = compared(counts, totals)
    everyone = {count.invigilator for count in counts}
    return WatchingComparison(
        results=shown,
        officers=_officers(results, [result.invigilator for result in shown]),
        overall=(sum(total[0] for total in totals.values()), sum(total[1] for total in totals.values())),
        others=len(everyone) - len(shown),
        refused_devices=_refused_devices(now - PERIOD),
    )


def _refused_devices(since: datetime) -> int:
    query = select(func.count()).select_from(SittingSeat).where(SittingSeat.device_refused_at >= since)
    return db.session.scalar(query) or 0


def _line(piece: WatchedPiece, watchers: Sequence[tuple[UUID, bool]]) -> WatchedLine:
    people = tuple(watcher_id for watcher_id, _own in watchers if not _marked(piece, watcher_id))
    return WatchedLine(piece, people, bool(watchers) and all(own for _watcher_id, own in watchers))


def _marked(piece: WatchedPiece, watcher_id: UUID) -> bool:
    """Return whether a person is recorded as the marker of a desk task: marking is blind on both sides."""
    return piece.kind is EvidenceKind.DESK_TASK and watcher_id == piece.assessor_id


def _counts(results: Subquery) -> list[ResultCount[Stratum]]:
    columns = results.c
    query = (
        select(
            EvidenceWatcher.person_id, columns.competency, columns.level, columns.kind, func.count(),
            func.sum(columns.passed),
        )
        .join(results, columns.id == EvidenceWatcher.evidence_id)
        .where(columns.assessor_id.is_distinct_from(EvidenceWatcher.person_id))
        .group_by(EvidenceWatcher.person_id, columns.competency, columns.level, columns.kind)
    )  # fmt: skip
    return [ResultCount(row[0], (row[1], row[2], row[3]), row[4], row[5]) for row in db.session.execute(query)]


def _totals(results: Subquery) -> dict[Stratum, tuple[int, int]]:
    """Return the results of all by stratum, each result once whatever the number of invigilators."""
    columns = results.c
    watched_by_any = select(EvidenceWatcher.evidence_id).where(
        EvidenceWatcher.evidence_id == columns.id,
        columns.assessor_id.is_distinct_from(EvidenceWatcher.person_id),
    )
    query = (
        select(columns.competency, columns.level, columns.kind, func.count(), func.sum(columns.passed))
        .where(watched_by_any.exists())
        .group_by(columns.competency, columns.level, columns.kind)
    )
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in db.session.execute(query)}


def _officers(results: Subquery, invigilators: Collection[UUID]) -> dict[UUID, int]:
    query = (
        select(EvidenceWatcher.person_id, func.count(distinct(results.c.person_id)))
        .join(results, results.c.id == EvidenceWatcher.evidence_id)
        .where(EvidenceWatcher.person_id.in_(invigilators))
        .group_by(EvidenceWatcher.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
