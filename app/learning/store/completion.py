"""Write assignments and move the rollups of completion by the differences, in a few bulk statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from app.db.base import table_of
from app.db.session import db
from app.db.upsert import excluded, upsert
from app.learning.domain.completion import COUNTERS, EVERY_ROLE, Spell, changes, month_of
from app.learning.models.completion import Assignment, CompletionDay, CompletionMonth
from app.learning.queries.completion_conditions import spell_of

CHUNK, PAGE = 500, 5_000
FIELDS = tuple(field.name for field in fields(Spell))
Key = tuple[UUID, UUID]  # person and course
Stored = list[tuple[int, Spell]]
Moves = dict[tuple[Any, ...], list[int]]  # by role, day or month, course, country and group


def stored(people: Collection[UUID], courses: Collection[UUID] | None = None) -> dict[Key, Stored]:
    """Return the periods of these people in these courses, or in all, with their numbers, in order."""
    table = table_of(Assignment).c
    query = select(*table).where(table.person_id.in_(people))
    if courses is not None:
        query = query.where(table.course_id.in_(courses))
    by_key: dict[Key, Stored] = {}
    for row in db.session.connection().execute(query.order_by(table.since, table.id)):
        by_key.setdefault((row.person_id, row.course_id), []).append((row.id, spell_of(row)))
    return by_key


def replace(before: Mapping[Key, Stored], now: Mapping[Key, Sequence[Spell]]) -> int:
    """Write the differences between periods as they are and as they should be; return how many changed."""
    moves: Moves = defaultdict(lambda: [0] * len(COUNTERS))
    changed: dict[int, tuple[Key, Spell]] = {}
    gone: list[int] = []
    new: list[tuple[Key, Spell]] = []
    for key, spells in now.items():
        olds = before.get(key, [])
        if [old for _, old in olds] == list(spells):
            continue
        pairs = list(zip(olds, spells, strict=False))
        changed |= {number: (key, spell) for (number, old), spell in pairs if old != spell}
        gone += [number for number, _ in olds[len(spells) :]]
        new += [(key, spell) for spell in spells[len(olds) :]]
        add_changes(moves, key[1], (old for _, old in olds), sign=-1)
        add_changes(moves, key[1], spells)
    _write(gone, changed, new)
    move_rollups(moves)
    return len(gone) + len(changed) + len(new)


def add_changes(moves: Moves, course_id: UUID, spells: Iterable[Spell], *, sign: int = 1) -> None:
    """Add the changes of these periods to the moves of the cells, for the role and for all roles."""
    for spell in spells:
        if not spell.counted:
            continue
        for day, moved in changes(spell).items():
            for role in (spell.role, EVERY_ROLE):
                cell = moves[role, day, course_id, spell.country, spell.group]
                for position, amount in enumerate(moved):
                    if amount:
                        cell[position] += sign * amount


def move_rollups(moves: Moves) -> None:
    """Add the moves to the rollups by day and by month."""
    _add(CompletionDay, _cells(moves, "day"))
    _add(CompletionMonth, _cells(by_month(moves), "month"))


def by_month(moves: Moves) -> Moves:
    """Return the moves summed by month (year x 12 + month - 1)."""
    months: Moves = defaultdict(lambda: [0] * len(COUNTERS))
    for (role, day, *cell), amounts in moves.items():
        month = months[role, month_of(day), *cell]
        for position, amount in enumerate(amounts):
            month[position] += amount
    return months


def rebuild_rollups() -> None:
    """Delete the rollups and write them from all assignments, a page at a time."""
    for model in (CompletionDay, CompletionMonth):
        db.session.execute(delete(model))
    for spells in pages():
        moves: Moves = defaultdict(lambda: [0] * len(COUNTERS))
        for course_id, spell in spells:
            add_changes(moves, course_id, [spell])
        move_rollups(moves)


def pages() -> Iterator[list[tuple[UUID, Spell]]]:
    """Yield course and period of all assignments by number, a page at a time."""
    table = table_of(Assignment).c
    after = 0
    while rows := db.session.execute(select(*table).where(table.id > after).order_by(table.id).limit(PAGE)).all():
        yield [(row.course_id, spell_of(row)) for row in rows]
        after = rows[-1].id


def assignment_rows(spells: Iterable[tuple[Key, Spell]]) -> list[dict[str, Any]]:
    """Return the rows of these periods for an insert."""
    return [{"person_id": key[0], "course_id": key[1], **_columns(spell)} for key, spell in spells]


def _write(gone: Sequence[int], changed: Mapping[int, tuple[Key, Spell]], new: Sequence[tuple[Key, Spell]]) -> None:
    table = table_of(Assignment)
    for start in range(0, len(gone), CHUNK):
        db.session.execute(delete(table).where(table.c.id.in_(gone[start : start + CHUNK])))
    if changed:
        rows = [{"number": number, **_columns(spell)} for number, (_key, spell) in sorted(changed.items())]
        db.session.connection().execute(_UPDATE, rows)
    if new:
        db.session.connection().execute(insert(table), assignment_rows(new))


def _columns(spell: Spell) -> dict[str, Any]:
    return {name: getattr(spell, name) for name in FIELDS}


def _cells(moves: Moves, when: str) -> list[dict[str, Any]]:
    names = ("role", when, "course_id", "country", "source_group", *COUNTERS)
    return [
        dict(zip(names, (*key, *amounts), strict=True))
        for key, amounts in sorted(moves.items(), key=lambda item: item[0])
        if any(amounts)
    ]


def _add(model: type[CompletionDay | CompletionMonth], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(_adding(model, db.engine.dialect.name), rows)


@cache
def _adding(model: type[CompletionDay | CompletionMonth], dialect: str) -> Any:
    table = table_of(model)
    new = excluded(table)
    added = {name: table.c[name] + new[name] for name in COUNTERS}
    return upsert(table, list(table.primary_key), added, dialect=dialect)


_UPDATE = (
    update(table_of(Assignment))
    .where(table_of(Assignment).c.id == bindparam("number"))
    .values({name: bindparam(name) for name in FIELDS})
)
