"""Two copies of one database with the same MEDIA_PATH: neither deletes there until a person chooses one."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from app.access.policy import Role, Scope
from app.audit import queries as audit
from app.db.session import db
from app.db.stores import media_owner, media_store
from app.db.stores.media_owner import MARKER, LastUse, MediaOwner
from app.factory import create_app
from app.kernel import clock
from app.studio import jobs
from app.web.settings import settings
from tests.support import databases, factories, media_sites
from tests.support.media_sites import CONTENT, DIGEST
from tests.support.settings import NOW, settings_for

UNUSED = "0" * 64
OTHER_USER = "another copy of this database has used MEDIA_PATH"
DISPUTED = b"0000-00-00 0 "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def site(lite_app: Flask, folder: Path) -> Iterator[Flask]:
    """A site whose large media were moved, with one that nothing refers to."""
    with media_sites.media_path(lite_app, folder):
        with lite_app.app_context():
            media_sites.publish()
            db.session.remove()
        _run_job(lite_app)
        (folder / UNUSED).write_bytes(b"unused")
        yield lite_app


@pytest.fixture
def copied(site: Flask, folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the database of the site as it is now, with the same MEDIA_PATH."""
    place = tmp_path / "copied"
    place.mkdir()
    url = databases.sqlite_url(place)
    with (
        sqlite3.connect(str(make_url(settings(site).database_url).database)) as source,
        sqlite3.connect(str(make_url(url).database)) as target,
    ):
        source.backup(target)
    source.close()
    target.close()
    app = create_app(settings_for(url, media_path=folder))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _run_job(app: Flask, day: int = 0) -> None:
    """Run the job some days later."""
    with _on_day(day), app.app_context():
        jobs.move_media()
        db.session.remove()


@contextmanager
def _on_day(day: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "real_now", lambda: NOW + timedelta(days=day))
        yield


def _add_entry(app: Flask) -> None:
    """Let something happen on a site."""
    with app.app_context():
        factories.person()
        db.session.remove()


def _doctor(app: Flask) -> str:
    lines = app.test_cli_runner().invoke(args=["doctor"]).output.splitlines()
    return "\n".join(line for line in lines if "Media: " in line)


def _claim(app: Flask) -> str:
    return app.test_cli_runner().invoke(args=["media-claim"]).output


def test_use_is_recorded_when_the_audit_log_has_grown(site: Flask, folder: Path) -> None:
    first = (folder / MARKER).read_bytes()
    _run_job(site, day=1)
    assert (folder / MARKER).read_bytes() == first
    _add_entry(site)
    _run_job(site, day=1)
    with site.app_context():
        number, digest = audit.last_entry()
    assert (folder / MARKER).read_text().endswith(f" {number} {digest}\n")
    assert (folder / MARKER).read_bytes() != first


def test_copies_are_told_apart_on_the_same_day(site: Flask, copied: Flask, folder: Path) -> None:
    _add_entry(site)
    for app in (site, copied, site):
        _run_job(app)
    assert (OTHER_USER in _doctor(site), OTHER_USER in _doctor(copied)) == (True, True)
    _run_job(copied, day=20)
    assert (folder / UNUSED).exists()


def test_unused_media_stay_for_a_week_after_the_claim(site: Flask, folder: Path) -> None:
    """The database knows of unused media for longer: it was restored, or nothing was deleted for weeks."""
    _run_job(site)
    with _on_day(30):
        _claim(site)
    for day in (30, 36):
        _run_job(site, day)
    assert (folder / UNUSED).exists()
    _run_job(site, day=37)
    assert not (folder / UNUSED).exists()


def test_copy_deletes_nothing_that_the_site_has_since(site: Flask, copied: Flask, folder: Path) -> None:
    _add_entry(site)
    _run_job(site, day=1)
    for day in (1, 20):
        _run_job(copied, day)
    assert (folder / UNUSED).exists()
    assert OTHER_USER in _doctor(copied)
    with copied.app_context():
        assert media_store.read(DIGEST, None) == CONTENT


def test_site_that_a_copy_came_before_stops_the_copy(site: Flask, copied: Flask, folder: Path) -> None:
    for app in (site, copied):
        _add_entry(app)
    _run_job(copied, day=1)
    _run_job(site, day=1)
    assert DISPUTED in (folder / MARKER).read_bytes()
    for day in (2, 20):
        for app in (copied, site):
            _run_job(app, day)
    assert (folder / UNUSED).exists()
    assert (OTHER_USER in _doctor(site), OTHER_USER in _doctor(copied)) == (True, True)


def test_site_deletes_again_after_it_was_chosen(site: Flask, copied: Flask, folder: Path) -> None:
    for app in (site, copied):
        _add_entry(app)
        _run_job(app, day=1)
    assert "Give every other copy a path of its own" in _claim(site)
    assert OTHER_USER not in _doctor(site)
    for day in (2, 20):
        _run_job(site, day)
    assert not (folder / UNUSED).exists()
    assert (folder / DIGEST).read_bytes() == CONTENT
    assert OTHER_USER in _doctor(copied)


def test_media_are_moved_while_copies_are_in_dispute(site: Flask, copied: Flask, folder: Path) -> None:
    for app in (site, copied):
        _add_entry(app)
        _run_job(app, day=1)
    (folder / DIGEST).unlink()
    with copied.app_context():
        media_sites.publish(added_text="Changed.")
        db.session.remove()
    _run_job(copied, day=2)
    assert (folder / DIGEST).read_bytes() == CONTENT


def test_operations_page_says_that_another_copy_used_the_media(site: Flask, copied: Flask) -> None:
    with site.app_context():
        person_id = factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    client = factories.sign_in(site, person_id)
    text = "Another copy of this database has used the large media, or this one was restored"
    assert text not in client.get("/operations").text
    _add_entry(copied)
    _run_job(copied, day=1)
    page = client.get("/operations").text
    assert text in page
    assert "flask media-claim" in page
    assert "Large media cannot be read" not in page


def test_path_of_another_site_is_not_claimed(site: Flask, folder: Path) -> None:
    (folder / MARKER).write_text("f" * 64)
    assert "belongs to another site" in _claim(site)
    assert (folder / MARKER).read_text() == "f" * 64


@pytest.mark.parametrize(
    ("text", "last_use"),
    [
        ("id", None),
        (f"id\n2027-03-01 7 {'a' * 64}\n", LastUse("2027-03-01", 7, "a" * 64)),
        ("id\n2027-03-01 7 short\n", LastUse("0000-00-00", 0, "0" * 64)),
        (f"id\n2027-03-01 {'9' * 19} {'a' * 64}\n", LastUse("0000-00-00", 0, "0" * 64)),
    ],
)
def test_damaged_mark_of_a_use_is_one_that_no_copy_has(folder: Path, text: str, last_use: LastUse | None) -> None:
    store = media_store.MediaFolder(folder)
    store.put(MARKER, text.encode())
    assert media_owner.owner(store) == MediaOwner("id", last_use)
