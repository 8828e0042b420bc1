"""Sending the same form twice at once, so that each of the two has looked before the other writes."""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.db.session import db
from tests.support import factories

MEET = 0.25  # seconds that a request waits for its twin before it writes; a lock may keep the twin away


@contextmanager
def meeting(app: Flask) -> Iterator[None]:
    """Let the two requests wait for each other before the first row that each inserts."""
    barrier = threading.Barrier(2)
    own = threading.local()

    def meet(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("INSERT") or getattr(own, "met", False):
            return
        own.met = True
        try:
            barrier.wait(MEET)
        except threading.BrokenBarrierError:
            return

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", meet)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", meet)


def post_twice(
    app: Flask, client: FlaskClient, path: str, fields: Mapping[str, object] | None = None
) -> list[TestResponse]:
    """Send a form twice at once in the same session."""
    token = factories.token(app, client)
    cookies = "; ".join(f"{cookie.decoded_key}={cookie.value}" for cookie in client._cookies.values())  # type: ignore[union-attr]

    def send(_number: int) -> TestResponse:
        twin = app.test_client(use_cookies=False)
        return twin.post(path, data={**(fields or {}), "csrf_token": token}, headers={"Cookie": cookies})

    with meeting(app), ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, range(2)))
