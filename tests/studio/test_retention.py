"""Contents that nothing refers to are deleted, and none that a save uses at the same time."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db.session import before_commit, db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio import jobs
from app.studio.domain.revisions import RevisionKind
from app.studio.models import DraftBlob, DraftReplaced, DraftUpload
from app.studio.queries import drafts
from app.studio.queries.drafts import digest_of
from app.studio.service import contents, drafts as service, imports, retention
from app.studio.service.drafts import FileSave, SavedFile
from tests.support import concurrency, factories, studio_site, uploads
from tests.support.courses import SLUG
from tests.support.studio_site import Author

LESSON = "lessons/the-quay.en.md"
TEXT = "# The quay\n\nA text that nothing refers to yet.\n"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def _store(text: str) -> str:
    with transaction():
        return contents.store_contents([text.encode()])[text.encode()]


def _is_stored(digest: str) -> bool:
    db.session.rollback()
    return digest in drafts.contents([digest])


def _count(table: type[DraftBlob | DraftReplaced | DraftUpload]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _upload(author: Author, content: bytes, *, name: str = "lamps.gift") -> str:
    with transaction():
        return imports.store_upload(author.course_id, content, name, by=author.id, now=clock.now())


def _pass(monkeypatch: pytest.MonkeyPatch, time: timedelta) -> None:
    later = clock.now() + time
    monkeypatch.setattr(clock, "now", lambda: later)


def _autosave(author: Author, text: str, opened: str) -> str:
    with transaction():
        save = FileSave(LESSON, text, opened, is_automatic=True)
        saved = service.save_file(author.course_id, save, by=author.id, now=clock.now())
    assert isinstance(saved, SavedFile)
    return saved.digest


def _autosaved_twice(author: Author) -> tuple[str, str]:
    """Save two texts in one revision, and return their digests: the first is replaced."""
    published = drafts.file(author.workspace(), LESSON).decode()
    first = _autosave(author, f"{published}\na\n", digest_of(published.encode()))
    return first, _autosave(author, f"{published}\nab\n", first)


@pytest.mark.each_database
def test_unused_contents_are_deleted_in_portions_and_used_ones_remain(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = studio_site.author()
    with transaction():
        service.change_files(author.course_id, {LESSON: None}, RevisionKind.SAVED, by=author.id, now=clock.now())
    files, count = drafts.files(author.workspace(), revision=1), _count(DraftBlob)
    unused = [_store(f"{TEXT}{number}") for number in range(3)]
    monkeypatch.setattr(jobs, "PORTION", 1)
    assert jobs.delete_unused() == 3
    assert not any(_is_stored(digest) for digest in unused)
    assert _count(DraftBlob) == count
    assert drafts.files(author.workspace(), revision=1) == files
    assert jobs.delete_unused() == 0


@pytest.mark.each_database
def test_replaced_text_is_deleted_after_seven_days(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author = studio_site.author()
    first, second = _autosaved_twice(author)
    _pass(monkeypatch, retention.REPLACED_STAYS - SECOND)
    jobs.delete_unused()
    assert _is_stored(first)
    _pass(monkeypatch, 2 * SECOND)
    assert jobs.delete_unused() == 2  # the note of it, and its content
    assert _count(DraftReplaced) == 0
    assert not _is_stored(first)
    assert _is_stored(second)


def test_text_replaced_again_meanwhile_remains(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author = studio_site.author()
    first, _second = _autosaved_twice(author)
    _pass(monkeypatch, retention.REPLACED_STAYS + SECOND)
    with transaction():
        service.note_base(author.course_id, LESSON, first, now=clock.now())
    assert jobs.delete_unused() == 0
    assert drafts.opened(author.course_id, LESSON, first) is not None


@pytest.mark.each_database
def test_uploads_are_deleted_after_a_day(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author = studio_site.author()
    old = _upload(author, b"old")
    _pass(monkeypatch, DAY)
    new = _upload(author, b"new")
    _pass(monkeypatch, SECOND)
    assert jobs.delete_unused() == 2  # the row, and its content
    assert (_is_stored(old), _is_stored(new)) == (False, True)
    assert _count(DraftUpload) == 1


def test_content_that_two_users_uploaded_remains_for_the_second(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = studio_site.author(), studio_site.author()
    digest = _upload(first, b"the same")
    _pass(monkeypatch, DAY + SECOND)
    _upload(second, b"the same")
    assert jobs.delete_unused() == 1
    assert _is_stored(digest)


@pytest.mark.each_database
def test_save_stores_a_content_again_that_is_deleted_at_that_time(app: Flask) -> None:
    with app.app_context():
        author, digest = studio_site.author(), _store(TEXT)
        db.session.remove()
    results = concurrency.both_at_once(
        app, lambda: retention.delete_contents([digest]), lambda: _write(author.course_id, by=author.id)
    )
    with app.app_context():
        assert results == [1, 2]
        assert drafts.file(author.workspace(), LESSON) == TEXT.encode()


@pytest.mark.each_database
def test_content_that_a_save_uses_is_not_deleted_at_that_time(app: Flask) -> None:
    with app.app_context():
        author, digest = studio_site.author(), _store(TEXT)
        db.session.remove()
    results = concurrency.both_at_once(
        app, lambda: _write(author.course_id, by=author.id), lambda: retention.delete_contents([digest])
    )
    with app.app_context():
        assert results == [2, 0]
        assert drafts.file(author.workspace(), LESSON) == TEXT.encode()


@pytest.mark.each_database
def test_content_is_not_deleted_between_its_storing_and_its_reference(app: Flask) -> None:
    with app.app_context():
        author, digest = studio_site.author(), _store(TEXT)
        with transaction():
            service.open_draft(author.course_id, clock.now())
        db.session.remove()

    def refer() -> None:
        service.note_base(author.course_id, LESSON, digest, now=clock.now())

    def store_then_refer() -> None:
        contents.store_contents([TEXT.encode()])
        before_commit(refer)  # after the other transaction has begun

    results = concurrency.both_at_once(app, store_then_refer, lambda: retention.delete_contents([digest]))
    with app.app_context():
        assert results == [None, 0]
        assert drafts.opened(author.course_id, LESSON, digest) == TEXT.encode()


def _write(course_id: UUID, *, by: UUID) -> int:
    return service.change_files(course_id, {LESSON: TEXT.encode()}, RevisionKind.SAVED, by=by, now=clock.now())


@pytest.mark.each_database
def test_user_has_a_number_of_open_uploads(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author, other = studio_site.author(), studio_site.author()
    monkeypatch.setattr(imports, "MOST_UPLOADS", 2)
    first = _upload(author, b"first")
    _upload(author, b"second")
    with pytest.raises(DomainError, match="You have 2 files to import"):
        _upload(author, b"third")
    assert not _is_stored(digest_of(b"third"))
    assert _upload(author, b"first") == first  # again, and no further file
    _upload(other, b"third")
    with transaction():
        db.session.get_one(DraftUpload, (author.course_id, first, author.id)).revision = 1
    _upload(author, b"third")
    _pass(monkeypatch, DAY + SECOND)
    _upload(author, b"fourth")


@pytest.mark.each_database
def test_user_has_a_size_of_open_uploads(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    author = studio_site.author()
    monkeypatch.setattr(imports, "MOST_MEGABYTES", 1)
    _upload(author, b"a" * 700_000)
    _upload(author, b"b" * 300_000)
    with pytest.raises(DomainError, match="larger than 1 MB"):
        _upload(author, b"c" * 100_000)


@pytest.mark.each_database
def test_two_uploads_at_once_do_not_exceed_the_limit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_UPLOADS", 1)
    with app.app_context():
        author = studio_site.author()
        db.session.remove()

    def upload(content: bytes) -> str:
        return imports.store_upload(author.course_id, content, "a.gift", by=author.id, now=clock.now())

    results = concurrency.at_once(app, [lambda: upload(b"first"), lambda: upload(b"second")])
    assert sum(str(result).startswith("You have 1 files") for result in results) == 1


def test_form_says_that_a_user_has_too_many_uploads(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_UPLOADS", 1)
    with lite_app.app_context():
        author = studio_site.author()
        client = factories.sign_in(lite_app, author.id)
        path = f"/teaching/courses/{SLUG}/import"
        content = b"::Lamp:: Which lamp is green? {=starboard ~port}\n"
        assert uploads.upload(lite_app, client, path, content, "a.gift").status_code == 302
        answer = uploads.upload(lite_app, client, path, content.replace(b"green", b"red"), "b.gift")
        assert answer.status_code == 422
        assert "Import them, or try again tomorrow." in answer.text
