from typing import Any

from flask import Flask
from sqlalchemy import event

from app.db.locks import lock_key
from app.db.session import db, transaction

FIRST, SECOND = "1" * 64, "2" * 64


def test_lock_key_locks_sorted_keys_on_postgresql_and_nothing_on_sqlite(context: Flask) -> None:
    locked: list[Any] = []

    def note(_connection: object, _cursor: object, text: str, parameters: Any, *_more: object) -> None:
        if "pg_advisory_xact_lock" in text:
            locked.extend(parameters.values())

    event.listen(db.engine, "before_cursor_execute", note)
    with transaction():
        lock_key(SECOND, FIRST)
    event.remove(db.engine, "before_cursor_execute", note)
    keys = [int(key[:15], 16) for key in (FIRST, SECOND)]
    assert locked == (keys if db.engine.dialect.name == "postgresql" else [])
