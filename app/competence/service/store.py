"""Write evidence, and the differences between two `EvidenceBook`s: states, periods, validity, counts by month.

No rules here: `service.evidence_records` locks the person, reads the stored books, applies the rules of `domain`, and
calls this module. `flask competence replay` compares the rows with the evidence (`tests/competence/test_replay.py`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select, tuple_

from app.catalogue.domain.items import Level
from app.competence.domain.assessment import EvidenceBook
from app.competence.domain.evidence import LEVELS
from app.competence.domain.measure import EDITION, SkillState
from app.competence.domain.periods import EVERY, PostedPeriod, month_of
from app.competence.models import AgencyMonth, CompetencyValidity, CountryMonth, Evidence, Period, State
from app.competence.queries.rule_inputs import Key
from app.db.base import table_of
from app.db.locks import lock_rollups
from app.db.session import db
from app.db.upsert import excluded, upsert

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """A change of the periods of a person, competency and level.

    `until` is the last day of the newest period, None without any; `began` its first day, None if it began before.
    """

    person_id: UUID
    competency: str
    level: Level
    until: date | None
    began: date | None


def add(rows: Sequence[Values]) -> dict[tuple[str, Level, str], int]:
    """Add rows of evidence on one person and return their numbers by competency, level and source."""
    if not rows:
        return {}
    return {(row[1], row[2], row[3]): row[0] for row in _connection().execute(_ADD, rows)}


def store(before: Mapping[Key, EvidenceBook], after: Mapping[Key, EvidenceBook]) -> list[PeriodChange]:
    """Write the differences between books: states, periods, validity, counts by month; return the changed periods."""
    _states(before, after)
    moved = [move for key, book in sorted(after.items()) for move in _periods(key, before[key], book)]
    if moved:
        _write_periods(moved)
        _write_validity(moved)
        count_months(_counted(moved))
    return [
        PeriodChange(*move.key, move.level, move.new[-1].until if move.new else None, _began(move)) for move in moved
    ]


def count_months(deltas: Mapping[tuple[PostedPeriod, str, Level], int]) -> None:
    """Add to the counts of people by the month in which validity ends, by agency, and by country and role."""
    lock_rollups()
    agencies: Counter[tuple[Any, ...]] = Counter()
    countries: Counter[tuple[Any, ...]] = Counter()
    for (period, competency, level), n in deltas.items():
        month = month_of(period.until)
        agencies[period.agency_id, competency, level, month] += n
        for role in (period.role, EVERY):
            countries[period.country, role, competency, level, month] += n
    _count(AgencyMonth, ("agency_id", "competency", "level", "month"), agencies)
    _count(CountryMonth, ("country", "role", "competency", "level", "month"), countries)


def rewrite_validity(person_id: UUID, books: Mapping[Key, EvidenceBook]) -> None:
    """Rewrite the validity of a person, the newest period of each competency and level, without the counts by month."""
    table = table_of(CompetencyValidity)
    _connection().execute(delete(table).where(table.c.person_id == person_id))
    moves = [_Move(key, level, (), times) for key, book in books.items() for level, times in book.periods.items()]
    _write_validity([move for move in moves if move.new])


def recount_months() -> None:
    """Recalculate the counts by month from the stored validity."""
    lock_rollups()
    for model in (AgencyMonth, CountryMonth):
        _connection().execute(delete(table_of(model)))
    table = table_of(CompetencyValidity).c
    columns = (table.since, table.until, table.country, table.agency_id, table.role, table.competency, table.level)
    count_months(Counter((PostedPeriod(*row[:5]), row[5], row[6]) for row in _connection().execute(select(*columns))))


@dataclass(frozen=True, slots=True)
class _Move:
    key: Key
    level: Level
    old: Sequence[PostedPeriod]
    new: Sequence[PostedPeriod]


def _states(before: Mapping[Key, EvidenceBook], after: Mapping[Key, EvidenceBook]) -> None:
    gone = [(*key, level) for key, book in after.items() for level in before[key].states if level not in book.states]
    _drop(State, ("person_id", "competency", "level"), gone)
    rows = [
        _state_row(key, level, state)
        for key, book in sorted(after.items())
        for level, state in book.states.items()
        if before[key].states.get(level) != state or before[key].edition < book.edition
    ]
    _upsert(State, ("person_id", "competency", "level"), rows)


def _state_row(key: Key, level: Level, state: SkillState) -> Values:
    return {
        "person_id": key[0],
        "competency": key[1],
        "level": level,
        "mu": state.mu,
        "var": state.var,
        "du": state.du,
        "uvar": state.uvar,
        "peak": state.peak,
        "trained": state.trained,
        "last_on": date.fromordinal(state.last),
        "watched_on": _day(state.watched),
        "verified_from": _day(state.verified_from),
        "verified_until": _day(state.verified_until),
        "edition": EDITION,
    }


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _periods(key: Key, before: EvidenceBook, after: EvidenceBook) -> Iterator[_Move]:
    for level in LEVELS:
        old, new = list(before.periods.get(level, ())), list(after.periods.get(level, ()))
        if old != new:
            yield _Move(key, level, old, new)


def _began(move: _Move) -> date | None:
    newest = move.new[-1].since if move.new else None
    return None if newest in {period.since for period in move.old} else newest


def _write_periods(moves: Sequence[_Move]) -> None:
    gone = [(*move.key, move.level, since) for move in moves for since in _dropped_starts(move)]
    _drop(Period, ("person_id", "competency", "level", "since"), gone)
    rows = [_period_row(move, period) for move in moves for period in move.new if period not in move.old]
    _upsert(Period, ("person_id", "competency", "level", "since"), rows)


def _dropped_starts(move: _Move) -> list[date]:
    return sorted({period.since for period in move.old} - {period.since for period in move.new})


def _write_validity(moves: Sequence[_Move]) -> None:
    gone = [(*move.key, move.level) for move in moves if not move.new]
    _drop(CompetencyValidity, ("person_id", "competency", "level"), gone)
    rows = [_period_row(move, move.new[-1]) for move in moves if move.new[-1:] != move.old[-1:] and move.new]
    _upsert(CompetencyValidity, ("person_id", "competency", "level"), rows)


def _period_row(move: _Move, period: PostedPeriod) -> Values:
    return {
        "person_id": move.key[0],
        "competency": move.key[1],
        "level": move.level,
        "since": period.since,
        "until": period.until,
        "country": period.country,
        "agency_id": period.agency_id,
        "role": period.role,
    }


def _counted(moved: Iterable[_Move]) -> Counter[tuple[PostedPeriod, str, Level]]:
    deltas: Counter[tuple[PostedPeriod, str, Level]] = Counter()
    for move in moved:
        for periods, n in ((move.old, -1), (move.new, 1)):
            if periods:
                deltas[periods[-1], move.key[1], move.level] += n
    return deltas


def _count(model: type[Any], names: tuple[str, ...], counted: Mapping[tuple[Any, ...], int]) -> None:
    keys = [key for key, n in counted.items() if n]
    if not keys:
        return
    rows = [{**dict(zip(names, key, strict=True)), "n": counted[key]} for key in keys]
    _connection().execute(_upserting(_dialect(), table_of(model), names, adds=True), rows)


def _upsert(model: type[Any], names: tuple[str, ...], rows: Sequence[Values]) -> None:
    if not rows:
        return
    _connection().execute(_upserting(_dialect(), table_of(model), names), rows)


def _drop(model: type[Any], names: tuple[str, ...], keys: Sequence[tuple[Any, ...]]) -> None:
    if not keys:
        return
    table = table_of(model)
    _connection().execute(delete(table).where(tuple_(*(table.c[name] for name in names)).in_(keys)))


@cache
def _upserting(dialect: str, table: Table, names: tuple[str, ...], *, adds: bool = False) -> Any:
    """Return the cached statement that overwrites a row with the same keys, or adds to its count."""
    new = excluded(table)
    values = {column.name: new[column.name] for column in table.c if column.name not in {*names, "id"}}
    if adds:
        values = {"n": table.c.n + new.n}
    return upsert(table, [table.c[name] for name in names], values, dialect=dialect)


def _connection() -> Connection:
    # past the session's own machinery: rows of plain columns need none of it
    return db.session.connection()


def _dialect() -> str:
    return str(db.session.get_bind().dialect.name)


_EVIDENCE = table_of(Evidence).c
_ADD = insert(table_of(Evidence)).returning(_EVIDENCE.id, _EVIDENCE.competency, _EVIDENCE.level, _EVIDENCE.source)
