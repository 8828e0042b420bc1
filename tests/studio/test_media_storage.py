"""Large media are moved to a folder or a store, once, and are read from there; nothing is lost at any moment."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.catalogue.models import CourseMedium, VersionFile
from app.catalogue.queries import version_media, versions
from app.db.session import db, transaction
from app.db.stores import media_contents, media_store, object_store
from app.db.stores.media_owner import MARKER
from app.db.stores.media_store import MediaStore
from app.db.stores.object_store import StoreError
from app.kernel import clock
from app.studio import jobs
from app.studio.domain.revisions import RevisionKind
from app.studio.models import DraftBlob, UnusedMedium
from app.studio.queries import drafts, media, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import drafts as service, media_storage
from app.web.settings import settings
from tests.support import factories, media_sites, sites, studio_site
from tests.support.media_sites import CONTENT, DIGEST, PATH
from tests.support.object_store_server import Fault, ObjectStoreServer

MEDIUM = f"media/{sites.PICTURE}"
WEEK = timedelta(days=7)


@pytest.fixture
def moving(context: Flask, server: ObjectStoreServer) -> Iterator[Flask]:
    """The application with the course, and a MEDIA_PATH in the store."""
    media_sites.publish()
    with media_sites.media_path(context, PATH, server.access()):
        yield context


def _in_database() -> int:
    """Return how many rows of any table have the large content."""
    db.session.rollback()
    return sum(
        db.session.scalar(select(func.count()).select_from(model).where(func.length(model.content) == len(CONTENT)))
        or 0
        for model in (CourseMedium, VersionFile, DraftBlob)
    )


def _workspace() -> Workspace:
    db.session.rollback()
    course_id = versions.course_record(sites.RESTRICTED).id
    person_id = factories.person()
    studio_site.make_author(person_id, course_id)
    return workspaces.workspace(studio_site.actor(person_id), sites.RESTRICTED)


def _open_draft() -> Workspace:
    """Open a draft of the course, with a second medium that is small."""
    workspace = _workspace()
    with transaction():
        files: dict[str, bytes | None] = {"media/small.png": CONTENT[:100]}
        by = factories.person()
        service.change_files(workspace.course_id, files, RevisionKind.ADDED, by=by, now=clock.now())
    return _workspace()


def _store() -> MediaStore:
    store = media_store.patient_store(settings())
    assert store is not None
    return store


@pytest.mark.each_database
def test_large_media_are_moved_once_and_read_from_the_store(moving: Flask, server: ObjectStoreServer) -> None:
    workspace = _open_draft()
    assert _in_database() == 3
    files = drafts.files(workspace)
    assert jobs.move_media() == 3
    assert media_sites.moved(server) == {DIGEST: CONTENT}
    assert _in_database() == 0
    puts = [line for line in server.requests if line.startswith("PUT") and DIGEST in line]
    assert len(puts) == 1
    assert jobs.move_media() == 0
    version_id = versions.course_record(sites.RESTRICTED).version_id
    assert version_id is not None
    assert versions.files_of(version_id)[MEDIUM] == CONTENT
    assert version_media.content(version_id, DIGEST) == CONTENT
    assert version_media.facts_by_digest(version_id)[DIGEST].size == len(CONTENT)
    assert drafts.files(workspace) == files
    assert drafts.file(workspace, MEDIUM) == drafts.content(DIGEST) == CONTENT
    assert media.media_files(workspace).sizes == {sites.PICTURE: len(CONTENT), "small.png": 100}


def test_course_without_a_draft_is_read_from_the_store(moving: Flask, server: ObjectStoreServer) -> None:
    workspace = _workspace()
    states, sizes = drafts.file_states(workspace), media.media_files(workspace).sizes
    jobs.move_media()
    server.requests.clear()
    assert drafts.file_states(workspace) == states
    assert media.media_files(workspace).sizes == sizes
    assert drafts.texts(workspace).keys() == {path for path in states if not path.startswith("media/")}
    assert server.requests == []
    assert drafts.file(workspace, MEDIUM) == CONTENT


def test_draft_that_is_opened_refers_to_moved_media_without_asking_the_store(
    moving: Flask, server: ObjectStoreServer
) -> None:
    jobs.move_media()
    server.requests.clear()
    workspace = _open_draft()
    assert server.requests == []
    assert drafts.tree(workspace.course_id)[MEDIUM] == DIGEST
    assert drafts.file(workspace, MEDIUM) == CONTENT
    assert _in_database() == 0


def test_texts_captions_and_small_media_stay_in_the_database(moving: Flask, server: ObjectStoreServer) -> None:
    workspace = _workspace()
    long = media_contents.LARGE + 1
    texts = {"lessons/long.en.md": b"a" * long, "media/film.vtt": b"b" * long, "media/media.toml": b"#" * long}
    with transaction():
        files: dict[str, bytes | None] = {**texts, "media/small.png": CONTENT[:100]}
        by = factories.person()
        service.change_files(workspace.course_id, files, RevisionKind.ADDED, by=by, now=clock.now())
        for path, text in texts.items():
            db.session.add(VersionFile(version_id=workspace.version_id, path=path, content=text))
        db.session.execute(update(CourseMedium).values(kind="text/vtt"))
    assert jobs.move_media() == 2
    assert media_sites.moved(server).keys() == {DIGEST}
    assert db.session.scalars(select(CourseMedium.content)).all() == [CONTENT]


def test_folder_takes_and_returns_media(context: Flask, tmp_path: Path) -> None:
    media_sites.publish()
    folder = tmp_path / "media"
    with media_sites.media_path(context, folder):
        assert jobs.move_media() == 2
        assert {path.name for path in folder.iterdir()} == {DIGEST, MARKER}
        assert (folder / DIGEST).stat().st_mode & 0o777 == 0o600
        assert drafts.file(_workspace(), MEDIUM) == CONTENT
        assert media_store.read_range(DIGEST, None, 8, 20) == CONTENT[8:20]
        (folder / DIGEST).unlink()
        with pytest.raises(StoreError, match="has no such file"):
            drafts.file(_workspace(), MEDIUM)
        (folder / DIGEST).mkdir()
        with pytest.raises(StoreError, match="cannot be used"):
            drafts.file(_workspace(), MEDIUM)


def test_nothing_is_moved_without_a_media_path(context: Flask) -> None:
    media_sites.publish()
    assert jobs.move_media() == 0
    assert _in_database() == 2


def test_job_fails_if_the_media_path_was_emptied_too_early(moving: Flask) -> None:
    jobs.move_media()
    with media_sites.media_path(moving, None), pytest.raises(StoreError, match="MEDIA_PATH is not set"):
        jobs.move_media()


@pytest.mark.parametrize("step", ["put", "get", "remove"])
def test_move_that_is_killed_loses_nothing_and_is_repeated(
    moving: Flask, server: ObjectStoreServer, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    owner, name = {
        "put": (object_store.ObjectStore, "put"),
        "get": (object_store.ObjectStore, "get"),
        "remove": (media_contents, "remove_content"),
    }[step]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, die)
        with pytest.raises(KeyboardInterrupt):
            jobs.move_media()
    assert _in_database() == 2
    assert jobs.move_media() == 2
    assert media_sites.moved(server) == {DIGEST: CONTENT}
    assert _in_database() == 0


@pytest.mark.parametrize("fault", [Fault.CHANGES_CONTENT, Fault.DROP_UPLOAD, Fault.FULL, Fault.BROKEN])
def test_content_that_is_not_read_back_stays_in_the_database(
    moving: Flask, server: ObjectStoreServer, fault: Fault
) -> None:
    server.fault, server.working_requests = fault, 1
    with pytest.raises(StoreError):
        jobs.move_media()
    assert _in_database() == 2
    server.fault = None
    assert jobs.move_media() == 2
    assert media_sites.moved(server) == {DIGEST: CONTENT}


def test_object_of_before_is_compared_and_written_again_if_it_differs(moving: Flask, server: ObjectStoreServer) -> None:
    server.objects[f"media/{DIGEST}"] = b"cut"
    assert jobs.move_media() == 2
    assert media_sites.moved(server) == {DIGEST: CONTENT}


def test_job_stops_at_its_limit_of_time(moving: Flask) -> None:
    assert media_storage.move_contents(_store(), timedelta(0)) == 0
    assert _in_database() == 2


@pytest.mark.each_database
def test_unused_object_is_deleted_after_a_week(moving: Flask, server: ObjectStoreServer) -> None:
    jobs.move_media()
    unused = {"0" * 64: b"1", "1" * 64: b"2"}
    others = {"media/notes.txt": b"3", f"other/{'0' * 64}": b"4", f"media/{MARKER}": server.objects[f"media/{MARKER}"]}
    server.objects |= {f"media/{name}": content for name, content in unused.items()} | others
    now = clock.real_now()
    store = _store()
    assert media_storage.delete_unused(store, now) == 0
    assert media_storage.delete_unused(store, now + timedelta(days=1)) == 0
    del server.objects[f"media/{'1' * 64}"]  # another hand deleted it
    assert media_storage.delete_unused(store, now + WEEK) == 1
    assert media_storage.delete_unused(store, now + WEEK) == 0
    assert server.objects == {f"media/{DIGEST}": CONTENT} | others
    assert db.session.scalars(select(UnusedMedium)).all() == []


def test_object_that_is_used_again_stays(moving: Flask, server: ObjectStoreServer) -> None:
    server.objects[f"media/{DIGEST}"] = CONTENT
    now = clock.real_now()
    assert media_storage.delete_unused(_store(), now) == 0
    assert len(db.session.scalars(select(UnusedMedium)).all()) == 1
    db.session.rollback()
    media_storage.move_contents(_store())
    assert media_storage.delete_unused(_store(), now + WEEK) == 0
    assert media_sites.moved(server) == {DIGEST: CONTENT}


def test_object_stays_until_no_row_of_any_table_refers_to_it(moving: Flask) -> None:
    workspace = _open_draft()
    jobs.move_media()
    now = clock.real_now()
    with transaction():
        for model in (CourseMedium, VersionFile):
            for row in db.session.scalars(select(model).where(model.content.is_(None))):
                db.session.delete(row)
    media_storage.delete_unused(_store(), now)
    assert media_storage.delete_unused(_store(), now + WEEK) == 0
    assert drafts.file(workspace, MEDIUM) == CONTENT


@pytest.mark.each_database
def test_media_are_moved_back_by_the_command(app: Flask, server: ObjectStoreServer) -> None:
    with media_sites.media_path(app, PATH, server.access()):
        with app.app_context():
            media_sites.publish()
            workspace = _open_draft()
            jobs.move_media()
            db.session.rollback()
        result = app.test_cli_runner().invoke(args=["media-back"])
        assert (result.exit_code, result.output.partition(".")[0]) == (0, "Moved back: 1")
    with app.app_context():
        assert _in_database() == 3
        assert drafts.file(workspace, MEDIUM) == CONTENT
    result = app.test_cli_runner().invoke(args=["media-back"])
    assert "MEDIA_PATH is not set" in result.output


def test_changed_object_is_not_moved_back(app: Flask, server: ObjectStoreServer) -> None:
    with media_sites.media_path(app, PATH, server.access()):
        with app.app_context():
            media_sites.publish()
            jobs.move_media()
            db.session.rollback()
        server.objects[f"media/{DIGEST}"] = CONTENT[::-1]
        result = app.test_cli_runner().invoke(args=["media-back"])
    assert "was changed. Restore it from a backup" in result.output
    with app.app_context():
        assert _in_database() == 0


def test_medium_of_a_draft_is_sent_from_the_store_to_its_authors_only(app: Flask, server: ObjectStoreServer) -> None:
    with media_sites.media_path(app, PATH, server.access()):
        with app.app_context():
            media_sites.publish()
            author, stranger = factories.person(), factories.person()
            studio_site.make_author(author, versions.course_record(sites.RESTRICTED).id)
            jobs.move_media()
            db.session.rollback()
        address = f"/teaching/courses/{sites.RESTRICTED}/media/{sites.PICTURE}"
        server.requests.clear()
        assert factories.sign_in(app, stranger).get(address).status_code in {403, 404}
        assert server.requests == []
        client = factories.sign_in(app, author)
        assert client.get(address).data == CONTENT
        assert client.get(address, headers={"Range": "bytes=1-3"}).data == CONTENT[1:4]
        server.objects.clear()
        assert client.get(address).status_code == 503
