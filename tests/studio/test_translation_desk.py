import re
from html import unescape
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.catalogue.domain.folder_names import Part
from app.db.session import transaction
from app.kernel import clock
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident
from app.studio.domain.desk_window import MOST_BLOCKS
from app.studio.domain.revisions import RevisionKind
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import TranslationBlockState as State
from app.studio.queries import drafts, translations
from app.studio.service import courses as course_service, drafts as draft_service
from tests.support import audit_log, courses, factories, sites, studio_site
from tests.support.sql_statements import asked

COURSE = f"/teaching/courses/{courses.SLUG}"
LESSON = TranslatedPart(Part.LESSON, "the-quay")
SOURCE_PATH, PATH = "lessons/the-quay.en.md", "lessons/the-quay.ar.md"
DESK = f"{COURSE}/lessons/the-quay/translate/ar"
FORM = f"{COURSE}/translate/ar/lesson-the-quay"
TEXTS = {1: "# الرصيف", 2: "/// sensitive | قبل أن تقرأ\nنص.\n///", 3: "امش على الرصيف مع زميل."}


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


def _client(app: Flask, author: studio_site.Author) -> FlaskClient:
    return _signed_in(app, author.id)


def _signed_in(app: Flask, person_id: UUID) -> FlaskClient:
    """Return a client whose requests have a context of their own, so that several users are possible in a test."""
    client = factories.sign_in(app, person_id)
    send = client.open

    def send_alone(*args: Any, **values: Any) -> TestResponse:
        with app.app_context():
            return send(*args, **values)

    client.open = send_alone  # type: ignore[method-assign]
    return client


def _hidden(html: str) -> dict[str, str]:
    """Return the hashes of the paragraphs in a page."""
    return dict(re.findall(r'name="(opened-\d+)" value="([^"]+)"', html))


def _fields(html: str, texts: dict[int, str]) -> dict[str, str]:
    return _hidden(html) | {f"target-{number}": text for number, text in texts.items()}


def _save(app: Flask, client: FlaskClient, texts: dict[int, str], **extra: str) -> int:
    fields = _fields(client.get(DESK).text, texts)
    return sites.post(app, client, FORM, fields | extra).status_code


def _sign(app: Flask, client: FlaskClient) -> tuple[int, str]:
    digest = re.search(r'name="digest" value="([^"]*)"', client.get(DESK).text)
    response = sites.post(app, client, f"{FORM}/signature", {"digest": digest[1] if digest else ""})
    return response.status_code, response.text


def _states(author: studio_site.Author) -> list[State]:
    file = translations.translated_file(author.workspace(), LESSON, "ar")
    return [block.state for block in file.translation.blocks]


def _text(author: studio_site.Author) -> str:
    return drafts.file(author.workspace(), PATH).decode()


def _change_source(author: studio_site.Author, old: str, new: str) -> None:
    text = drafts.file(author.workspace(), SOURCE_PATH).decode().replace(old, new)
    with transaction():
        draft_service.change_files(
            author.course_id, {SOURCE_PATH: text.encode()}, RevisionKind.SAVED, by=author.id, now=clock.now()
        )


