"""`/health` and `/ready` answer with one word, without a session."""

import pytest
from flask import Flask
from sqlalchemy import text

from app.db.session import db

VERSION = "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"


def _set_revision(app: Flask, *statements: str) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.execution_options(write=True)
        with connection.begin():
            for statement in statements:
                connection.execute(text(statement))


@pytest.mark.parametrize(("path", "word"), [("/health", "ok\n"), ("/ready", "ready\n")])
def test_pages_answer_with_one_word_and_no_cookie(app: Flask, path: str, word: str) -> None:
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, word, "text/plain")
    assert "Set-Cookie" not in answer.headers


def test_site_is_not_ready_with_tables_of_another_version(app: Flask) -> None:
    client = app.test_client()
    try:
        _set_revision(app, VERSION, "INSERT INTO alembic_version VALUES ('0001')")
        answer = client.get("/ready")
        assert (answer.status_code, answer.text) == (503, "unready\n")
        assert client.get("/health").status_code == 200
    finally:
        _set_revision(app, "DROP TABLE alembic_version")
