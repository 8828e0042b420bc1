import io
import re
import zipfile
from base64 import b64encode
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.text import TextFile
from app.db.session import is_in_transaction, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain import import_content
from app.studio.domain.import_changes import MediaRights
from app.studio.domain.import_content import ImportContent
from app.studio.domain.import_kinds import ImportKind
from app.studio.pages import exchange_labels
from app.studio.queries import drafts, uploads as reading
from app.studio.queries.uploads import ImportChoices
from app.studio.service import imports as service
from tests.support import courses, factories, review_pages, sites, studio_site, uploads

IMPORT = f"/teaching/courses/{courses.SLUG}/import"
BANK = "test.en.md"
GIFT = b"::Lamp:: Which lamp is green? {=starboard ~port ~stern}\n\nThe quay is wet. {TRUE}\n"
AIKEN = b"Which lamp is red?\nA. port\nB. starboard\nANSWER: A\n"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


def _client(app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(app, author.id)


def _change_user() -> None:
    """Forget the user of the last request: all requests of a test share the context of the application."""
    g.pop("_login_user", None)


def _upload(app: Flask, client: FlaskClient, content: bytes, name: str, kind: str = "") -> TestResponse:
    return uploads.upload(app, client, IMPORT, content, name, kind=kind)


def _address(answer: TestResponse) -> str:
    assert answer.status_code == 302
    return answer.headers["Location"]


def _import(app: Flask, client: FlaskClient, address: str, **fields: str) -> TestResponse:
    path, _query, kind = address.partition("?kind=")
    return sites.post(app, client, path, {"kind": kind, "competency": "PRT-01", **fields})


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(file, "PNG")
    return file.getvalue()


def _moodle(name: str, picture: bytes) -> bytes:
    file = f'<file name="{name}" encoding="base64">{b64encode(picture).decode()}</file>'
    text = f'<![CDATA[<p>Which lamp? <img src="@@PLUGINFILE@@/{name}" alt="a lamp"></p>]]>'
    return (
        '<quiz><question type="truefalse"><name><text>Lamp</text></name>'
        f'<questiontext format="html"><text>{text}</text>{file}</questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        "</question></quiz>"
    ).encode()


@pytest.mark.parametrize(
    ("content", "name", "kind", "count"),
    [(GIFT, "a.txt", "gift", 2), (AIKEN, "a.txt", "aiken", 1), (_moodle("lamp.png", _png()), "a.xml", "moodle-xml", 1)],
    ids=["gift", "aiken", "moodle"],
)
def test_uploaded_questions_are_shown_before_anything_is_written(
    lite_app: Flask, author: studio_site.Author, content: bytes, name: str, kind: str, count: int
) -> None:
    client = _client(lite_app, author)
    address = _address(_upload(lite_app, client, content, name))
    assert address.endswith(f"?kind={kind}")
    html = client.get(address).text
    assert "lamp" in html
    assert f"Import {count} question" in html
    assert author.workspace().revision == 0


def test_imported_questions_are_in_the_draft_with_new_ids(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    address = _address(_upload(lite_app, client, GIFT, "lamps.gift"))
    answer = _import(lite_app, client, address)
    workspace = author.workspace()
    text = drafts.file(workspace, BANK).decode()
    published = drafts.published_files(workspace)[BANK].decode()
    assert text.startswith(published.rstrip("\n"))
    added = [item for item in read_bank(TextFile("", text))[0].items if f"## {item.id}\n" not in published]
    assert [item.competency for item in added] == ["PRT-01", "PRT-01"]
    assert len({item.id for item in added}) == 2
    assert workspace.revision == 2
    assert "Undo this import" in client.get(_address(answer)).text


def test_file_is_read_before_the_transaction(
    lite_app: Flask, author: studio_site.Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, read, states = _client(lite_app, author), import_content.read_content, list[bool]()

    def read_content(*arguments: Any) -> ImportContent:
        states.append(is_in_transaction())
        return read(*arguments)

    address = _address(_upload(lite_app, client, GIFT, "lamps.gift"))
    monkeypatch.setattr(reading, "read_content", read_content)
    _address(_import(lite_app, client, address))
    assert author.workspace().revision == 2
    assert states == [False]


def test_prepared_import_is_refused_after_the_draft_changed(lite_app: Flask, author: studio_site.Author) -> None:
    now = clock.now()
    with transaction():
        digest = service.store_upload(author.course_id, GIFT, "lamps.gift", by=author.id, now=now)
    upload = reading.own_upload(studio_site.actor(author.id), courses.SLUG, digest)
    choices = ImportChoices(ImportKind.GIFT, "PRT-01", exchange_labels.exchange_texts("en"))
    prepared = service.prepare_import(upload, choices, MediaRights("", ""))
    review_pages.add_text(author, "Written meanwhile.")
    before = drafts.files(author.workspace())
    with pytest.raises(DomainError, match="The draft has changed"), transaction():
        service.import_upload(upload, prepared, by=author.id, now=now)
    assert drafts.files(author.workspace()) == before


def test_second_confirmation_says_that_the_file_is_imported(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    address = _address(_upload(lite_app, client, GIFT, "lamps.gift"))
    _import(lite_app, client, address)
    answer = _import(lite_app, client, address)
    assert "This file is already imported." in client.get(_address(answer)).text
    assert author.workspace().revision == 2


def test_undone_import_leaves_the_files_of_before_and_can_be_repeated(
    lite_app: Flask, author: studio_site.Author
) -> None:
    client = _client(lite_app, author)
    address = _address(_upload(lite_app, client, GIFT, "lamps.gift"))
    before = drafts.files(author.workspace())
    _import(lite_app, client, address)
    path = address.partition("?")[0]
    assert sites.post(lite_app, client, f"{path}/undo").status_code == 302
    assert drafts.files(author.workspace()) == before
    assert "already undone" in client.get(_address(sites.post(lite_app, client, f"{path}/undo"))).text
    _import(lite_app, client, address)
    assert drafts.files(author.workspace()) != before


def test_undo_leaves_files_that_were_changed_again(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    first = _address(_upload(lite_app, client, GIFT, "lamps.gift"))
    _import(lite_app, client, first)
    _import(lite_app, client, _address(_upload(lite_app, client, AIKEN, "more.txt")))
    after = drafts.files(author.workspace())
    answer = sites.post(lite_app, client, f"{first.partition('?')[0]}/undo")
    assert f"changed later and remain: {BANK}" in client.get(_address(answer)).text
    assert drafts.files(author.workspace()) == after


def test_picture_of_a_question_is_cleaned_and_named_with_its_rights(
    lite_app: Flask, author: studio_site.Author
) -> None:
    client = _client(lite_app, author)
    address = _address(_upload(lite_app, client, _moodle("lamp.png", _png()), "lamps.xml"))
    refused = _import(lite_app, client, address, licence="CC-BY-4.0", author="")
    assert refused.status_code == 422
    assert "Enter the licence and the author" in refused.text
    _address(_import(lite_app, client, address, licence="CC-BY-4.0", author="A trainer"))
    files = drafts.files(author.workspace())
    assert files["media/lamp.png"].startswith(b"\x89PNG")
    media = next(files[path].decode() for path in files if path.endswith("media.toml"))
    assert re.search(r'name = "lamp.png"\nlicence = "CC-BY-4.0"\nauthor = "A trainer"', media)
    assert "![a lamp](media/lamp.png)" in files[BANK].decode()


def test_other_picture_with_the_same_name_gets_another_name(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    other = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(other, "PNG")
    rights = {"licence": "CC-BY-4.0", "author": "A trainer"}
    for picture in (_png(), other.getvalue()):
        _import(lite_app, client, _address(_upload(lite_app, client, _moodle("lamp.png", picture), "a.xml")), **rights)
    files = drafts.files(author.workspace())
    assert {"media/lamp.png", "media/lamp-2.png"} <= files.keys()
    assert "![a lamp](media/lamp-2.png)" in files[BANK].decode()


def test_file_of_a_wrong_ending_is_read_by_its_content(lite_app: Flask, author: studio_site.Author) -> None:
    answer = _upload(lite_app, _client(lite_app, author), _moodle("lamp.png", _png()), "lamps.txt")
    assert _address(answer).endswith("?kind=moodle-xml")


def test_kind_of_an_uploaded_file_can_be_changed(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    address = _address(_upload(lite_app, client, AIKEN, "a.txt", "gift")).partition("?")[0]
    assert "Import 1 question" not in client.get(f"{address}?kind=gift").text
    assert "Import 1 question" in client.get(f"{address}?kind=aiken").text
    assert "Import 1 question" in client.get(address).text


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.txt"), (_png(), "a.png"), (b"MZ\0\0", "a.gift"), (b"text", "a.exe")],
    ids=["empty", "picture", "program", "unknown-ending"],
)
def test_file_that_cannot_be_imported_is_refused_at_once(
    lite_app: Flask, author: studio_site.Author, content: bytes, name: str
) -> None:
    answer = _upload(lite_app, _client(lite_app, author), content, name)
    assert answer.status_code == 422
    assert "Files not imported yet" not in answer.text


def test_form_without_a_file_is_refused(lite_app: Flask, author: studio_site.Author) -> None:
    assert sites.post(lite_app, _client(lite_app, author), IMPORT, {"kind": "gift"}).status_code == 422


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<?xml version='1.0'?><!DOCTYPE q [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><quiz>&b;</quiz>", "DOCTYPE"),
        (b"<quiz><question", "not valid XML"),
        (b"\xff\xfe\x00\xd8 {", ""),
    ],
    ids=["entities", "broken", "surrogate"],
)
def test_hostile_text_shows_why_nothing_can_be_imported(
    lite_app: Flask, author: studio_site.Author, content: bytes, message: str
) -> None:
    client = _client(lite_app, author)
    answer = client.get(_address(_upload(lite_app, client, content, "a.xml")))
    assert answer.status_code == 200
    assert "Nothing can be imported" in answer.text
    assert message in answer.text


def test_svg_with_a_script_is_left_out_of_its_question(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    address = _address(_upload(lite_app, client, _moodle("lamp.svg", drawing), "a.xml"))
    assert "SVG drawings and web pages are not accepted" in client.get(address).text
    _import(lite_app, client, address)
    files = drafts.files(author.workspace())
    assert not any(path.endswith("lamp.svg") for path in files)
    assert "lamp.svg" not in files[BANK].decode()
    assert b"alert(1)" not in b"".join(files.values())


def test_large_word_document_is_refused_before_it_is_opened(lite_app: Flask, author: studio_site.Author) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/media/a.png", b"\0" * 20 * 1024**2)
    answer = _upload(lite_app, _client(lite_app, author), file.getvalue(), "a.docx")
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.text


@pytest.mark.parametrize("name", ["a.docx", "a.zip"])
def test_zip_bomb_shows_why_nothing_can_be_imported(lite_app: Flask, author: studio_site.Author, name: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("night-harbour/media/a.png", b"\0" * 50 * 1024**2)
    client = _client(lite_app, author)
    html = client.get(_address(_upload(lite_app, client, file.getvalue(), name))).text
    assert "100 times its size" in html
    assert ">Import " not in html.replace("\n", "")


def test_file_of_another_user_is_not_found(lite_app: Flask, author: studio_site.Author) -> None:
    address = _address(_upload(lite_app, _client(lite_app, author), GIFT, "a.gift"))
    other = _client(lite_app, studio_site.author())
    _change_user()
    assert other.get(address).status_code == 404
    assert _import(lite_app, other, address).status_code == 404
    assert sites.post(lite_app, other, f"{address.partition('?')[0]}/undo").status_code == 404
    assert author.workspace().revision == 0


def test_equal_files_of_two_users_are_imported_by_each(lite_app: Flask, author: studio_site.Author) -> None:
    addresses = []
    for user in (author, studio_site.author()):
        _change_user()
        client = _client(lite_app, user)
        addresses.append(_address(_upload(lite_app, client, GIFT, "a.gift")))
        _address(_import(lite_app, client, addresses[-1]))
    assert addresses[0] == addresses[1]
    assert author.workspace().revision == 3


def test_templates_are_word_documents(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    links = re.findall(rf'href="({IMPORT}/templates/[^"]+)"', client.get(IMPORT).text)
    assert len(links) == 2
    for link in links:
        assert client.get(link).data.startswith(b"PK")
    for name in ("questions.xx.docx", "other.en.docx", "questions.docx"):
        assert client.get(f"{IMPORT}/templates/{name}").status_code == 404
