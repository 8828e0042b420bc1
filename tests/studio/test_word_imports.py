"""Word documents through the pages of an import."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.text import read
from app.db.session import db, record, transaction
from app.directory.events import IdentityRemoved
from app.kernel import clock
from app.studio.domain.exchange.word_template import write_template
from app.studio.models import DraftBlob, DraftUpload
from app.studio.queries import drafts
from app.studio.service import imports as service
from tests.support import courses, factories, sites, studio_site, uploads
from tests.support.word_documents import new_document, saved

IMPORT = f"/teaching/courses/{courses.SLUG}/import"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


@pytest.fixture
def client(lite_app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(lite_app, author.id)


def _lessons() -> bytes:
    document = new_document()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(picture, "PNG")
    for title in ("The gangway", "The crane"):
        document.add_heading(title, 1)
        document.add_paragraph("Look before you go.")
    picture.seek(0)
    document.add_picture(picture)
    return saved(document)


def _address(app: Flask, client: FlaskClient, content: bytes, name: str, kind: str = "") -> str:
    answer = uploads.upload(app, client, IMPORT, content, name, kind=kind)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_lessons_of_a_document_are_added_at_the_end_of_the_course(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    address = _address(lite_app, client, _lessons(), "Night watch.docx", "word-lessons")
    html = client.get(address).text
    assert "The gangway" in html
    assert "Import 2 lessons" in html
    fields = {"kind": "word-lessons", "licence": "CC-BY-4.0", "author": "A trainer"}
    assert sites.post(lite_app, client, address.partition("?")[0], fields).status_code == 302
    files = drafts.files(author.workspace())
    facts = read_course(read("course.toml", files["course.toml"])[0])[0]
    assert facts is not None
    assert [entry.slug for entry in facts.lessons][-2:] == ["the-gangway", "the-crane"]
    assert files["lessons/the-gangway.en.md"] == b"# The gangway\n\nLook before you go.\n"
    assert "media/the-crane-1.png" in files
    assert b"(../media/the-crane-1.png)" in files["lessons/the-crane.en.md"]
    assert author.workspace().revision == 2


def test_document_is_one_lesson_unless_another_kind_is_chosen(lite_app: Flask, client: FlaskClient) -> None:
    address = _address(lite_app, client, _lessons(), "Night watch.docx")
    assert address.endswith("?kind=word-lesson")
    assert "Import 1 lesson" in client.get(address).text


def test_word_template_is_recognised_and_its_examples_are_not_imported(lite_app: Flask, client: FlaskClient) -> None:
    address = _address(lite_app, client, write_template("en"), "questions.docx")
    assert address.endswith("?kind=word-questions")
    html = client.get(address).text
    assert "Nothing can be imported" in html
    assert "marked as examples" in html


def test_content_of_an_old_upload_stays_while_a_draft_has_it(author: studio_site.Author) -> None:
    now = clock.now()
    content = drafts.published_files(author.workspace())["test.en.md"]
    with transaction():
        digest = service.store_upload(
            author.course_id, content, "a.txt", by=author.id, now=now - service.UPLOADS_STAY * 2
        )
        service.open_draft(author.course_id, now)
    with transaction():
        service.store_upload(author.course_id, b"new", "b.txt", by=author.id, now=now)
    assert db.session.get(DraftBlob, digest) is not None


def test_uploads_of_a_deleted_identity_are_deleted_with_their_contents(author: studio_site.Author) -> None:
    other, now = studio_site.author(), clock.now()
    with transaction():
        own = service.store_upload(author.course_id, b"own", "a.txt", by=author.id, now=now)
        shared = service.store_upload(author.course_id, b"shared", "b.txt", by=author.id, now=now)
        service.store_upload(author.course_id, b"shared", "b.txt", by=other.id, now=now)
    with transaction():
        record(IdentityRemoved(person_id=author.id, country="IQ", why="retention"))
    assert [row.person_id for row in db.session.scalars(select(DraftUpload))] == [other.id]
    assert db.session.get(DraftBlob, own) is None
    assert db.session.get(DraftBlob, shared) is not None
