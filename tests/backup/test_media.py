"""Media in MEDIA_PATH are part of a backup, wherever they are, and of the restored site."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.backup.domain.manifest import BackupError
from app.backup.service import site_files
from app.db.session import db
from app.db.stores import media_store, object_store
from app.db.stores.media_owner import MARKER
from app.kernel import clock
from app.studio import jobs
from app.studio.service import media_storage
from app.web import settings as site_settings
from config import StorePath
from tests.support import factories, media_sites, restored_sites
from tests.support.backup_site import BackupSite
from tests.support.media_sites import CONTENT, DIGEST, PATH
from tests.support.object_store_server import BUCKET, Fault, ObjectStoreServer, contents, object_store_server
from tests.support.restored_sites import EmptyHost

OTHER = StorePath(BUCKET, "restored")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStoreServer]:
    monkeypatch.setattr(object_store, "RETRIES", 0)
    with object_store_server() as running:
        yield running


@pytest.fixture
def moved(app: Flask, backed_up: BackupSite, server: ObjectStoreServer) -> BackupSite:
    """A site whose large media are in a store."""
    settings = replace(backed_up.settings, media_path=PATH, store=server.access())
    site_settings.init_app(app, settings)
    with app.app_context():
        media_sites.publish()
        assert jobs.move_media() == 2
        db.session.remove()
    return replace(backed_up, settings=settings)


@pytest.fixture
def host(moved: BackupSite, tmp_path: Path, worker: str) -> Iterator[EmptyHost]:
    """An empty host with another path of the store."""
    with restored_sites.empty_host(moved, tmp_path, worker) as host:
        yield replace(host, settings=replace(host.settings, media_path=OTHER))


def test_site_is_restored_with_the_media_of_its_store(
    moved: BackupSite, host: EmptyHost, server: ObjectStoreServer
) -> None:
    made = moved.make()
    assert made.faults == []
    server.objects.clear()
    server.objects |= {f"restored/{DIGEST}": b"cut", "restored/newer": b"1"}
    host.restore(made.path)
    assert contents(server, "restored/") == {DIGEST: CONTENT, "newer": b"1"}
    with host.started() as restored:
        with restored.app_context():
            client = factories.sign_in(restored, factories.person())
        assert client.get(f"/media/{DIGEST}").data == CONTENT


def test_media_of_a_store_are_restored_into_a_folder(moved: BackupSite, host: EmptyHost, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    replace(host, settings=replace(host.settings, media_path=folder, store=None)).restore(moved.make().path)
    assert (folder / DIGEST).read_bytes() == CONTENT


def test_restore_without_a_media_path_is_refused_and_changes_nothing(moved: BackupSite, host: EmptyHost) -> None:
    without = replace(host, settings=replace(host.settings, media_path=None))
    with pytest.raises(BackupError, match=r"1 media outside of the database. Set MEDIA_PATH"):
        without.restore(moved.make().path)
    assert not Path(without.settings.database_url.removeprefix("sqlite:///")).exists()


def test_restored_site_goes_on_with_its_store_and_its_folder(
    moved: BackupSite, host: EmptyHost, server: ObjectStoreServer, tmp_path: Path
) -> None:
    archive = moved.make().path
    for place in (PATH, tmp_path / "other"):
        there = replace(host, settings=replace(host.settings, media_path=place))
        there.restore(archive)
        with there.started() as restored, restored.app_context():
            assert jobs.move_media() == 0
            assert media_store.read(DIGEST, None) == CONTENT
    ids = [server.objects[f"media/{MARKER}"], (tmp_path / "other" / MARKER).read_bytes()]
    assert len({content.partition(b"\n")[0] for content in ids}) == 1


def test_site_restored_beside_a_newer_use_deletes_after_it_was_chosen(
    moved: BackupSite, host: EmptyHost, server: ObjectStoreServer
) -> None:
    archive = moved.make().path
    with moved.app.app_context():
        factories.person()
        media_storage.claim(media_store.patient_store(moved.settings), clock.real_now().date())
        db.session.remove()
    there = replace(host, settings=replace(host.settings, media_path=PATH))
    there.restore(archive)
    with there.started() as restored:
        assert "restored. Nothing is deleted there" in restored.test_cli_runner().invoke(args=["doctor"]).output
        with restored.app_context():
            assert media_store.read(DIGEST, None) == CONTENT
            db.session.remove()
        assert restored.test_cli_runner().invoke(args=["media-claim"]).exit_code == 0
        assert "Nothing is deleted there" not in restored.test_cli_runner().invoke(args=["doctor"]).output


def test_backup_of_a_folder_leaves_out_whose_it_is(app: Flask, backed_up: BackupSite, tmp_path: Path) -> None:
    settings = replace(backed_up.settings, media_path=tmp_path / "folder")
    site_settings.init_app(app, settings)
    with app.app_context():
        media_sites.publish()
        jobs.move_media()
        db.session.remove()
    assert (tmp_path / "folder" / MARKER).exists()
    hashes = site_files.copy_media(settings, tmp_path / "copied")
    assert hashes.keys() == {f"media/{DIGEST}"}


@pytest.mark.parametrize("place", ["folder", "store"])
def test_restore_into_the_media_path_of_another_site_is_refused(
    moved: BackupSite, host: EmptyHost, server: ObjectStoreServer, tmp_path: Path, place: str
) -> None:
    archive = moved.make().path
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / MARKER).write_bytes(b"f" * 64)
    server.objects[f"restored/{MARKER}"] = b"f" * 64
    other = replace(host, settings=replace(host.settings, media_path=folder if place == "folder" else OTHER))
    with pytest.raises(BackupError, match="MEDIA_PATH belongs to another site"):
        other.restore(archive)
    assert [path.name for path in folder.iterdir()] == [MARKER]
    assert contents(server, "restored/").keys() == {MARKER}
    assert not Path(host.settings.database_url.removeprefix("sqlite:///")).exists()


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_lost_medium_is_a_fault_of_the_site(moved: BackupSite, server: ObjectStoreServer, damage: str) -> None:
    if damage == "missing":
        server.objects.clear()
    else:
        server.objects[f"media/{DIGEST}"] = CONTENT[::-1]
    (fault,) = moved.make().faults
    assert fault == f"media: {DIGEST} is missing in MEDIA_PATH, or was changed"


def test_backup_fails_in_words_if_the_store_does_not_answer(moved: BackupSite, server: ObjectStoreServer) -> None:
    server.fault = Fault.BROKEN
    with pytest.raises(BackupError, match=r"MEDIA_PATH: The store http://127\.0\.0\.1:"):
        moved.make()
    assert moved.left_in_work() == []
    assert list(moved.folder.glob("*.age")) == []


def test_restore_stops_before_the_database_if_the_store_is_full(
    moved: BackupSite, host: EmptyHost, server: ObjectStoreServer
) -> None:
    archive = moved.make().path
    server.fault = Fault.FULL
    with pytest.raises(BackupError, match="is full"):
        host.restore(archive)
    assert not Path(host.settings.database_url.removeprefix("sqlite:///")).exists()
