import io
import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.catalogue.domain.media import read_media
from app.catalogue.domain.text import TextFile
from app.db.session import transaction
from app.kernel import clock
from app.studio.domain import media_library
from app.studio.queries import drafts
from app.studio.service import courses as service
from tests.support import courses, factories, recordings, sites, studio_site, uploads
from tests.support.sql_statements import asked

COURSE = f"/teaching/courses/{courses.SLUG}"
MEDIA = f"{COURSE}/media"
FACTS = {"description": "A lamp on the quay", "licence": "CC0-1.0", "author": "COLEP Academy", "source": ""}
LESSON = "lessons/the-list.en.md"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


def _client(app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(app, author.id)


def _picture(colour: str = "navy", kind: str = "PNG", size: int = 8) -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of an officer"
    Image.new("RGB", (size, size), colour).save(file, kind, exif=exif)
    return file.getvalue()


PICTURE = _picture()


def _add(app: Flask, client: FlaskClient, content: bytes = PICTURE, name: str = "Lamp.png") -> TestResponse:
    return uploads.upload(app, client, f"{MEDIA}/new", content, name, **FACTS)


def _media(author: studio_site.Author) -> set[str]:
    return {path for path in drafts.files(author.workspace()) if media_library.is_medium(path)}


def test_uploaded_picture_is_in_the_draft_without_metadata(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    assert "No files yet" in client.get(MEDIA).text
    answer = _add(lite_app, client)
    assert answer.headers["Location"] == f"{MEDIA}/lamp.png/details"
    stored = drafts.file(author.workspace(), "media/lamp.png")
    assert b"Camera" not in stored
    text = drafts.file(author.workspace(), "media.toml").decode()
    (medium,) = read_media(TextFile("media.toml", text))[0]
    assert (medium.description, medium.licence) == (FACTS["description"], FACTS["licence"])
    assert drafts.revisions(author.course_id)[0].note == "lamp.png"
    html = client.get(MEDIA).text
    assert all(text in html for text in ("A lamp on the quay", "CC0-1.0", "Not used", "1 of 500 files"))


def _bomb() -> bytes:
    file = io.BytesIO()
    Image.new("1", (6000, 6000)).save(file, "PNG")
    return file.getvalue()


HOSTILE = {
    "drawing-with-script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG drawings"),
    "page": (b"<!doctype html><script>alert(1)</script>", "web pages are not accepted"),
    "program": (b"MZ\x90\x00", "type of picture is not accepted"),
    "document": (b"%PDF-1.7", "type of picture is not accepted"),
    "empty": (b"", "not empty"),
    "cut": (_picture()[:60], "damaged"),
    "bomb": (_bomb(), "24 megapixels"),
    "large": (b"\x89PNG\r\n\x1a\n" + b"0" * 5 * 1024**2, "larger than 5 MB"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_file_is_refused_and_nothing_is_written(lite_app: Flask, author: studio_site.Author, name: str) -> None:
    content, message = HOSTILE[name]
    answer = _add(lite_app, _client(lite_app, author), content, "lamp.png")
    assert answer.status_code == 422
    assert message in answer.text
    assert author.workspace().revision == 0


@pytest.mark.parametrize(
    "facts",
    [{"description": ""}, {"licence": ""}, {"author": ""}, {"description": "x" * 501}],
    ids=lambda f: next(iter(f)),
)
def test_file_without_description_or_rights_is_refused(
    lite_app: Flask, author: studio_site.Author, facts: dict[str, str]
) -> None:
    answer = uploads.upload(lite_app, _client(lite_app, author), f"{MEDIA}/new", PICTURE, "a.png", **{**FACTS, **facts})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert author.workspace().revision == 0


def test_type_is_taken_from_the_content_and_not_from_the_name(lite_app: Flask, author: studio_site.Author) -> None:
    answer = _add(lite_app, _client(lite_app, author), _picture(kind="JPEG"), "../../Ärger 5.svg.png")
    assert answer.headers["Location"].endswith("/arger-5-svg.jpg/details")
    assert _media(author) == {"media/arger-5-svg.jpg"}


def test_file_that_the_course_has_is_not_stored_twice(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    answer = _add(lite_app, client, name="other.png")
    assert answer.status_code == 422
    assert "The course has this file already: lamp.png." in answer.text
    assert _media(author) == {"media/lamp.png"}


def test_full_course_takes_no_file(
    lite_app: Flask, author: studio_site.Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    monkeypatch.setattr(media_library, "COURSE_BYTES", len(_picture()))
    answer = _add(lite_app, client, _picture("red"))
    assert answer.status_code == 422
    assert "Remove one that is not used." in answer.text
    assert _media(author) == {"media/lamp.png"}


def test_saved_description_replaces_the_entry(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    page = f"{MEDIA}/lamp.png/details"
    assert sites.post(lite_app, client, page, {**FACTS, "description": ""}).status_code == 422
    assert sites.post(lite_app, client, page, {**FACTS, "description": "A red lamp"}).status_code == 302
    assert 'value="A red lamp"' in client.get(page).text


def test_replacement_needs_the_same_type(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    page = f"{MEDIA}/lamp.png/replacement"
    before = drafts.file(author.workspace(), "media/lamp.png")
    assert uploads.upload(lite_app, client, page, _picture("red", "JPEG"), "a.png").status_code == 422
    assert drafts.file(author.workspace(), "media/lamp.png") == before
    assert uploads.upload(lite_app, client, page, _picture("red"), "a.png").status_code == 302
    assert drafts.file(author.workspace(), "media/lamp.png") != before


def _show(app: Flask, client: FlaskClient, lesson: str = "the-list") -> TestResponse:
    return sites.post(app, client, f"{MEDIA}/lamp.png/insertion", {"lesson": lesson})


def test_inserted_picture_is_at_the_end_of_the_lesson(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    assert _show(lite_app, client, "no-lesson").status_code == 422
    answer = _show(lite_app, client)
    assert answer.headers["Location"] == f"{COURSE}/lessons/the-list"
    text = drafts.file(author.workspace(), LESSON).decode()
    assert text.endswith("\n\n![A lamp on the quay](../media/lamp.png)\n")
    html = client.get(f"{COURSE}/preview/the-list").text
    (tag,) = re.findall(r"<img [^>]*>", html)
    assert f'src="{MEDIA}/lamp.png"' in tag
    assert 'alt="A lamp on the quay"' in tag


def test_used_file_is_not_removed(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    _show(lite_app, client)
    answer = sites.post(lite_app, client, f"{MEDIA}/lamp.png/removal", {})
    assert answer.status_code == 422
    assert "This file is used." in answer.text
    assert f'href="{COURSE}/lessons/the-list"' in client.get(MEDIA).text
    with transaction():
        service.remove_lesson(author.workspace(), "the-list", by=author.id, now=clock.now())
    assert sites.post(lite_app, client, f"{MEDIA}/lamp.png/removal", {}).status_code == 302
    assert _media(author) == set()
    assert "media.toml" not in drafts.files(author.workspace())
    assert client.get(f"{MEDIA}/lamp.png/details").status_code == 404


def test_reviewer_reads_media_and_changes_nothing(lite_app: Flask, author: studio_site.Author) -> None:
    _add(lite_app, _client(lite_app, author))
    reviewer = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    with transaction():
        service.add_reviewer(author.workspace(), reviewer, clock.now())
    g.pop("_login_user", None)
    client = factories.sign_in(lite_app, reviewer)
    for path in (MEDIA, f"{MEDIA}/lamp.png", f"{MEDIA}/lamp.png/details"):
        assert client.get(path).status_code == 200
    assert client.get(f"{MEDIA}/new").status_code == 403
    assert 'enctype="multipart' not in client.get(f"{MEDIA}/lamp.png/details").text
    for page in ("lamp.png/details", "lamp.png/removal", "lamp.png/insertion", "lamp.png/replacement", "new"):
        assert sites.post(lite_app, client, f"{MEDIA}/{page}", FACTS).status_code == 403


def test_draft_file_is_private_and_sent_in_ranges(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    content = drafts.file(author.workspace(), "media/lamp.png")
    answer = client.get(f"{MEDIA}/lamp.png", headers={"Range": "bytes=1-3"})
    assert (answer.status_code, answer.data) == (206, b"PNG")
    assert answer.headers["Content-Range"] == f"bytes 1-3/{len(content)}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{MEDIA}/lamp.png", headers={"Range": "bytes=9999999-"}).status_code == 416
    stranger = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    g.pop("_login_user", None)
    assert factories.sign_in(lite_app, stranger).get(f"{MEDIA}/lamp.png").status_code == 404


CAPTIONS = b"WEBVTT\n\n00:01.000 --> 00:02.000\nWho is there?\n"


def _add_film(app: Flask, client: FlaskClient, captions: bytes) -> TestResponse:
    files = {
        "file": FileStorage(io.BytesIO(recordings.of_type("mp4", seconds=65)), "Film.mp4"),
        "captions": FileStorage(io.BytesIO(captions), "film.vtt"),
    }
    fields = {**FACTS, **files, "csrf_token": factories.token(app, client)}
    return client.post(f"{MEDIA}/new", data=fields, content_type="multipart/form-data")


@pytest.mark.parametrize("captions", [b"", b"no captions"], ids=["none", "other"])
def test_video_without_captions_is_refused(lite_app: Flask, author: studio_site.Author, captions: bytes) -> None:
    answer = _add_film(lite_app, _client(lite_app, author), captions)
    assert answer.status_code == 422
    assert 'href="#captions"' in answer.text
    assert author.workspace().revision == 0


def test_video_is_stored_with_its_captions_and_removed_with_them(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    assert _add_film(lite_app, client, CAPTIONS).status_code == 302
    assert _media(author) == {"media/film.mp4", "media/film.vtt"}
    assert "Captions of film.mp4" in client.get(MEDIA).text
    html = client.get(f"{MEDIA}/film.mp4/details").text
    assert re.search(r'<video controls preload="none"[^>]*>\s*<track', html)
    assert "1:05" in html
    assert sites.post(lite_app, client, f"{MEDIA}/film.vtt/removal", {}).status_code == 422
    assert sites.post(lite_app, client, f"{MEDIA}/film.mp4/removal", {}).status_code == 302
    assert _media(author) == set()


def test_sound_in_a_lesson_needs_a_transcript(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client, recordings.of_type("mp3", seconds=2), "talk.mp3")
    lesson = f"{COURSE}/lessons/the-list/preview"
    text = "![A talk](../media/talk.mp3)\n\n"
    html = sites.post_json(lite_app, client, lesson, {"title": "T", "body": text}).text
    assert "has no transcript" in html
    assert re.search(rf'<audio [^>]*controls=""[^>]*src="{MEDIA}/talk.mp3"', html)
    text += "/// transcript\nGuard: Who is there?\n///"
    html = sites.post_json(lite_app, client, lesson, {"title": "T", "body": text}).text
    assert "has no transcript" not in html
    assert "is-transcript" in html


def test_list_takes_as_many_statements_for_four_files_as_for_one(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _add(lite_app, client)
    few = asked(lite_app, client, MEDIA)
    for colour in ("red", "green", "blue"):
        _add(lite_app, client, _picture(colour))
    assert asked(lite_app, client, MEDIA) == few


def test_picture_added_in_the_editor_is_answered_with_its_markdown(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    page = f"{MEDIA}/pictures"
    answer = uploads.upload(lite_app, client, page, PICTURE, "image.png", **FACTS)
    assert answer.json == {"markdown": "![A lamp on the quay](../media/image.png)"}
    again = uploads.upload(lite_app, client, page, PICTURE, "image.png", **FACTS)
    assert again.status_code == 422
    assert again.json == {"errors": {"file": "The course has this file already: image.png."}}
    empty = uploads.upload(lite_app, client, page, b"", "", description="", licence="CC0-1.0")
    assert empty.json is not None
    assert empty.json["errors"].keys() == {"file", "description", "author"}


def test_choice_of_the_editor_contains_the_pictures_of_the_draft(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    assert "No pictures yet" in client.get(f"{MEDIA}/choice").text
    _add(lite_app, client)
    html = client.get(f"{MEDIA}/choice").text
    assert 'data-markdown="![A lamp on the quay](../media/lamp.png)"' in html
    assert f'src="{MEDIA}/lamp.png"' in html


def test_editor_of_a_reviewer_has_no_panel_for_pictures(lite_app: Flask, author: studio_site.Author) -> None:
    assert "data-pictures" in _client(lite_app, author).get(f"{COURSE}/lessons/the-list").text
    reviewer = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    with transaction():
        service.add_reviewer(author.workspace(), reviewer, clock.now())
    g.pop("_login_user", None)
    html = factories.sign_in(lite_app, reviewer).get(f"{COURSE}/lessons/the-list").text
    assert "data-pictures" not in html
