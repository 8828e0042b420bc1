"""Pages of the history of a draft: compare, restore and undo revisions."""

import pytest
from flask import Flask

from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts
from app.studio.service import drafts as draft_service
from tests.support import review_pages
from tests.support.review_pages import COURSE, LESSON

TEXT = "A new paragraph about the night watch."


def test_history_shows_and_compares_revisions(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app, TEXT)
        alias = people.names([draft.author.id])[draft.author.id]
    page = draft.client(draft.reviewer).get(f"{COURSE}/history").text
    assert alias in page
    assert "/history/restore" not in page
    compared = draft.client(draft.reviewer).get(f"{COURSE}/history?from=1&to=2&path={LESSON}").text
    assert f"<ins>{TEXT}</ins>" in compared
    published = draft.client(draft.author.id).get(f"{COURSE}/history?published=yes").text
    assert f"<ins>{TEXT}</ins>" in published


@pytest.mark.parametrize("query", ["from=x&to=2", "from=99&to=100", "from=-1&to=1", "path=../secret", "from=1"])
def test_history_ignores_values_that_name_nothing(app: Flask, query: str) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
    assert draft.client(draft.author.id).get(f"{COURSE}/history?{query}").status_code == 200


@pytest.mark.parametrize("path", ["", LESSON])
def test_restored_revision_removes_the_later_paragraph(app: Flask, path: str) -> None:
    with app.app_context():
        draft = review_pages.changed(app, TEXT)
    asked = draft.client(draft.author.id).get(f"{COURSE}/history/restore?number=1&path={path}")
    assert "Words added: 0, removed: 7" in asked.text
    assert draft.post(draft.author.id, f"{COURSE}/history/restore", number="1", path=path).status_code == 302
    with app.app_context():
        assert TEXT.encode() not in drafts.file(draft.author.workspace(), LESSON)


def test_undone_import_leaves_files_that_were_changed_again(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        imported = {"lessons/one.en.md": b"# One\n", "lessons/two.en.md": b"# Two\n"}
        with transaction():
            number = draft_service.change_files(
                draft.author.course_id, imported, RevisionKind.IMPORTED, by=draft.author.id, now=clock.now()
            )
        review_pages.add_text(draft.author, "More.", path="lessons/two.en.md")
    page = draft.client(draft.author.id).get(f"{COURSE}/history").text
    assert f"{COURSE}/history/undo?number={number}" in page
    asked = draft.client(draft.author.id).get(f"{COURSE}/history/undo?number={number}").text
    assert "Changed later, and not undone" in asked
    draft.post(draft.author.id, f"{COURSE}/history/undo", number=str(number))
    with app.app_context():
        tree = drafts.tree(draft.author.course_id)
    assert "lessons/one.en.md" not in tree
    assert "lessons/two.en.md" in tree


def test_only_an_import_is_undone_and_only_an_earlier_version_restored(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        revision, course_id = draft.author.workspace().revision, draft.author.course_id
        before = review_pages.tree(course_id)
    client = draft.client(draft.author.id)
    for step in ("undo", "restore"):
        number = str(revision)
        assert f"/history/{step}?number={number}" not in client.get(f"{COURSE}/history").text
        assert client.get(f"{COURSE}/history/{step}?number={number}").status_code == 409
        assert draft.post(draft.author.id, f"{COURSE}/history/{step}", number=number).status_code == 409
    assert draft.post(draft.author.id, f"{COURSE}/history/undo", number="77").status_code == 404
    with app.app_context():
        assert review_pages.tree(course_id) == before


def _change(draft: review_pages.Draft, kind: RevisionKind, changes: dict[str, bytes | None]) -> int:
    with transaction():
        return draft_service.change_files(draft.author.course_id, changes, kind, by=draft.author.id, now=clock.now())


def test_history_offers_no_undo_of_an_import_that_is_gone(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        number = _change(draft, RevisionKind.IMPORTED, {"lessons/one.en.md": b"# One\n"})
    history, undo = f"{COURSE}/history", f"{COURSE}/history/undo?number={number}"
    assert undo in draft.client(draft.author.id).get(history).text
    draft.post(draft.author.id, f"{history}/restore", number=str(number - 1), path="")
    assert undo not in draft.client(draft.author.id).get(history).text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lessons/quay-2.en.md", "# Fog on the quay\n\nText.\n"),
        ("lessons/quay-2.ar.md", '---\nsource = "quay-2.en.md"\n---\n\n# Fog on the quay\n'),
    ],
)
def test_history_names_a_deleted_lesson_by_its_title(app: Flask, path: str, text: str) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        _change(draft, RevisionKind.ADDED, {path: text.encode()})
        _change(draft, RevisionKind.REMOVED, {path: None})
    page = draft.client(draft.author.id).get(f"{COURSE}/history").text
    assert "Fog on the quay" in page
    assert "Lesson “quay-2”" not in page
