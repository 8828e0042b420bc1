"""`flask doctor` and `/operations` name where large media are, and say when they cannot be read there."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.db.session import db
from app.db.stores import object_store
from app.db.stores.media_owner import MARKER
from app.studio import jobs
from tests.support import factories, media_sites
from tests.support.media_sites import DIGEST, PATH
from tests.support.object_store_server import Fault, ObjectStoreServer, object_store_server


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStoreServer]:
    """A store to which the large media of the application were moved."""
    monkeypatch.setattr(object_store, "RETRIES", 0)
    with object_store_server() as running, media_sites.media_path(app, PATH, running.access()):
        with app.app_context():
            media_sites.publish()
            jobs.move_media()
            db.session.rollback()
        yield running


def _doctor(app: Flask) -> str:
    """Return the only line about media."""
    lines = app.test_cli_runner().invoke(args=["doctor"]).output.splitlines()
    [line] = [line for line in lines if "Media: " in line]
    return line


def _page(app: Flask) -> str:
    with app.app_context():
        person_id = factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    return factories.sign_in(app, person_id).get("/operations").text


def test_place_of_large_media_is_named(app: Flask, server: ObjectStoreServer) -> None:
    assert _doctor(app) == "good   Media: 1 are in s3://academy/media."
    page = _page(app)
    assert "<bdi>s3://academy/media</bdi>" in page
    assert "Large media cannot be read" not in page


def test_store_that_fails_is_a_fault(app: Flask, server: ObjectStoreServer) -> None:
    server.fault = Fault.BROKEN
    assert _doctor(app).startswith("FAULT  Media: The store http://127.0.0.1:")
    page = _page(app)
    assert "Large media cannot be read" in page
    assert "InternalError" in page
    assert server.access().secret not in page


@pytest.mark.parametrize("use", ["", f"\n2027-03-01 7 {'a' * 64}\n"])
def test_path_of_another_site_is_a_fault(app: Flask, server: ObjectStoreServer, use: str) -> None:
    server.objects[f"media/{MARKER}"] = f"{'f' * 64}{use}".encode()
    assert _doctor(app).startswith("FAULT  Media: MEDIA_PATH belongs to another site")
    page = _page(app)
    assert "MEDIA_PATH belongs to another site" in page
    assert "Another copy of this database" not in page


def test_missing_media_are_a_fault(app: Flask, server: ObjectStoreServer) -> None:
    server.objects.clear()
    assert _doctor(app).startswith(f"FAULT  Media: 1 of 1 are missing, such as {DIGEST}. Restore them")
    with media_sites.media_path(app, None):
        assert _doctor(app).startswith("FAULT  Media: 1 were moved out of the database. Set MEDIA_PATH")


def test_media_are_in_the_database_without_a_path(app: Flask) -> None:
    assert _doctor(app) == "good   Media: in the database."
    assert "In the database" in _page(app)
