import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.service import publication
from app.db.session import transaction
from app.kernel import clock
from app.markup import preview
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts
from app.studio.service import courses as service, drafts as drafts_service
from tests.support import courses, factories, sites, studio_site
from tests.support.sql_statements import asked

COURSE = f"/teaching/courses/{courses.SLUG}"
LESSON = f"{COURSE}/lessons/the-list"
PATH = "lessons/the-list.en.md"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


def _client(app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(app, author.id)


def _opened(html: str) -> str:
    match = re.search(r'name="opened" value="([0-9a-f]{64})"', html)
    assert match
    return match[1]


def test_editor_shows_title_text_and_preview(lite_app: Flask, author: studio_site.Author) -> None:
    html = _client(lite_app, author).get(LESSON).text
    assert 'value="The list"' in html
    assert "data-output" in html
    assert _opened(html) == drafts.digest_of(drafts.file(author.workspace(), PATH))


def test_saved_lesson_is_in_the_draft_and_not_published(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    fields = {"title": "The list at night", "body": "A new text.", "opened": _opened(client.get(LESSON).text)}
    assert sites.post(lite_app, client, LESSON, fields).status_code == 302
    assert drafts.file(author.workspace(), PATH) == b"# The list at night\n\nA new text.\n"
    assert "The list at night" not in client.get(f"/courses/{courses.SLUG}/lessons/the-list").text


@pytest.mark.parametrize(
    ("title", "body"),
    [("", "Text."), ("x" * 201, "Text."), ("Title", "x" * 62_000)],
    ids=["no-title", "long-title", "long-text"],
)
def test_refused_lesson_keeps_what_was_typed(
    lite_app: Flask, author: studio_site.Author, title: str, body: str
) -> None:
    client = _client(lite_app, author)
    answer = sites.post(lite_app, client, LESSON, {"title": title, "body": body, "opened": ""})
    assert answer.status_code == 422
    assert body[:50] in answer.text
    assert author.workspace().revision == 0


def test_text_with_markup_is_shown_as_text(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    body = "<script>alert(1)</script>\n\n[a](javascript:alert(1))\n\n</textarea><b>x</b>"
    fields = {"title": "<i>Title</i>", "body": body, "opened": _opened(client.get(LESSON).text)}
    assert sites.post(lite_app, client, LESSON, fields).status_code == 302
    html = client.get(LESSON).text
    assert "<script>alert" not in html
    assert "javascript:alert" not in re.sub(r"<textarea.*?</textarea>", "", html, flags=re.S)
    assert body in unescape(html)


def test_preview_shows_problems_with_their_line(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    sent = {"title": "Title", "body": "One.\n\n[@no-such-source, p. 1]\n\n![](../media/none.png)"}
    html = sites.post_json(lite_app, client, f"{LESSON}/preview", sent).text
    assert re.findall(r'data-line="(\d+)"', html) == ["3", "5", "5"]
    assert author.workspace().revision == 0


def test_preview_says_that_the_renderer_is_busy(
    lite_app: Flask, author: studio_site.Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _client(lite_app, author)
    monkeypatch.setattr(preview, "PATIENCE", 0.0)
    with preview._renderer._lock:
        answer = sites.post_json(lite_app, client, f"{LESSON}/preview", {"title": "Title", "body": "One."})
    assert answer.status_code == 200
    assert "The preview is busy with another text." in answer.text
    assert "<p>One.</p>" not in answer.text
    assert "One." in sites.post_json(lite_app, client, f"{LESSON}/preview", {"title": "Title", "body": "One."}).text


def test_autosave_answers_with_the_digest_of_the_next_save(lite_app: Flask, author: studio_site.Author) -> None:
    client = _client(lite_app, author)
    sent = {"title": "Title", "body": "One.", "opened": _opened(client.get(LESSON).text)}
    first = sites.post_json(lite_app, client, f"{LESSON}/autosave", sent).json
    assert first is not None
    assert first["state"] == "saved"
    second = sites.post_json(
        lite_app, client, f"{LESSON}/autosave", {**sent, "body": "Two.", "opened": first["opened"]}
    )
    assert second.json is not None
    assert second.json["state"] == "saved"
    stale = sites.post_json(lite_app, client, f"{LESSON}/autosave", {**sent, "body": "Three."})
    assert stale.json is not None
    assert stale.json["state"] == "conflict"
    assert drafts.file(author.workspace(), PATH) == b"# Title\n\nTwo.\n"


def test_editor_names_who_else_has_the_lesson_open(lite_app: Flask, author: studio_site.Author) -> None:
    other = studio_site.author()
    client = _client(lite_app, other)
    sent = {"title": "The list", "body": "One.", "opened": _opened(client.get(LESSON).text)}
    sites.post_json(lite_app, client, f"{LESSON}/autosave", sent)
    assert "Also open at" in _client(lite_app, author).get(LESSON).text


def test_reviewer_reads_but_does_not_write(lite_app: Flask, author: studio_site.Author) -> None:
    reviewer = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    with transaction():
        service.add_reviewer(author.workspace(), reviewer, clock.now())
    client = factories.sign_in(lite_app, reviewer)
    html = client.get(LESSON).text
    assert 'data-autosave=""' in html
    fields = {"title": "Title", "body": "Text.", "opened": _opened(html)}
    assert sites.post(lite_app, client, LESSON, fields).status_code == 403


def test_trainer_of_another_course_does_not_find_the_lesson(lite_app: Flask, author: studio_site.Author) -> None:
    stranger = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    client = factories.sign_in(lite_app, stranger)
    for path in (LESSON, f"{LESSON.replace('/lessons/', '/preview/')}", f"/teaching/courses/{courses.SLUG}"):
        assert client.get(path).status_code == 404


def test_outline_takes_as_many_statements_for_three_lessons_as_for_nine(
    lite_app: Flask, author: studio_site.Author
) -> None:
    client = _client(lite_app, author)
    outline = f"/teaching/courses/{courses.SLUG}"
    with transaction():
        service.add_lesson(author.workspace(), "First", 5, by=author.id, now=clock.now())
    few = asked(lite_app, client, outline)
    for number in range(6):
        with transaction():
            service.add_lesson(author.workspace(), f"Lesson {number}", 5, by=author.id, now=clock.now())
    assert asked(lite_app, client, outline) <= few


def test_draft_shows_questions_and_sources_as_learners_see_them(lite_app: Flask, author: studio_site.Author) -> None:
    with transaction():
        publication.store_references(courses.ready()[1], clock.now())
    client = factories.sign_in(lite_app, author.id)
    html = client.get(f"{COURSE}/preview/the-list").text
    assert "Question T10-Q09 is asked here." in html
    assert 'id="stem-T10-Q09"' in html
    assert 'class="sources' in html


def test_draft_is_shown_in_the_language_of_the_address(lite_app: Flask, author: studio_site.Author) -> None:
    client = factories.sign_in(lite_app, author.id)
    assert client.get(f"{COURSE}/preview/the-list?language=xx").status_code == 404
    edited = client.get(f"{COURSE}/lessons/the-list?language=ar")
    assert edited.headers["Location"] == f"{COURSE}/lessons/the-list/translate/ar"
    with transaction():
        text = "---\nfollows: -\nstate: draft\n---\n\n# القائمة\n".encode()
        files = {"lessons/the-list.ar.md": text}
        drafts_service.change_files(author.course_id, files, RevisionKind.SAVED, by=author.id, now=clock.now())
    html = client.get(f"{COURSE}/preview/the-list?language=ar").text
    assert '<h1 class="h1">القائمة</h1>' in html
    assert "follows:" not in html
    assert 'aria-current="page">Arabic</a>' in " ".join(html.split())
