"""Pages that show a file with the keys of questions leave an entry in the audit log before they are sent."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import Entry
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.domain.file_changes import shows_keys
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts
from app.studio.service import drafts as draft_service
from tests.support import review_pages
from tests.support.review_pages import COURSE, LESSON, Draft
from tests.support.site_snapshots import kept

BANK = "test.en.md"
OTHER_SITE = {"Sec-Fetch-Site": "cross-site"}


def _views() -> list[tuple[UUID | None, str]]:
    entries = db.session.scalars(select(Entry).where(Entry.name == "QuestionKeyViewed").order_by(Entry.id))
    return [(entry.actor_id, entry.facts) for entry in entries]


@pytest.fixture
@kept
def draft(app: Flask) -> Draft:
    """A draft with a changed question."""
    with app.app_context():
        changed = review_pages.changed(app)
        content = drafts.file(changed.author.workspace(), BANK) + b"\n"
        with transaction():
            draft_service.change_files(
                changed.author.course_id,
                {BANK: content.replace(b"## T10-Q01\n", b"## T10-Q01\nform: A\n")},
                RevisionKind.SAVED,
                by=changed.author.id,
                now=clock.now(),
            )
    return changed


def _pages(draft: Draft) -> list[str]:
    with draft.app.app_context():
        review_id = review_pages.submitted(draft)
    review = f"/teaching/review/{review_id}?file={BANK}"
    return [review, f"{COURSE}/history?from=2&to=3&path={BANK}", f"{COURSE}/translate/bg/questions"]


def test_pages_with_keys_are_recorded_for_their_reader(draft: Draft) -> None:
    client = draft.client(draft.reviewer)
    for number, page in enumerate(_pages(draft), start=1):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "T10-Q01" in answer.text
        with draft.app.app_context():
            views = _views()
        assert [reader for reader, _facts in views] == [draft.reviewer] * number, page
        assert "test." in views[-1][1]


def test_pages_without_keys_are_not_recorded(draft: Draft) -> None:
    client = draft.client(draft.reviewer)
    for page in (page.replace(BANK, LESSON) for page in _pages(draft)[:2]):
        assert client.get(page).status_code == 200
    assert client.get(f"{COURSE}/translate/bg/course").status_code == 200
    with draft.app.app_context():
        assert _views() == []


def test_link_from_another_site_shows_and_records_no_keys(draft: Draft) -> None:
    client = draft.client(draft.reviewer)
    review, *others = _pages(draft)
    opened = client.get(review, headers=OTHER_SITE)
    assert opened.status_code == 200
    assert BANK in opened.text
    assert "T10-Q01" not in opened.text
    assert {client.get(page, headers=OTHER_SITE).status_code for page in others} == {403}
    with draft.app.app_context():
        assert _views() == []


@pytest.mark.parametrize(
    ("path", "expected"), [(BANK, True), ("test.bg.md", True), (LESSON, False), ("course.toml", False)]
)
def test_banks_are_the_files_with_keys(path: str, expected: bool) -> None:
    assert shows_keys(path) is expected
