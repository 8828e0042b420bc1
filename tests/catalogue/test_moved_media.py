"""Media in MEDIA_PATH are sent as those of the database are: after the check of rights, whole, in ranges, or not."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.session import db
from app.db.stores import media_store, object_store
from app.db.stores.object_store import MissingObjectError, StoreError
from app.studio import jobs
from app.web.http import stored_content
from tests.support import factories, media_sites
from tests.support.media_sites import CONTENT, DIGEST, LESSON, PATH
from tests.support.object_store_server import Fault, ObjectStoreServer, object_store_server

ADDRESS = f"/media/{DIGEST}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStoreServer]:
    monkeypatch.setattr(object_store, "RETRIES", 0)
    monkeypatch.setattr(stored_content, "BLOCK", 50_000)
    with object_store_server() as running:
        yield running


@contextmanager
def _site_with_moved_media(app: Flask, server: ObjectStoreServer, *sensitivity: str) -> Iterator[FlaskClient]:
    """Yield a practitioner of a site whose large media were moved; the requests of the move are forgotten."""
    with media_sites.media_path(app, PATH, server.access()):
        with app.app_context():
            media_sites.publish(*sensitivity)
            jobs.move_media()
            client = factories.sign_in(app, factories.person())
            db.session.rollback()
        server.requests.clear()
        yield client


@pytest.fixture
def moved(app: Flask, server: ObjectStoreServer) -> Iterator[FlaskClient]:
    with _site_with_moved_media(app, server) as client:
        yield client


def test_moved_medium_has_the_headers_and_the_content_of_before(app: Flask, server: ObjectStoreServer) -> None:
    with media_sites.media_path(app, PATH, server.access()):
        with app.app_context():
            media_sites.publish()
            client = factories.sign_in(app, factories.person())
        before = client.get(ADDRESS)
        with app.app_context():
            assert jobs.move_media() == 2
            db.session.rollback()
        after = client.get(ADDRESS)
    ignored = {"Date", "X-Request-Id"}
    assert after.data == before.data == CONTENT
    assert {name: text for name, text in after.headers if name not in ignored} == {
        name: text for name, text in before.headers if name not in ignored
    }


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=2-5", slice(2, 6)),
        ("bytes=0-", slice(0, None)),
        ("bytes=49990-120010", slice(49_990, 120_011)),
        ("bytes=-7", slice(len(CONTENT) - 7, None)),
    ],
)
def test_range_is_read_in_blocks_from_its_position(
    moved: FlaskClient, server: ObjectStoreServer, wanted: str, part: slice
) -> None:
    response = moved.get(ADDRESS, headers={"Range": wanted})
    assert response.status_code == 206
    assert response.data == CONTENT[part]
    start, end, _step = part.indices(len(CONTENT))
    assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert response.headers["Content-Length"] == str(end - start)
    assert len(server.requests) <= (end - start) // 50_000 + 2
    assert moved.get(ADDRESS, headers={"Range": f"bytes={len(CONTENT)}-"}).status_code == 416


def test_head_and_a_known_etag_do_not_ask_the_store(app: Flask, server: ObjectStoreServer) -> None:
    with _site_with_moved_media(app, server, "unrestricted") as client:
        head = client.head(ADDRESS)
        assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(CONTENT)))
        again = client.get(ADDRESS, headers={"If-None-Match": head.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert server.requests == []
        assert client.get(ADDRESS).headers["Cache-Control"].endswith("immutable")


def test_rights_are_checked_before_the_store_is_asked(app: Flask, server: ObjectStoreServer) -> None:
    with _site_with_moved_media(app, server, "participants_only") as client:
        assert client.get(ADDRESS).status_code == 404
        assert app.test_client().get(ADDRESS).status_code == 302
        assert server.requests == []


@pytest.mark.parametrize("damage", ["missing", "broken", "stopped"])
def test_medium_is_503_in_words_and_its_lesson_opens_without_the_store(
    moved: FlaskClient, server: ObjectStoreServer, damage: str
) -> None:
    match damage:
        case "missing":
            server.objects.clear()
        case "broken":
            server.fault = Fault.BROKEN
        case _:
            server.shutdown()
            server.server_close()
    response = moved.get(ADDRESS)
    assert response.status_code == 503
    assert "This file cannot be opened just now" in response.text
    assert response.headers["Retry-After"] == "30"
    assert str(PATH) not in response.text
    lesson = moved.get(LESSON)
    assert lesson.status_code == 200
    assert DIGEST in lesson.text


def test_store_that_does_not_answer_is_not_asked_again_for_a_while(
    moved: FlaskClient, server: ObjectStoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.fault = Fault.BROKEN
    assert moved.get(ADDRESS).status_code == 503
    server.fault = None
    count = len(server.requests)
    assert moved.get(ADDRESS).status_code == 503
    assert len(server.requests) == count
    later = time.monotonic() + media_store.PAUSE
    monkeypatch.setattr(media_store.time, "monotonic", lambda: later)
    assert moved.get(ADDRESS).data == CONTENT


def test_missing_object_does_not_close_the_store_for_others(moved: FlaskClient, server: ObjectStoreServer) -> None:
    with moved.application.app_context():
        store = media_store.web_store()
    with pytest.raises(MissingObjectError):
        store.get("0" * 64)
    assert store.get(DIGEST) == CONTENT


def test_store_that_never_answers_is_given_up(
    server: ObjectStoreServer, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_store, "QUICK", replace(object_store.QUICK, connect=1, read=1, whole=1, retry=1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        access = server.access(endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}")
        with media_sites.media_path(app, PATH, access), app.app_context(), pytest.raises(StoreError):
            media_store.web_store().get(DIGEST)


def test_request_beside_all_others_that_wait_for_the_store_is_refused(
    moved: FlaskClient, server: ObjectStoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_store, "WAIT", 0.0)
    with moved.application.app_context():
        store = cast("media_store._GuardedStore", media_store.web_store())
    with ExitStack() as waiting:
        for _ in range(media_store.AT_ONCE):
            waiting.enter_context(store._slots)
        assert moved.get(ADDRESS).status_code == 503
        assert server.requests == []
    assert moved.get(ADDRESS).data == CONTENT
