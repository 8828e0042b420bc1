"""Write the differences between stored and recalculated contributions, and move the rollups by the same amounts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import product
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select, update

from app.db.session import db
from app.db.upsert import excluded, upsert
from app.plan.domain.figures import summed_in
from app.plan.domain.spans import DAY, month_of
from app.plan.models import Contribution, FigureDay, FigureMonth

CHUNK = 500
V = TypeVar("V")


@dataclass(frozen=True, slots=True, order=True)
class ContributionKey:
    """The fields that identify a contribution."""

    code: str
    version: int
    subject: UUID
    thing: str
    since: date


@dataclass(frozen=True, slots=True)
class ContributionValue:
    """The value of a contribution, with its cell, its last day and its officer."""

    until: date | None
    country: str
    agency_kind: str
    role: str
    numerator: float
    denominator: float
    person_id: UUID | None


Worths = dict[ContributionKey, ContributionValue]
Moves = dict[tuple[str, int, date | int, str, str, str], list[float]]  # of a cell on a day, or in a month


def stored(codes: Collection[str], subjects: Collection[UUID]) -> dict[ContributionKey, tuple[int, ContributionValue]]:
    """Return the contributions of these subjects to these indicators, with their numbers."""
    rows = db.session.execute(_STORED, {"subjects": list(subjects), "codes": list(codes)})
    return {_key(row): (row.id, contribution_value(row)) for row in rows}


def page(code: str, version: int, *, after: int, size: int) -> list[tuple[int, ContributionKey, ContributionValue]]:
    """Return the next contributions to a version by number, after a number."""
    table = _table(Contribution).c
    query = select(*table).where(table.code == code, table.version == version, table.id > after)
    return [
        (row.id, _key(row), contribution_value(row)) for row in db.session.execute(query.order_by(table.id).limit(size))
    ]


def cell_changes(
    contributions: Iterable[tuple[ContributionKey, ContributionValue]], moves: Moves | None = None, *, sign: int = 1
) -> Moves:
    """Return the changes of cells (added to `moves`): plus on the first day of a contribution, minus after its last."""
    result: Moves = defaultdict(lambda: [0.0, 0.0]) if moves is None else moves
    for key, worth in contributions:
        days = [(key.since, sign)] if worth.until is None else [(key.since, sign), (worth.until + DAY, -sign)]
        for (day, way), summed in product(days, summed_in(worth.agency_kind, worth.role)):
            cell = result[key.code, key.version, day, worth.country, *summed]
            cell[0] += way * worth.numerator
            cell[1] += way * worth.denominator
    return result


def by_month(moves: Moves) -> Moves:
    """Return the changes of cells summed by month (year x 12 + month - 1)."""
    months: Moves = defaultdict(lambda: [0.0, 0.0])
    for (code, version, day, *cell), amounts in moves.items():
        month = months[code, version, month_of(cast("date", day)), cell[0], cell[1], cell[2]]
        month[0] += amounts[0]
        month[1] += amounts[1]
    return months


def replace(before: Mapping[ContributionKey, tuple[int, ContributionValue]], now: Worths) -> int:
    """Write the differences between contributions as they are and as they should be; return how many there are."""
    gone, new = _without(before, now), _without(now, before)
    changed = {key: stored for key, stored in before.items() if key in now and now[key] != stored[1]}
    _write([number for number, _ in gone.values()], {changed[key][0]: now[key] for key in changed}, new)
    _move_rollups(gone | changed, {key: now[key] for key in changed} | new)
    return len(gone) + len(changed) + len(new)


def _without(values: Mapping[ContributionKey, V], others: Mapping[ContributionKey, object]) -> dict[ContributionKey, V]:
    """Return the values whose keys the others lack, in their order."""
    return {key: value for key, value in values.items() if key not in others}


def _move_rollups(removed: Mapping[ContributionKey, tuple[int, ContributionValue]], added: Worths) -> None:
    """Subtract the removed contributions from the rollups and add the new ones."""
    moves = cell_changes(((key, worth) for key, (_, worth) in removed.items()), sign=-1)
    cell_changes(added.items(), moves)
    _add(FigureDay, _cells(moves, "day"))
    _add(FigureMonth, _cells(by_month(moves), "month"))


def _write(gone: Sequence[int], changed: Mapping[int, ContributionValue], new: Worths) -> None:
    table = _table(Contribution)
    for start in range(0, len(gone), CHUNK):
        db.session.execute(delete(table).where(table.c.id.in_(gone[start : start + CHUNK])))
    if changed:
        rows = [{"number": number, **_columns(worth)} for number, worth in sorted(changed.items())]
        db.session.execute(update(table).where(table.c.id == bindparam("number")), rows)
    if new:
        db.session.execute(_INSERT, [_columns(key) | _columns(new[key]) for key in sorted(new)])


def _columns(part: ContributionKey | ContributionValue) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _cells(moves: Moves, when: str) -> list[dict[str, Any]]:
    names = ("code", "version", when, "country", "agency_kind", "role")
    return [
        {**dict(zip(names, key, strict=True)), "numerator": amounts[0], "denominator": amounts[1]}
        for key, amounts in sorted(moves.items())
        if any(amounts)
    ]


def _add(model: type[FigureDay | FigureMonth], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add to the cells of a roll-up."""
    if rows:
        db.session.execute(_adding(model, db.engine.dialect.name), rows)


@cache
def _adding(model: type[FigureDay | FigureMonth], dialect: str) -> Any:
    table = _table(model)
    new = excluded(table)
    added = {name: table.c[name] + new[name] for name in ("numerator", "denominator")}
    return upsert(table, list(table.primary_key), added, dialect=dialect)


def _table(model: type[Any]) -> Table:
    return cast("Table", model.__table__)


def _key(row: Any) -> ContributionKey:
    return ContributionKey(row.code, row.version, row.subject, row.thing, row.since)


def contribution_value(row: Any) -> ContributionValue:
    """Return the value of a contribution from a row or a period of a rule."""
    return ContributionValue(
        row.until, row.country, row.agency_kind, row.role, row.numerator, row.denominator, row.person_id
    )


# built once: most events change contributions
_INSERT = insert(_table(Contribution))
_STORED = select(_table(Contribution)).where(
    _table(Contribution).c.subject.in_(bindparam("subjects")), _table(Contribution).c.code.in_(bindparam("codes"))
)
