"""Completion at the size it may reach: the roll-ups of 100,000 officers in 20 courses over 36 months."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, text

from app.db.session import db
from app.kernel import clock
from app.learning.domain.completion import COUNTERS, EVERY_ROLE, CompletionGroup, month_of

OFFICERS, COURSES, MONTHS = 100_000, 20, 36
MATRIX_MS, BY_ROLE_MS = 150, 250
MATRIX, BY_ROLE = ("/plan/completion", "/plan/completion?by=both"), ("/plan/completion?by=role",)
PORTION = 5_000
Row = dict[str, Any]


def fill(connection: Connection, countries: tuple[str, ...], roles: tuple[str, ...]) -> None:
    """Write the courses and the changes of their cells, by month and for the days of this month."""
    ids = [uuid4() for _course in range(COURSES)]
    courses = [
        {"id": course_id, "code": f"B{number:02}", "slug": f"bench-{number}", "sensitivity": "unrestricted"}
        for number, course_id in enumerate(ids)
    ]
    connection.execute(insert(db.metadata.tables["course"]), courses)
    today, months = clock.today(), range(month_of(clock.today()) - MONTHS, month_of(clock.today()) + 1)
    days = [today - timedelta(days=ago) for ago in range(today.day)]
    cells = list(product(ids, countries))
    _write(connection, "completion_month", _changes(cells, roles, [{"month": month} for month in months]))
    _write(connection, "completion_day", _changes(cells, roles, [{"day": day} for day in days]))
    connection.execute(text("ANALYZE"))


def _changes(cells: list[tuple[UUID, str]], roles: tuple[str, ...], times: list[Mapping[str, Any]]) -> Iterator[Row]:
    """Yield changes that keep every cell whole: those who have the course, and those of them who completed it."""
    random = Random(1)
    joined = OFFICERS // (len(cells) // COURSES) // len(roles) // MONTHS
    for (course_id, country), moment in product(cells, times):
        total = dict.fromkeys(COUNTERS, 0)
        for role in roles:
            done = random.randrange(joined + 1)
            change = {"assigned": joined, "completed_on_time": done, "not_started": joined - done}
            for name, amount in change.items():
                total[name] += amount
            yield _row(course_id, country, role, moment, dict.fromkeys(COUNTERS, 0) | change)
        yield _row(course_id, country, EVERY_ROLE, moment, total)


def _row(course_id: UUID, country: str, role: str, moment: Mapping[str, Any], amounts: Mapping[str, int]) -> Row:
    cell = {"course_id": course_id, "country": country, "role": role, "source_group": CompletionGroup.REQUIRED}
    return {**cell, **moment, **amounts}


def _write(connection: Connection, name: str, rows: Iterator[Row]) -> None:
    """Write rows in portions."""
    portion: list[Row] = []
    for row in rows:
        portion.append(row)
        if len(portion) == PORTION:
            connection.execute(insert(db.metadata.tables[name]), portion)
            portion = []
    if portion:
        connection.execute(insert(db.metadata.tables[name]), portion)
