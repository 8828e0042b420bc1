"""Counting what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.db.session import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Note each statement that reaches the database, but for the beginnings and ends of transactions."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            told.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked(app: Flask, client: FlaskClient, path: str) -> int:
    """Return how many statements a page takes once the texts of courses are in memory."""
    assert client.get(path).status_code == 200, path
    with counted(app) as told:
        client.get(path)
    return len(told)


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)