def test_first_paragraph_is_saved_and_the_next_one_follows(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    fields = _fields(client.get(DESK).text, {1: "# الرصيف", 2: ""})
    response = sites.post(lite_app, client, FORM, fields | {"next": "1"})
    assert response.headers["Location"].endswith("/translate/ar#block-2")
    assert _states(author) == [State.TO_REVIEW, State.MISSING, State.MISSING]
    assert re.match(r"---\nfollows: [0-9a-f]{6} - -\nstate: draft\n---\n\n# الرصيف\n", _text(author))
    assert drafts.revisions(author.course_id)[0].author_id == author.id


def test_desk_shows_both_directions_terms_and_progress(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _save(lite_app, client, {1: TEXTS[1]})
    html = client.get(DESK).text
    assert '<textarea class="input"' in " ".join(html.split())
    assert 'lang="ar" dir="rtl"' in " ".join(html.split())
    assert 'lang="en" dir="ltr"' in html
    assert "1 of 3 paragraphs translated" in html


def test_changed_source_is_compared_with_the_text_that_was_translated(
    lite_app: Flask, author: studio_site.Author
) -> None:
    client = _client(lite_app, author)
    _save(lite_app, client, TEXTS)
    _change_source(author, "a second officer", "two officers")
    assert _states(author) == [State.TO_REVIEW, State.TO_REVIEW, State.CHANGED]
    html = client.get(DESK).text
    assert re.search(r"<del>[^<]*second", html)
    assert re.search(r"<ins>[^<]*two", html)
    assert _save(lite_app, client, TEXTS) == 302
    assert _states(author)[2] is State.CHANGED
    assert _save(lite_app, client, TEXTS, accept="3") == 302
    assert _states(author) == [State.TO_REVIEW] * 3
    assert TEXTS[3] in _text(author)


def test_earlier_source_is_found_in_a_published_version(lite_app: Flask, author: studio_site.Author) -> None:
    workspace = author.workspace()
    file = translations.translated_file(workspace, LESSON, "ar")
    hashes = {block.source.hash for block in file.translation.blocks}
    texts = translations.earlier_texts(workspace.course_id, LESSON, "en")(hashes)
    assert set(texts) == hashes


def test_two_people_translate_different_paragraphs_at_once(lite_app: Flask, author: studio_site.Author) -> None:
    first, second = _client(lite_app, author), _client(lite_app, studio_site.author())
    opened = _fields(second.get(DESK).text, {1: "", 2: "", 3: TEXTS[3]})
    _save(lite_app, first, {1: TEXTS[1]})
    assert sites.post(lite_app, second, FORM, opened).status_code == 302
    assert _states(author) == [State.TO_REVIEW, State.MISSING, State.TO_REVIEW]


def test_same_paragraph_of_two_people_is_not_overwritten(lite_app: Flask, author: studio_site.Author) -> None:
    first, second = _client(lite_app, author), _client(lite_app, studio_site.author())
    opened = _fields(second.get(DESK).text, {1: "# مرسى", 3: TEXTS[3]})
    _save(lite_app, first, {1: TEXTS[1]})
    refused = sites.post(lite_app, second, FORM, opened)
    assert refused.status_code == 409
    assert "Another user translated this paragraph meanwhile." in refused.text
    assert TEXTS[1] in refused.text
    assert "# مرسى" in refused.text
    assert _states(author) == [State.TO_REVIEW, State.MISSING, State.MISSING]
    again = sites.post(lite_app, second, FORM, _fields(refused.text, {1: "# مرسى", 2: "", 3: TEXTS[3]}))
    assert again.status_code == 302
    assert "# مرسى" in _text(author)


def test_paragraph_whose_source_changed_meanwhile_is_not_saved(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    opened = _fields(client.get(DESK).text, {3: TEXTS[3]})
    _change_source(author, "a second officer", "two officers")
    refused = sites.post(lite_app, client, FORM, opened)
    assert refused.status_code == 409
    assert "The source of this paragraph was changed" in refused.text
    assert TEXTS[3] in refused.text


def test_paragraph_that_would_become_two_is_refused_with_its_text(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    refused = sites.post(lite_app, client, FORM, _fields(client.get(DESK).text, {3: "امش.\n\nقف."}))
    assert refused.status_code == 409
    assert "read as 2 paragraphs" in refused.text
    assert "امش.\n\nقف." in refused.text.replace("\r\n", "\n")
    assert author.workspace().revision == 1 or PATH not in drafts.files(author.workspace())


def test_missing_citation_is_shown_beside_the_paragraph(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    desk, form = f"{COURSE}/lessons/the-list/translate/fr", f"{COURSE}/translate/fr/lesson-the-list"
    html = client.get(desk).text
    assert '<code dir="ltr">[@belmora-port-rules]</code>' in html
    sites.post(lite_app, client, form, _fields(html, {2: "Chaque navire est sur la liste."}))
    assert "[@belmora-port-rules] of the source is missing in this block." in client.get(desk).text


def test_second_reader_signs_and_a_later_change_needs_another(lite_app: Flask, author: studio_site.Author) -> None:
    client, reader = _client(lite_app, author), _client(lite_app, studio_site.author())
    _save(lite_app, client, TEXTS)
    assert _sign(lite_app, reader)[0] == 302
    assert "state: reviewed" in _text(author)
    assert _states(author) == [State.CURRENT] * 3
    _save(lite_app, client, TEXTS | {1: "# رصيف"})
    assert "state: draft" in _text(author)


def test_last_author_is_refused_as_second_reader(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _save(lite_app, client, TEXTS)
    status, html = _sign(lite_app, client)
    assert status == 409
    assert "You wrote a part of this translation." in html
    assert "state: draft" in _text(author)


def test_incomplete_translation_is_not_signed(lite_app: Flask, author: studio_site.Author) -> None:
    client, reader = _client(lite_app, author), _client(lite_app, studio_site.author())
    _save(lite_app, client, {1: TEXTS[1]})
    digest = drafts.digest_of(_text(author).encode())
    refused = sites.post(lite_app, reader, f"{FORM}/signature", {"digest": digest})
    assert refused.status_code == 409
    assert "Translate or accept them first." in refused.text


def test_translation_changed_since_it_was_read_is_not_signed(lite_app: Flask, author: studio_site.Author) -> None:
    client, reader = _client(lite_app, author), _client(lite_app, studio_site.author())
    _save(lite_app, client, TEXTS)
    digest = drafts.digest_of(_text(author).encode())
    _save(lite_app, client, TEXTS | {1: "# رصيف"})
    assert sites.post(lite_app, reader, f"{FORM}/signature", {"digest": digest}).status_code == 409


def test_reviewer_reads_and_signs_but_does_not_translate(lite_app: Flask, author: studio_site.Author) -> None:
    _save(lite_app, _client(lite_app, author), TEXTS)
    reviewer = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    with transaction():
        course_service.add_reviewer(author.workspace(), reviewer, clock.now())
    client = _signed_in(lite_app, reviewer)
    assert "Save and next changed" not in client.get(DESK).text
    assert _save(lite_app, client, {1: "# رصيف"}) == 403
    assert client.get(f"{FORM}/files/xliff").status_code == 403
    assert sites.post(lite_app, client, f"{FORM}/import", {}).status_code == 403
    assert sites.post(lite_app, client, f"{FORM}/import/confirmation", {}).status_code == 403
    assert _sign(lite_app, client)[0] == 302


def test_trainer_of_another_course_finds_no_translations(lite_app: Flask, author: studio_site.Author) -> None:
    stranger = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    client = _signed_in(lite_app, stranger)
    for path in (DESK, FORM, f"{COURSE}/translations", f"{FORM}/files/xliff"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "lessons/no-such-lesson/translate/ar",
        "lessons/the-quay/translate/en",
        "lessons/the-quay/translate/xx",
        "translate/ar/case-none",
        "translate/ar/media",
        "translate/ar/questions/files/pdf",
        "translations?language=xx",
    ],
)
def test_unknown_part_or_language_is_not_found(lite_app: Flask, author: studio_site.Author, path: str) -> None:
    assert _client(lite_app, author).get(f"{COURSE}/{path}").status_code == 404


@pytest.mark.parametrize("part", ["course", "questions", "case", "lesson-the-list"])
def test_every_part_can_be_translated(lite_app: Flask, author: studio_site.Author, part: str) -> None:
    client = _client(lite_app, author)
    path = f"{COURSE}/translate/fr/{part}"
    fields = _fields(client.get(path).text, {1: "# Titre"})
    assert sites.post(lite_app, client, path, fields).status_code == 302
    file = translations.translated_file(author.workspace(), translations.part_in(author.workspace(), part, "fr"), "fr")
    assert file.translation.blocks[0].target == "# Titre"
    assert file.translation.count(State.TO_REVIEW) == 1


def test_list_shows_the_progress_of_each_part(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _save(lite_app, client, {1: TEXTS[1]})
    html = client.get(f"{COURSE}/translations?language=ar").text
    assert "2 paragraphs missing, 1 paragraph to read" in html
    assert f'href="{DESK}"' in html
    assert "Nederlands" in html
    assert "Parts in Urdu" in client.get(f"{COURSE}/translations?language=ur").text


def test_list_and_desk_take_as_many_statements_for_more_lessons(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _save(lite_app, client, TEXTS)
    few = [asked(lite_app, client, path) for path in (f"{COURSE}/translations", DESK)]
    for number in range(4):
        with transaction():
            course_service.add_lesson(author.workspace(), f"Lesson {number}", 5, by=author.id, now=clock.now())
    _change_source(author, "a second officer", "two officers\n\nMore")
    many = [asked(lite_app, client, path) for path in (f"{COURSE}/translations", DESK)]
    assert many[0] <= few[0]
    assert many[1] <= few[1] + 3  # the earlier texts of all changed paragraphs


def test_part_with_hundreds_of_long_paragraphs_is_saved_at_once(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _change_source(author, "Walk", "\n\n".join(f"Paragraph {number}." for number in range(300)) + "\n\nWalk")
    html = client.get(DESK).text
    assert re.search(r'<form class="flow" method="post" enctype="multipart/form-data"', " ".join(html.split()))
    pages = "".join(client.get(f"{DESK}?from={start}").text for start in range(1, 304, MOST_BLOCKS))
    fields = _fields(pages, {number: f"فقرة {number} " + "كلمة " * 100 for number in range(3, 303)})
    fields["csrf_token"] = factories.token(lite_app, client)
    assert client.post(FORM, data=fields, content_type="multipart/form-data").status_code == 302
    assert _states(author).count(State.TO_REVIEW) == 300


@pytest.mark.parametrize("name", ["xliff", "docx"])
def test_exported_file_is_previewed_then_imported_and_can_be_undone(
    lite_app: Flask, author: studio_site.Author, name: str
) -> None:
    client = _client(lite_app, author)
    _save(lite_app, client, TEXTS)
    content = client.get(f"{FORM}/files/{name}").data
    _save(lite_app, client, TEXTS | {1: "# رصيف", 3: ""})
    preview = _upload(lite_app, client, content)
    assert preview.status_code == 200
    assert "2 paragraphs change." in preview.text
    before = _text(author)
    hidden = dict(re.findall(r'<input type="hidden" name="(target-\d+)" value="([^"]*)">', preview.text))
    fields = _hidden(preview.text) | {key: unescape(text) for key, text in hidden.items()}
    assert sites.post(lite_app, client, f"{FORM}/import/confirmation", fields).status_code == 302
    assert TEXTS[3] in _text(author)
    (newest, *_older) = drafts.revisions(author.course_id)
    assert newest.kind is RevisionKind.IMPORTED
    with transaction():
        draft_service.undo(author.course_id, newest.number, by=author.id, now=clock.now())
    assert _text(author) == before


@pytest.mark.parametrize("name", ["xliff", "docx"])
def test_translation_file_is_recorded_and_refused_during_an_incident(
    lite_app: Flask, author: studio_site.Author, name: str
) -> None:
    client, last = _client(lite_app, author), audit_log.last_entry(lite_app)
    assert client.get(f"{FORM}/files/{name}").status_code == 200
    (entry,) = audit_log.entries_since(lite_app, last)
    assert (entry.name, entry.actor_id) == ("TranslationExported", author.id)
    with transaction():
        incident.begin(IncidentReason.DRILL, [], clock.real_now())
    client, last = _client(lite_app, author), audit_log.last_entry(lite_app)
    refused = client.get(f"{FORM}/files/{name}")
    assert refused.status_code == 409
    assert "during a security incident" in refused.text
    assert audit_log.entries_since(lite_app, last) == []


def test_import_of_an_unreadable_file_is_refused_in_words(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    refused = _upload(lite_app, client, b"no file of this kind")
    assert refused.status_code == 422
    assert "The file is not XML." in refused.text
    assert sites.post(lite_app, client, f"{FORM}/import", {}).status_code == 422


def _upload(app: Flask, client: FlaskClient, content: bytes) -> TestResponse:
    fields = {"translation": (BytesIO(content), "translated.xlf"), "csrf_token": factories.token(app, client)}
    return client.post(f"{FORM}/import", data=fields, content_type="multipart/form-data")


def _long(author: studio_site.Author, count: int = 30) -> None:
    _change_source(author, "Walk", "\n\n".join(f"Paragraph {number}." for number in range(count)) + "\n\nWalk")


def test_desk_shows_a_page_of_a_long_text_and_turns_with_a_save(lite_app: Flask, author: studio_site.Author) -> None:
    _long(author)
    client = _client(lite_app, author)
    html = client.get(DESK).text
    assert "Paragraphs 1 to 12 of 33" in html
    assert 'id="block-13"' not in html
    turned = sites.post(lite_app, client, FORM, _fields(html, {1: TEXTS[1]}) | {"turn": "next"})
    assert turned.headers["Location"] == f"{DESK}?from=13"
    assert _states(author)[0] is State.TO_REVIEW
    assert "Paragraphs 13 to 24 of 33" in client.get(turned.headers["Location"]).text
    back = sites.post(lite_app, client, f"{FORM}?from=13", {"turn": "previous"})
    assert back.headers["Location"] == DESK


def test_desk_turns_from_the_last_page_to_the_next_text(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    turned = sites.post(lite_app, client, f"{COURSE}/translate/ar/course", {"turn": "next"})
    assert turned.headers["Location"].endswith("/lessons/the-list/translate/ar")
    first = sites.post(lite_app, client, f"{COURSE}/translate/ar/course", {"turn": "previous"})
    assert first.headers["Location"].endswith("/translations?language=ar")


def test_filters_of_the_desk_show_open_and_changed_paragraphs(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    _save(lite_app, client, TEXTS)
    _change_source(author, "a second officer", "two officers")
    assert "To do (1)" in client.get(DESK).text
    for shown in ("open", "changed"):
        html = client.get(f"{DESK}?show={shown}").text
        assert re.findall(r'id="block-(\d+)"', html) == ["3"]
    saved = sites.post(lite_app, client, f"{FORM}?show=open", _fields(html, {3: "امش مع زميلين."}))
    assert saved.headers["Location"] == f"{DESK}?show=open"
    assert "No paragraph fits this choice" in client.get(f"{DESK}?show=open").text


def test_next_open_paragraph_is_on_its_page(lite_app: Flask, author: studio_site.Author) -> None:
    _long(author)
    client = _client(lite_app, author)
    response = sites.post(lite_app, client, FORM, {"next": "20"})
    assert response.headers["Location"] == f"{DESK}?from=13#block-21"
