import io
import zipfile
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.studio.domain.course_archive import write_course_archive
from app.studio.queries import checked, drafts
from tests.support import courses, factories, sites, studio_site, uploads

IMPORT = f"/teaching/courses/{courses.SLUG}/import"
LESSON = "lessons/the-list.en.md"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


@pytest.fixture
def references(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the checker know the roles and competencies of the course."""
    monkeypatch.setattr(checked, "references", lambda: courses.ready()[1])


@pytest.fixture
def client(lite_app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(lite_app, author.id)


def _upload(app: Flask, client: FlaskClient, files: Mapping[str, bytes], folder: str = courses.SLUG) -> str:
    content = write_course_archive(folder, files)
    answer = uploads.upload(app, client, IMPORT, content, "course.zip", kind="")
    assert answer.status_code == 302
    return answer.headers["Location"].removesuffix("?kind=course")


def _import(app: Flask, client: FlaskClient, address: str) -> TestResponse:
    return sites.post(app, client, address, {"kind": "course"})


def _files(author: studio_site.Author) -> dict[str, bytes]:
    return drafts.files(author.workspace())


@pytest.mark.usefixtures("references")
def test_archive_replaces_the_files_of_the_draft_as_one_revision(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    files = _files(author)
    files[LESSON] = files[LESSON].replace(b"# The list\n", b"# The list at night\n")
    files["media.toml"] = b'[[file]]\nname = "quay.png"\nlicence = "CC0-1.0"\nauthor = "A trainer"\n'
    files["media/quay.png"] = _png()
    address = _upload(lite_app, client, files)
    html = client.get(address).text
    assert LESSON in html
    assert "3 files differ from the draft" in html
    assert author.workspace().revision == 0
    assert _import(lite_app, client, address).status_code == 302
    assert _files(author).keys() == files.keys()
    assert _files(author)[LESSON] == files[LESSON]
    assert author.workspace().revision == 2


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(file, "PNG", pnginfo=None)
    return file.getvalue()


def test_archive_of_an_unchanged_course_says_that_there_is_nothing_to_import(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    address = _upload(lite_app, client, _files(author))
    assert "The archive is the same as the draft" in client.get(address).text
    assert _import(lite_app, client, address).status_code == 422


@pytest.mark.usefixtures("references")
def test_archive_with_errors_in_a_text_is_imported_to_be_corrected(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    files = {**_files(author), LESSON: b"No title.\n"}
    address = _upload(lite_app, client, files)
    assert "The archive has errors" in client.get(address).text
    assert _import(lite_app, client, address).status_code == 302
    assert _files(author) == files


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'id = "T10"', b'id = "T11"', "The archive has the course T11"),
        (b'sensitivity = "unrestricted"', b'sensitivity = "participants_only"', "The sensitivity in the archive"),
        (b'id = "T10"', b"id = ", "The file course.toml in the archive has errors"),
    ],
    ids=["course-id", "sensitivity", "mistakes"],
)
def test_archive_of_another_course_is_refused(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient, old: bytes, new: bytes, message: str
) -> None:
    files = _files(author)
    files["course.toml"] = files["course.toml"].replace(old, new)
    address = _upload(lite_app, client, files)
    assert message in client.get(address).text
    assert _import(lite_app, client, address).status_code == 422


def test_archive_with_the_folder_of_another_course_is_refused(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    address = _upload(lite_app, client, {**_files(author), LESSON: b"# New\n"}, folder="another-course")
    assert "another-course" in client.get(address).text
    assert _import(lite_app, client, address).status_code == 422


def test_new_picture_with_a_script_inside_is_refused(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    address = _upload(lite_app, client, {**_files(author), "media/quay.png": b"<svg><script/></svg>"})
    assert "SVG drawings and web pages are not accepted" in client.get(address).text
    assert _import(lite_app, client, address).status_code == 422


@pytest.mark.parametrize("path", ["../course.toml", "/etc/passwd", "a/../../b"])
def test_archive_with_a_path_outside_is_refused(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient, path: str
) -> None:
    address = _upload(lite_app, client, {**_files(author), f"x/{path}": b"text"})
    html = client.get(address).text
    assert "The archive cannot be imported" in html or "The archive has errors" in html
    assert _import(lite_app, client, address).status_code == 422


def test_file_of_an_unknown_name_prevents_the_import(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    address = _upload(lite_app, client, {**_files(author), "program.exe": b"MZ"})
    assert "A file with this name cannot be in this folder." in client.get(address).text
    assert _import(lite_app, client, address).status_code == 422


def test_files_of_systems_in_an_archive_are_left_out(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    address = _upload(lite_app, client, {**_files(author), ".DS_Store": b"x", "media/Thumbs.db": b"x"})
    assert "The archive is the same as the draft" in client.get(address).text


def test_archive_without_a_course_is_refused(lite_app: Flask, client: FlaskClient) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "text")
    answer = uploads.upload(lite_app, client, IMPORT, file.getvalue(), "a.zip", kind="")
    assert "The archive has no course.toml." in client.get(answer.headers["Location"]).text
