"""A media store that does not answer holds up no transaction: moved media are referred to, and are not read there."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask

from app.access.policy import Sensitivity
from app.catalogue.domain.documents import DocumentKind
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.kernel import clock
from app.studio import jobs
from app.studio.domain.course_edits import COURSE_FILE
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import checked, drafts, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import base_versions, courses, documents, drafts as service, settings
from tests.support import factories, media_sites, sites, studio_site
from tests.support.media_sites import CONTENT, DIGEST, LAST_LESSON, PATH
from tests.support.object_store_server import ObjectStoreServer

MEDIUM = f"media/{sites.PICTURE}"
COPY = replace(studio_site.COPY, sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY)


@pytest.fixture
def moved(context: Flask, server: ObjectStoreServer) -> Iterator[Flask]:
    """The application with the course, whose large picture was moved to a store that answers."""
    media_sites.publish()
    with media_sites.media_path(context, PATH, server.access()):
        jobs.move_media()
        yield context


@contextmanager
def _silent_store(app: Flask, server: ObjectStoreServer) -> Iterator[None]:
    """Let MEDIA_PATH be a store that accepts connections and never answers; fail if a connection was made."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        access = server.access(endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}")
        with media_sites.media_path(app, PATH, access):
            yield
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.accept()


def _workspace(slug: str = sites.RESTRICTED) -> Workspace:
    db.session.rollback()
    person_id = factories.person()
    studio_site.make_author(person_id, versions.course_record(slug).id)
    return workspaces.workspace(studio_site.actor(person_id), slug)


def _change(workspace: Workspace, path: str, edit: Callable[[bytes], bytes]) -> Workspace:
    """Save a file of the draft, and return the course as it is then."""
    before = drafts.file(workspace, path)
    with transaction():
        changes = {path: edit(before)}
        by = factories.person()
        service.change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=clock.now())
    return _workspace()


@pytest.mark.each_database
@pytest.mark.parametrize("is_opened", [True, False])
def test_copy_of_a_course_refers_to_moved_media(moved: Flask, server: ObjectStoreServer, *, is_opened: bool) -> None:
    source = _workspace()
    if is_opened:
        source = _change(source, LAST_LESSON, lambda text: text + b"\nFrom the draft.\n")
    with _silent_store(moved, server), transaction():
        courses.copy_course(source, COPY, by=factories.person(), now=clock.now())
    copied = drafts.files(_workspace(COPY.slug))
    assert copied[MEDIUM] == CONTENT
    assert copied.keys() == drafts.files(source).keys() - {"course.ar.md"}
    assert (b"From the draft." in copied[LAST_LESSON]) is is_opened
    assert jobs.move_media() == 0


@pytest.mark.each_database
def test_draft_is_brought_up_to_date_without_reading_moved_media(moved: Flask, server: ObjectStoreServer) -> None:
    workspace = _change(_workspace(), LAST_LESSON, lambda text: text.replace(b"# ", b"# Long ", 1))
    media_sites.publish(added_text="\nFrom the console.\n")
    jobs.move_media()
    with _silent_store(moved, server), transaction():
        updated = base_versions.update_base(workspace.course_id, by=factories.person(), now=clock.now())
    files = drafts.files(_workspace())
    assert updated.conflicts == ()
    assert files[LAST_LESSON].startswith(b"# Long ")
    assert files[LAST_LESSON].endswith(b"From the console.\n")
    assert files[MEDIUM] == CONTENT
    assert drafts.base_tree(workspace.course_id)[MEDIUM] == DIGEST


def test_published_medium_that_was_moved_reaches_a_draft_by_its_update(moved: Flask, server: ObjectStoreServer) -> None:
    workspace = _workspace()
    with transaction():
        files: dict[str, bytes | None] = {MEDIUM: None}
        by = factories.person()
        service.change_files(workspace.course_id, files, RevisionKind.REMOVED, by=by, now=clock.now())
    with transaction():
        draft = service.open_draft(workspace.course_id, clock.now())
        base_versions.set_base(draft, draft.base_version_id, draft.revision)
    media_sites.publish(added_text="\nFrom the console.\n")
    jobs.move_media()
    with _silent_store(moved, server), transaction():
        base_versions.update_base(workspace.course_id, by=factories.person(), now=clock.now())
    assert drafts.tree(workspace.course_id)[MEDIUM] == DIGEST
    assert drafts.files(_workspace())[MEDIUM] == CONTENT


def test_questions_are_added_to_the_test_without_reading_moved_media(moved: Flask, server: ObjectStoreServer) -> None:
    workspace = _change(_workspace(), COURSE_FILE, lambda text: text.partition(b"[test]")[0])
    with _silent_store(moved, server), transaction():
        settings.add_to_test(workspace, by=factories.person(), now=clock.now())
    assert b"[test]" in drafts.file(_workspace(), COURSE_FILE)


def test_document_is_removed_without_reading_moved_media(moved: Flask, server: ObjectStoreServer) -> None:
    workspace = _workspace()
    with transaction():
        by = factories.person()
        documents.add_document(workspace, DocumentKind.LETTER, "A letter", "T01-D01", by=by, now=clock.now())
    facts = next(iter(checked.folder(_workspace()).documents.values())).facts
    workspace = _change(_workspace(), LAST_LESSON, lambda text: text + b"\nBy another user.\n")  # not cached yet
    with _silent_store(moved, server), transaction():
        documents.remove_document(workspace, facts, by=factories.person(), now=clock.now())
    assert not checked.folder(_workspace()).documents


def test_course_read_in_a_transaction_has_the_texts_and_the_names_of_its_media(moved: Flask) -> None:
    workspace = _workspace()
    expected = checked.folder(workspace)
    with transaction():
        assert checked.folder_of_texts(workspace) == expected


def test_moved_medium_is_not_read_in_a_transaction(moved: Flask) -> None:
    workspace = _workspace()
    with pytest.raises(RuntimeError, match="MEDIA_PATH"), transaction():
        drafts.file(workspace, MEDIUM)
    assert drafts.file(workspace, MEDIUM) == CONTENT
