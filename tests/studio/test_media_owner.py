"""A MEDIA_PATH belongs to the site that used it first: another one neither moves media there nor deletes any."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import queries as audit
from app.catalogue.models import CourseMedium
from app.db.session import db
from app.db.stores import media_store
from app.db.stores.media_owner import MARKER
from app.db.stores.object_store import StoreError
from app.factory import create_app
from app.kernel import clock
from app.studio import jobs
from app.studio.service import media_storage
from app.web.settings import settings
from config import StorePath
from tests.support import databases, factories, media_sites
from tests.support.media_sites import CONTENT, DIGEST, PATH
from tests.support.object_store_server import Fault, ObjectStoreServer, contents
from tests.support.settings import NOW, settings_for

UNUSED = "0" * 64
OTHER_SITE = "f" * 64


@pytest.fixture
def with_store(context: Flask, server: ObjectStoreServer) -> Iterator[Flask]:
    with media_sites.media_path(context, PATH, server.access()):
        yield context


@pytest.fixture
def second_site(tmp_path: Path) -> Iterator[Flask]:
    """Another site, with a database of its own and no course."""
    folder = tmp_path / "second"
    folder.mkdir()
    app = create_app(settings_for(databases.sqlite_url(folder)))
    with app.app_context():
        db.create_all()
        factories.person()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _are_in_the_database() -> bool:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(CourseMedium).where(CourseMedium.content.is_(None))) == 0


def _delete_unused_after_a_month() -> int:
    store = media_store.patient_store(settings())
    assert store is not None
    return media_storage.delete_unused(store, clock.real_now() + timedelta(days=30))


def test_store_names_the_site_that_used_it_first(
    with_store: Flask, server: ObjectStoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: NOW)
    media_sites.publish()
    assert jobs.move_media() == 2
    number, digest = audit.last_entry()
    marker = f"{audit.site_id()}\n2027-03-01 {number} {digest}\n"
    assert contents(server, "media/") == {DIGEST: CONTENT, MARKER: marker.encode()}
    server.requests.clear()
    assert jobs.move_media() == 0
    assert not [line for line in server.requests if line.startswith("PUT")]


def test_store_is_named_before_the_first_content_is_written(with_store: Flask, server: ObjectStoreServer) -> None:
    media_sites.publish()
    server.fault, server.working_requests = Fault.FULL, 1
    with pytest.raises(StoreError, match="is full"):
        jobs.move_media()
    assert contents(server, "media/").keys() == {MARKER}


def test_store_that_changes_the_name_gets_no_content(with_store: Flask, server: ObjectStoreServer) -> None:
    media_sites.publish()
    server.fault = Fault.CHANGES_CONTENT
    with pytest.raises(StoreError, match="belongs to another site"):
        jobs.move_media()
    assert contents(server, "media/").keys() == {MARKER}


def test_store_used_before_it_had_a_name_gets_that_of_its_site(with_store: Flask, server: ObjectStoreServer) -> None:
    media_sites.publish()
    jobs.move_media()
    del server.objects[f"media/{MARKER}"]
    assert jobs.move_media() == 0
    assert contents(server, "media/")[MARKER].startswith(audit.site_id().encode())


def test_site_without_large_media_takes_no_store(with_store: Flask, server: ObjectStoreServer) -> None:
    factories.person()
    server.objects[f"media/{UNUSED}"] = CONTENT
    before = dict(server.objects)
    assert jobs.move_media() == 0
    assert _delete_unused_after_a_month() == 0
    assert server.objects == before


def test_media_of_another_site_are_neither_mixed_nor_deleted(with_store: Flask, server: ObjectStoreServer) -> None:
    media_sites.publish()
    server.objects |= {f"media/{UNUSED}": CONTENT, f"media/{MARKER}": OTHER_SITE.encode()}
    before = dict(server.objects)
    with pytest.raises(StoreError, match=r"MEDIA_PATH belongs to another site.*Set another path"):
        jobs.move_media()
    assert _are_in_the_database()
    assert _delete_unused_after_a_month() == 0
    assert server.objects == before


@pytest.mark.parametrize("place", ["folder", "store"])
def test_second_site_with_the_same_path_is_refused(
    app: Flask, second_site: Flask, server: ObjectStoreServer, tmp_path: Path, place: str
) -> None:
    path: Path | StorePath = tmp_path / "media" if place == "folder" else PATH
    with app.app_context(), media_sites.media_path(app, path, server.access()):
        media_sites.publish()
        jobs.move_media()
        db.session.remove()
    with second_site.app_context(), media_sites.media_path(second_site, path, server.access()):
        with pytest.raises(StoreError, match="belongs to another site"):
            jobs.move_media()
        media_sites.publish()
        with pytest.raises(StoreError, match="belongs to another site"):
            jobs.move_media()
        assert _are_in_the_database()
    with app.app_context(), media_sites.media_path(app, path, server.access()):
        assert jobs.move_media() == 0
        assert media_store.read(DIGEST, None) == CONTENT
        db.session.remove()


def test_store_without_the_old_name_is_taken_by_the_second_site(with_store: Flask, server: ObjectStoreServer) -> None:
    media_sites.publish()
    server.objects[f"media/{MARKER}"] = OTHER_SITE.encode()
    with pytest.raises(StoreError, match=f"delete “{MARKER}” in MEDIA_PATH"):
        jobs.move_media()
    del server.objects[f"media/{MARKER}"]
    assert jobs.move_media() == 2
