from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from app.audit.service import entries
from app.db.append_only import append_only_tables
from app.db.session import db, record, transaction
from app.kernel import clock
from app.sign_in.events import SignInFailed
from tests.support.databases import guards_off
from tests.support.settings import KEYS

pytestmark = pytest.mark.each_database

GROWING = ("audit_checkpoint", "audit_entry")


@pytest.fixture
def connection(context: Flask) -> Iterator[Connection]:
    """A connection that writes; the trail holds two entries and two checkpoints."""
    for _turn in range(2):
        with transaction():
            record(SignInFailed(account="a"))
        with transaction():
            entries.sign(KEYS.audit[0], clock.now())
    with db.engine.execution_options(write=True).connect() as connection:
        yield connection


def _rows(connection: Connection, table: str) -> list[object]:
    return [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}" ORDER BY id'))]


def test_audit_tables_are_append_only() -> None:
    assert tuple(sorted(table.name for table in append_only_tables(db.metadata))) == GROWING


@pytest.mark.parametrize("table", GROWING)
def test_the_database_refuses_to_change_or_remove_a_row(connection: Connection, table: str) -> None:
    before = _rows(connection, table)
    assert len(before) == 2
    connection.rollback()
    for statement in (
        *_damages(table),
        *(_replacing(table) if db.engine.dialect.name == "sqlite" else _on_postgresql(table)),
    ):
        with pytest.raises(IntegrityError, match="only grows"):
            connection.execute(text(statement))
        connection.rollback()
    assert _rows(connection, table) == before


def _damages(table: str) -> list[str]:
    return [
        f"UPDATE {table} SET hash = hash",
        f"UPDATE {table} SET id = 7 WHERE id = (SELECT max(id) FROM {table})",
        f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
        f"DELETE FROM {table}",
        f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET hash = excluded.hash",
    ]


def _replacing(table: str) -> list[str]:
    return [f"REPLACE INTO {table} SELECT * FROM {table}", f"UPDATE OR REPLACE {table} SET id = 2"]


def _on_postgresql(table: str) -> list[str]:
    return [
        f"TRUNCATE {table}",
        f"MERGE INTO {table} USING {table} AS old ON old.id = {table}.id WHEN MATCHED THEN DELETE",
        f"WITH gone AS (DELETE FROM {table} RETURNING id) SELECT count(*) FROM gone",
    ]


def test_triggers_are_restored_after_a_test(connection: Connection) -> None:
    with pytest.raises(ZeroDivisionError), guards_off(connection):
        connection.execute(text("DELETE FROM audit_entry"))
        raise ZeroDivisionError
    assert len(_rows(connection, "audit_entry")) == 2
    with guards_off(connection):
        connection.execute(text("DELETE FROM audit_entry WHERE id = 2"))
    assert len(_rows(connection, "audit_entry")) == 1
    with pytest.raises(IntegrityError, match="only grows"):
        connection.execute(text("DELETE FROM audit_entry"))
    connection.rollback()
