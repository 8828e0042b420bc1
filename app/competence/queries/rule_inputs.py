"""Load the input of the rules from the tables: `Book`, `SkillState` and `Piece` of `domain`."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from app.catalogue.domain.items import Level
from app.competence.domain.assessment import EvidenceBook, EvidenceRow
from app.competence.domain.evidence import EvidenceKind, Piece, training_of
from app.competence.domain.measure import EDITION, SkillState
from app.competence.domain.periods import PostedPeriod
from app.competence.models import Evidence, Period, State
from app.db.session import db

Key = tuple[UUID, str]  # person, competency


def stored_books(ids: Collection[UUID], competencies: Collection[str] = ()) -> dict[Key, EvidenceBook]:
    """Return the stored books of these people (of these competencies, or of all), in three queries."""
    rows, sources = _evidence(ids, competencies)
    states: dict[Key, dict[Level, SkillState]] = defaultdict(dict)
    made_by: dict[Key, list[int]] = defaultdict(list)
    for state in _rows(State, ids, competencies):
        key = (state.person_id, state.competency)
        states[key][state.level] = skill_state(state)
        made_by[key].append(state.edition)
    periods: dict[Key, dict[Level, list[PostedPeriod]]] = defaultdict(lambda: defaultdict(list))
    for period in sorted(_rows(Period, ids, competencies), key=lambda row: row.since):
        periods[period.person_id, period.competency][period.level].append(
            PostedPeriod(period.since, period.until, period.country, period.agency_id, period.role)
        )
    editions = {key: min(numbers) for key, numbers in made_by.items()}
    return {
        key: EvidenceBook(
            tuple(rows[key]), frozenset(sources[key]), states[key], dict(periods[key]), editions.get(key, EDITION)
        )
        for key in {*sources, *states, *periods}
    }


def evidence(keys: Collection[Key]) -> dict[Key, tuple[EvidenceRow, ...]]:
    """Return the evidence on these people and competencies that is not voided, in one query."""
    rows, _sources = _evidence({key[0] for key in keys}, {key[1] for key in keys}) if keys else ({}, {})
    wanted = frozenset(keys)
    return {key: tuple(evidence_rows) for key, evidence_rows in rows.items() if key in wanted}


def skill_state(row: Any) -> SkillState:
    """Return a stored state for the rules, its days as ordinals."""
    return SkillState(
        mu=row.mu,
        var=row.var,
        du=row.du,
        uvar=row.uvar,
        peak=row.peak,
        trained=row.trained,
        last=row.last_on.toordinal(),
        watched=row.watched_on and row.watched_on.toordinal(),
        verified_from=row.verified_from and row.verified_from.toordinal(),
        verified_until=row.verified_until and row.verified_until.toordinal(),
    )


def as_row(row: Any) -> EvidenceRow:
    """Return a stored piece of evidence with the fields that order it."""
    return EvidenceRow(row.id, row.level, row.done_at, row.recorded_at, piece(row))


def piece(row: Any) -> Piece:
    """Return a stored piece of evidence for the rules."""
    return Piece(
        day=row.day,
        kind=row.kind,
        share=row.share,
        mark=row.mark,
        items=row.items,
        trust=row.trust,
        watched=row.watched,
        guess=row.guess,
        assessor=row.assessor_id,
        assessor_country=row.assessor_country,
        reporter=row.recorded_by,
        training=training_of(row.source),
    )


def _evidence(
    ids: Collection[UUID], competencies: Collection[str]
) -> tuple[dict[Key, list[EvidenceRow]], dict[Key, set[tuple[Level, str]]]]:
    rows: dict[Key, list[EvidenceRow]] = defaultdict(list)
    sources: dict[Key, set[tuple[Level, str]]] = defaultdict(set)
    stored_rows = _rows(Evidence, ids, competencies)
    voided = {row.voids for row in stored_rows if row.voids is not None}
    for row in stored_rows:
        key = (row.person_id, row.competency)
        sources[key].add((row.level, row.source))
        if row.kind is not EvidenceKind.VOID and row.id not in voided:
            rows[key].append(as_row(row))
    return rows, sources


def _rows(model: Any, ids: Collection[UUID], competencies: Collection[str]) -> list[Any]:
    parameters: dict[str, Collection[Any]] = {"ids": ids, "names": competencies} if competencies else {"ids": ids}
    # past the session's own machinery: rows of plain columns need none of it
    return list(db.session.connection().execute(_reading(model, bool(competencies)), parameters).all())


@cache
def _reading(model: Any, narrowed: bool) -> Select[Any]:
    """Return the cached query for the rows of people (and competencies)."""
    table = model.__table__
    query = select(table).where(table.c.person_id.in_(bindparam("ids", expanding=True)))
    return query.where(table.c.competency.in_(bindparam("names", expanding=True))) if narrowed else query


def in_force(person_id: UUID, source: str) -> list[int]:
    """Return the numbers of the evidence from exactly this source that is not void."""
    voided = select(Evidence.voids).where(Evidence.person_id == person_id, Evidence.voids.is_not(None))
    query = select(Evidence.id).where(
        Evidence.person_id == person_id, Evidence.source == source, Evidence.id.not_in(voided)
    )
    return list(db.session.scalars(query.order_by(Evidence.id)))


def completions_in_force(person_id: UUID, source: str) -> list[int]:
    """Return the numbers of the evidence of a completed course that is not void; `source` begins its source."""
    voided = select(Evidence.voids).where(Evidence.person_id == person_id, Evidence.voids.is_not(None))
    query = select(Evidence.id).where(
        Evidence.person_id == person_id,
        Evidence.kind == EvidenceKind.MODULE,
        Evidence.source.startswith(source, autoescape=True),
        Evidence.id.not_in(voided),
    )
    return list(db.session.scalars(query.order_by(Evidence.id)))
