import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.catalogue.service import publication
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.domain.revisions import RevisionKind
from app.studio.models import DraftRevision
from app.studio.queries import drafts, questions
from tests.support import courses, factories, sites, studio_site
from tests.support.site_snapshots import kept
from tests.support.studio_site import Author

COURSE = f"/teaching/courses/{courses.SLUG}"
ITEM = f"{COURSE}/bank/T10-Q01"
DESK = f"{COURSE}/lessons/the-quay/translate/ar"
PART = f"{COURSE}/translate/ar/lesson-the-quay"
TEXT = "## T10-Q01\nkind: single\ncompetency: PRT-01\n\nWhich berth?\n\n---\n\n- [x] Berth 2\n- [ ] Berth 3\n"


@pytest.fixture
@kept
def author(context: Flask) -> Author:
    author = studio_site.author()
    with transaction():
        publication.store_references(courses.ready()[1], clock.now())
    return author


@pytest.fixture
def client(context: Flask, author: Author) -> FlaskClient:
    return factories.sign_in(context, author.id)


def _bank(author: Author) -> str:
    db.session.rollback()
    return drafts.file(author.workspace(), "test.en.md").decode()


def _opened(author: Author) -> str:
    db.session.rollback()
    return questions.bank(author.workspace()).digest


def _send(app: Flask, client: FlaskClient, path: str, fields: dict[str, str]) -> dict[str, Any]:
    response = sites.post(app, client, f"{path}/autosave", fields)
    assert response.status_code == 200, response.status
    return dict(response.json or {})


def _question(opened: str, text: str = TEXT) -> dict[str, str]:
    return {"shown_as": "text", "opened": opened, "text": text}


def _revisions() -> int:
    return db.session.scalar(select(func.count()).select_from(DraftRevision)) or 0


def test_question_is_saved_automatically_in_one_revision(context: Flask, client: FlaskClient, author: Author) -> None:
    first = _send(context, client, ITEM, _question(_opened(author)))
    count = _revisions()
    again = _send(context, client, ITEM, _question(first["opened"]["opened"], TEXT.replace("Berth 3", "Berth 4")))
    assert first["state"] == again["state"] == "saved"
    assert "Berth 4" in _bank(author)
    assert _revisions() == count
    assert drafts.revisions(author.course_id)[0].kind is RevisionKind.AUTOSAVED


def test_incomplete_question_is_not_saved_automatically(context: Flask, client: FlaskClient, author: Author) -> None:
    before = _bank(author)
    answer = _send(context, client, ITEM, _question(_opened(author), "no question"))
    assert (answer["state"], answer["message"]) == ("refused", "The question is not complete.")
    assert _bank(author) == before


def test_form_of_another_kind_is_not_saved_automatically(context: Flask, client: FlaskClient, author: Author) -> None:
    before = _bank(author)
    fields = {"shown_as": "form", "opened": _opened(author), "kind": "short", "stem": "Why?", "row-0-text": "So"}
    assert _send(context, client, ITEM, fields)["message"] == "You chose another kind."
    assert _bank(author) == before


def test_same_lines_of_two_authors_are_not_overwritten(context: Flask, client: FlaskClient, author: Author) -> None:
    opened = _opened(author)
    _send(context, client, ITEM, _question(opened))
    other = factories.sign_in(context, studio_site.author().id)
    answer = _send(context, other, ITEM, _question(opened, TEXT.replace("Which berth?", "Which quay?")))
    assert answer["state"] == "conflict"
    assert not answer["opened"]
    assert "Which berth?" in _bank(author)


def test_other_lines_of_two_authors_are_combined(context: Flask, client: FlaskClient, author: Author) -> None:
    start = _send(context, client, ITEM, _question(_opened(author)))["opened"]["opened"]
    _send(context, client, ITEM, _question(start, TEXT.replace("Berth 3", "Berth 4")))
    other = factories.sign_in(context, studio_site.author().id)
    own = TEXT.replace("Which berth?", "Which quay?")
    for text in (own, own.replace("quay?", "pier?")):
        answer = _send(context, other, ITEM, _question(start, text))
        assert answer["state"] == "merged"
        start = answer["opened"]["opened"]
    assert "Which pier?" in _bank(author)
    assert "Berth 4" in _bank(author)


def _fields(html: str, texts: dict[int, str]) -> dict[str, str]:
    hidden = dict(re.findall(r'name="(opened-\d+)" value="([^"]+)"', html))
    return hidden | {f"target-{number}": text for number, text in texts.items()}


def _target(author: Author) -> str:
    db.session.rollback()
    return drafts.file(author.workspace(), "lessons/the-quay.ar.md").decode()


def test_paragraphs_are_saved_automatically_in_one_revision(
    context: Flask, client: FlaskClient, author: Author
) -> None:
    fields = _fields(client.get(DESK).text, {1: "# الرصيف"})
    first = _send(context, client, PART, fields)
    count = _revisions()
    assert first["opened"].keys() == {"opened-1"}
    _send(context, client, PART, fields | first["opened"] | {"target-1": "# المرسى"})
    assert "# المرسى" in _target(author)
    assert _revisions() == count


def test_paragraph_of_another_author_is_not_overwritten(context: Flask, client: FlaskClient, author: Author) -> None:
    other = factories.sign_in(context, studio_site.author().id)
    fields = _fields(client.get(DESK).text, {1: "# الرصيف"})
    _send(context, client, PART, fields)
    answer = _send(context, other, PART, fields | {"target-1": "# المرسى", "target-3": "امش على الرصيف."})
    assert answer["state"] == "conflict"
    assert answer["opened"].keys() == {"opened-3"}
    assert "# الرصيف" in _target(author)
    assert "امش على الرصيف." in _target(author)


def test_unchanged_paragraphs_add_no_revision(context: Flask, client: FlaskClient, author: Author) -> None:
    _send(context, client, PART, _fields(client.get(DESK).text, {1: "# الرصيف"}))
    count = _revisions()
    _send(context, client, PART, _fields(client.get(DESK).text, {1: "# الرصيف"}))
    assert _revisions() == count


@pytest.mark.parametrize(("path", "state"), [(ITEM, "restore"), (DESK, "restore"), (f"{COURSE}/bank/new", "restore")])
def test_form_is_saved_on_the_device_too(client: FlaskClient, path: str, state: str) -> None:
    html = client.get(path).text
    assert f'data-drafts="{state}"' in html
    assert "form_drafts" in html
