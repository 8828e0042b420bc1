"""Compare assignments with the records, and the rollups of completion with the assignments; for the nightly check."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db.base import table_of
from app.db.session import db
from app.identity.queries import postings
from app.learning.domain.assignments import periods, splice
from app.learning.domain.completion import COUNTERS, Spell
from app.learning.models.completion import CompletionDay, CompletionMonth
from app.learning.queries import assignments, requirements, stored_assignments
from app.learning.queries.stored_assignments import Moves, add_changes, by_month, no_moves

PAGE = 500  # people read at once


def faults(today: date) -> Iterator[str]:
    """Yield a message for each assignment and each cell that is not what the records give."""
    waiting = {line.course_id for line in requirements.recalculations()}
    yield from _assignments(today, waiting)
    yield from _rollups()


def _assignments(today: date, waiting: set[UUID]) -> Iterator[str]:
    """Compare the days from today on; a course that waits for its recalculation is left out."""
    after = None
    while people := postings.posting_page(after, PAGE):
        after = people[-1]
        stored = stored_assignments.stored(people)
        for key, record in assignments.records(people, None, stored, today).items():
            before = [spell for _, spell in stored.get(key, ())]
            if key[1] not in waiting and _moves(before) != _moves(splice(before, periods(record), today)):
                yield f"the assignment of course {key[1]} to {key[0]} is not that of the records"
        db.session.rollback()


def _moves(spells: Sequence[Spell]) -> Moves:
    moves = no_moves()
    add_changes(moves, UUID(int=0), spells)
    return _not_zero(moves)


def _rollups() -> Iterator[str]:
    counted = no_moves()
    for page in stored_assignments.pages():
        for course_id, spell in page:
            add_changes(counted, course_id, [spell])
    yield from _unlike(counted, _stored(CompletionDay, "day"))
    yield from _unlike(by_month(counted), _stored(CompletionMonth, "month"))


def _stored(model: type[CompletionDay | CompletionMonth], when: str) -> Moves:
    table = table_of(model)
    return {
        (row.role, getattr(row, when), row.course_id, row.country, row.source_group): [
            getattr(row, name) for name in COUNTERS
        ]
        for row in db.session.execute(select(table))
    }


def _unlike(counted: Moves, stored: Moves) -> Iterator[str]:
    left, right = _not_zero(counted), _not_zero(stored)
    for key in sorted({*left, *right}, key=str):
        if left.get(key) != right.get(key):
            role, when, course_id, country, group = key
            cell = f"{course_id} at {when} in {country}/{role}/{group}"
            yield f"completion: the rollup of {cell} is not that of its records"


def _not_zero(moves: Moves) -> dict[tuple[Any, ...], list[int]]:
    return {key: amounts for key, amounts in moves.items() if any(amounts)}
