import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.domain.folder_names import Part
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.domain.revisions import RevisionKind
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import TranslationBlockState as State
from app.studio.models import CourseReviewer
from app.studio.queries import drafts, translations
from app.studio.service import drafts as draft_service
from tests.support import courses, factories, studio_site
from tests.support.studio_site import Author

COURSE = f"/teaching/courses/{courses.SLUG}"
LESSON = TranslatedPart(Part.LESSON, "the-quay")
DESK = f"{COURSE}/lessons/the-quay/translate/ar"
SAVE = f"{COURSE}/translate/ar/lesson-the-quay"


def _fields(page: str) -> dict[str, str]:
    """Return the hidden hashes of the blocks."""
    return dict(re.findall(r'name="(opened-\d+)" value="([^"]+)"', page))


def _digest(page: str) -> str:
    match = re.search(r'name="digest" value="([^"]*)"', page)
    return match[1] if match else ""


def _save(client: FlaskClient, texts: dict[int, str], **extra: str) -> int:
    page = client.get(DESK).text
    fields = _fields(page) | {f"target-{number}": text for number, text in texts.items()} | extra
    return client.post(SAVE, data=fields).status_code


def _translation(author: Author, part: TranslatedPart = LESSON) -> list[State]:
    file = translations.translated_file(author.workspace(), part, "ar")
    return [block.state for block in file.translation.blocks]


def _all(client: FlaskClient) -> None:
    """Translate every paragraph."""
    texts = {1: "# الرصيف", 2: "/// sensitive | قبل أن تقرأ\nنص.\n///", 3: "امش على الرصيف مع زميل."}
    assert _save(client, texts) == 302


def _change_source(author: Author, old: str, new: str) -> None:
    path = "lessons/the-quay.en.md"
    text = drafts.file(author.workspace(), path).decode().replace(old, new)
    with transaction():
        draft_service.change_files(
            author.course_id, {path: text.encode()}, RevisionKind.SAVED, by=author.id, now=clock.now()
        )


def test_first_paragraph_of_a_translation_is_saved_as_a_draft(context: Flask, client: FlaskClient) -> None:
    author = studio_site.author()
    factories.sign_in(client, author.id)
    response = client.post(SAVE, data=_fields(client.get(DESK).text) | {"target-1": "# الرصيف", "next": "1"})
    assert response.location.endswith("/translate/ar#block-2")
    assert _translation(author) == [State.TO_REVIEW, State.MISSING, State.MISSING]
    text = drafts.file(author.workspace(), "lessons/the-quay.ar.md").decode()
    assert re.match(r"---\nfollows: [0-9a-f]{6} - -\nstate: draft\n---\n\n# الرصيف\n", text)
    assert drafts.revisions(author.course_id)[0].author_id == author.id
