"""Read the stored periods of assignments, and sum their changes of the cells of the rollups."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from app.db.base import table_of
from app.db.session import db
from app.learning.domain.completion import COUNTERS, EVERY_ROLE, Spell, changes, month_of
from app.learning.models.completion import Assignment

PAGE = 5_000
FIELDS = tuple(field.name for field in fields(Spell))
Key = tuple[UUID, UUID]  # person and course
Stored = list[tuple[int, Spell]]
# built once: every lesson done sends them; the range of ids spares PostgreSQL a comparison of each row of a course
# with each person, because the people of a portion follow each other
_assignment = table_of(Assignment).c
_OF_PEOPLE = (
    select(*_assignment)
    .where(
        _assignment.person_id.in_(bindparam("people")),
        _assignment.person_id.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_assignment.since, _assignment.id)
)
_OF_COURSES = _OF_PEOPLE.where(_assignment.course_id.in_(bindparam("courses")))
Moves = dict[tuple[Any, ...], list[int]]  # by role, day or month, course, country and group


def spell_of(row: Any) -> Spell:
    """Return the period of a row of assignments."""
    return Spell(**{name: getattr(row, name) for name in FIELDS})


def stored(people: Collection[UUID], courses: Collection[UUID] | None = None) -> dict[Key, Stored]:
    """Return the periods of these people in these courses, or in all, with their numbers, in order."""
    if not people:
        return {}
    values = {"people": list(people), "first": min(people), "last": max(people)}
    if courses is None:
        rows = db.session.connection().execute(_OF_PEOPLE, values)
    else:
        rows = db.session.connection().execute(_OF_COURSES, {**values, "courses": list(courses)})
    by_key: dict[Key, Stored] = {}
    for row in rows:
        by_key.setdefault((row.person_id, row.course_id), []).append((row.id, spell_of(row)))
    return by_key


def pages() -> Iterator[list[tuple[UUID, Spell]]]:
    """Yield course and period of all assignments by number, a page at a time."""
    table = table_of(Assignment).c
    after = 0
    while rows := db.session.execute(select(*table).where(table.id > after).order_by(table.id).limit(PAGE)).all():
        yield [(row.course_id, spell_of(row)) for row in rows]
        after = rows[-1].id


def no_moves() -> Moves:
    """Return moves to add to."""
    return defaultdict(lambda: [0] * len(COUNTERS))


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


def by_month(moves: Moves) -> Moves:
    """Return the moves summed by month (year x 12 + month - 1)."""
    months = no_moves()
    for (role, day, *cell), amounts in moves.items():
        month = months[role, month_of(day), *cell]
        for position, amount in enumerate(amounts):
            month[position] += amount
    return months
