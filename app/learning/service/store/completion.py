"""Write assignments and move the rollups of completion by the differences, in a few bulk statements."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from app.db.base import table_of
from app.db.session import db
from app.db.upsert import excluded, upsert
from app.learning.domain.completion import COUNTERS, Spell
from app.learning.models.completion import Assignment, CompletionDay, CompletionMonth
from app.learning.queries import stored_assignments
from app.learning.queries.stored_assignments import FIELDS, Key, Moves, Stored, add_changes, by_month

CHUNK = 500


def replace(before: Mapping[Key, Stored], now: Mapping[Key, Sequence[Spell]]) -> int:
    """Write the differences between periods as they are and as they should be; return how many changed."""
    moves = stored_assignments.no_moves()
    changed: dict[int, tuple[Key, Spell]] = {}
    gone: list[int] = []
    new: list[tuple[Key, Spell]] = []
    for key, spells in now.items():
        olds = before.get(key, [])
        if [old for _, old in olds] == list(spells):
            continue
        changed |= _changed(key, olds, spells)
        gone += [number for number, _ in olds[len(spells) :]]
        new += [(key, spell) for spell in spells[len(olds) :]]
        add_changes(moves, key[1], (old for _, old in olds), sign=-1)
        add_changes(moves, key[1], spells)
    _write(gone, changed, new)
    move_rollups(moves)
    return len(gone) + len(changed) + len(new)


def _changed(key: Key, olds: Stored, spells: Sequence[Spell]) -> dict[int, tuple[Key, Spell]]:
    """Return the new contents of stored periods by number."""
    pairs = zip(olds, spells, strict=False)
    return {number: (key, spell) for (number, old), spell in pairs if old != spell}


def move_rollups(moves: Moves) -> None:
    """Add the moves to the rollups by day and by month."""
    _add(CompletionDay, _cells(moves, "day"))
    _add(CompletionMonth, _cells(by_month(moves), "month"))


def rebuild_rollups() -> None:
    """Delete the rollups and write them from all assignments, a page at a time."""
    for model in (CompletionDay, CompletionMonth):
        db.session.execute(delete(model))
    for page in stored_assignments.pages():
        moves = stored_assignments.no_moves()
        for course_id, spell in page:
            add_changes(moves, course_id, [spell])
        move_rollups(moves)


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
