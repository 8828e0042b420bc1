from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Table, select

from app.db.session import db, transaction
from app.db.upsert import excluded, insert_ignore, upsert
from app.kernel import clock
from app.operations.models import JobRun, Lease

TABLE = cast("Table", JobRun.__table__)


def runs() -> list[tuple[str, int]]:
    return [(row.name, row.runs) for row in db.session.execute(select(JobRun.name, JobRun.runs).order_by(JobRun.name))]


@pytest.mark.parametrize("keys", [(), ("name",)])
def test_insert_ignore_keeps_the_existing_row(context: Flask, keys: tuple[str, ...]) -> None:
    now = clock.real_now()
    for name, count in (("first", 1), ("first", 2), ("second", 3)):
        with transaction():
            statement = insert_ignore(JobRun, keys).returning(JobRun.name)
            row = {"name": name, "last_started_at": now, "runs": count}
            assert (db.session.execute(statement, row).first() is None) == (count == 2)
    assert runs() == [("first", 1), ("second", 3)]


def test_upsert_combines_the_new_row_with_the_existing_one(context: Flask) -> None:
    now, dialect = clock.real_now(), db.engine.dialect.name
    added = {"runs": TABLE.c.runs + excluded(TABLE).runs}
    for name, count in (("first", 1), ("first", 2), ("second", 3)):
        with transaction():
            statement = upsert(TABLE, ["name"], added, dialect=dialect)
            db.session.execute(statement, {"name": name, "last_started_at": now, "runs": count})
    assert runs() == [("first", 3), ("second", 3)]


def test_upsert_changes_nothing_if_the_condition_is_false(context: Flask) -> None:
    now = clock.real_now()
    for holder, expected in (("a", "a"), ("b", "a")):
        with transaction():
            condition = Lease.until <= now
            statement = upsert(Lease, [Lease.name], {"holder": holder}, condition=condition)
            db.session.execute(statement.values(name="job", holder=holder, until=now + timedelta(hours=1)))
        assert db.session.scalars(select(Lease.holder)).all() == [expected]
