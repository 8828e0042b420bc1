import re
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.queries import courses
from app.catalogue.shapes import DocumentText
from app.learning.pages import lesson_documents
from app.learning.pages.lesson_documents import DrawnOnce
from app.learning.pages.lesson_parts import LessonChunk
from app.quizzes.shapes import DocumentView, LineControl, QuestionItem
from tests.support import documents_course, factories, published_documents

PAPERS = f"/courses/{documents_course.SLUG}/lessons/the-papers"


@pytest.fixture
def version_id(app: Flask) -> UUID:
    with app.app_context():
        return published_documents.publish()


@pytest.fixture
def reader(app: Flask, version_id: UUID) -> FlaskClient:
    with app.app_context():
        return factories.sign_in(app, factories.person())


def test_lesson_shows_the_documents_of_its_sections(reader: FlaskClient) -> None:
    page = reader.get(PAPERS).text
    for name in ("D01-D02", "D01-D03", "D01-D05"):
        assert page.count(f'id="doc-{name}"') == 1
    assert 'href="#doc-D01-D03-2"' in page
    assert 'id="doc-D01-D03-2"' in page
    assert "documents.css" in page


def test_ids_of_a_lesson_with_documents_are_unique(reader: FlaskClient) -> None:
    ids = re.findall(r'(?<![\w-])id="([^"]+)"', reader.get(PAPERS).text)
    assert len(ids) == len(set(ids))


def test_question_on_a_document_that_its_lesson_shows_links_to_it(reader: FlaskClient) -> None:
    page = reader.get(f"/courses/{documents_course.SLUG}/lessons/the-second-look").text
    (form,) = re.findall(r'<form[^>]*id="check-D01-Q06".*?</form>', page, re.S)
    assert 'href="#doc-D01-D12"' in form
    assert "<article" not in form
    assert page.count('id="doc-D01-D12"') == 1


def test_document_that_two_sections_name_is_drawn_by_the_first() -> None:
    first, second = (LessonChunk("desk", documents=(_view(),)) for _ in range(2))
    chunks = list(lesson_documents.sections_once([first, LessonChunk("html", "<p>"), second]))
    assert [len(chunk.documents) for chunk in chunks] == [1, 0, 0]
    assert [view.id for view in chunks[2].earlier] == ["doc-D01-D01"]


def test_document_of_two_questions_is_drawn_by_the_first() -> None:
    drawn = DrawnOnce.of([])
    first, second = (drawn.question(_question(name, _view(f"{name}-doc-D01-D01")), ()) for name in ("Q1", "Q2"))
    assert [view.id for view in first.documents] == ["Q1-doc-D01-D01"]
    assert (second.documents, [view.id for view in second.elsewhere]) == ((), ["Q1-doc-D01-D01"])
    assert second.stem == '<a href="#Q1-doc-D01-D01-3">'


def test_question_that_asks_for_lines_has_its_own_copy() -> None:
    box = LineControl(kind="checkbox", name="lines", value="0-1", checked=False)
    asked = _question("Q1", replace(_view("Q1-doc-D01-D01"), controls={1: box}))
    shown = DrawnOnce.of([_view()]).question(asked, ("D01-D01",))
    assert (shown.documents, shown.elsewhere) == (asked.documents, ())


def test_document_on_the_desk_of_a_question_needs_no_link() -> None:
    shown = DrawnOnce.of([_view()]).question(_question("Q1", _view("Q1-doc-D01-D01")), ("D01-D01",))
    assert (shown.documents, shown.elsewhere) == ((), ())


def _view(anchor: str = "") -> DocumentView:
    text = DocumentText(id="D01-D01", kind="note", title="A note", language="en", dir="ltr", parts=())
    return DocumentView(text=text, language="en", anchor=anchor)


def _question(name: str, view: DocumentView) -> QuestionItem:
    stem = f'<a href="#{view.id}-3">'
    return QuestionItem(id=name, kind="single", stem=stem, lang="en", dir="ltr", documents=(view,))


def test_desk_asks_its_items(reader: FlaskClient) -> None:
    page = reader.get(PAPERS).text
    assert [name in page for name in ("check-D01-Q01", "check-D01-Q07", "check-D01-Q11", "check-D01-Q14")] == [True] * 4


def test_step_that_is_asked_first_opens_without_script_and_is_not_sent(reader: FlaskClient) -> None:
    page = reader.get(f"/courses/{documents_course.SLUG}/lessons/the-second-look").text
    (steps,) = re.findall(r'<ol class="steps4">(.*?)</ol>', page, re.S)
    areas = re.findall(r"<textarea[^>]*>", steps)
    assert len(areas) == steps.count("<details>") == 2
    assert not any("name=" in area for area in areas)
    assert "<form" not in steps


def test_document_of_form_b_is_in_no_page_of_a_reader(app: Flask, version_id: UUID, reader: FlaskClient) -> None:
    with app.app_context():
        facts, texts = courses.document_facts(version_id), courses.documents(version_id, "en")
        secret = [texts[name].title for name in facts if facts[name].form not in courses.IN_LESSONS]
    course = f"/courses/{documents_course.SLUG}"
    paths = [course, PAPERS, f"{course}/lessons/the-second-look", f"{course}/cards", f"{course}/v1/the-papers/en"]
    pages = [reader.get(path) for path in paths]
    assert [page.status_code for page in pages] == [200] * len(paths)
    assert [title for title in secret for page in pages if title in page.text] == []


def test_section_with_a_document_of_form_b_shows_none(context: Flask) -> None:
    version_id = published_documents.publish()
    outline = courses.outline(version_id)
    text = courses.lesson(version_id, "the-papers", "en")
    with context.test_request_context():
        views = lesson_documents.shown(outline, text, ["D01-D06", "D01-D01", "D01-D14", "D01-D99"])
    assert [view.text.id for view in views] == ["D01-D01"]


def test_cards_of_a_course_are_one_page(reader: FlaskClient) -> None:
    page = reader.get(f"/courses/{documents_course.SLUG}/cards").text
    assert "Three questions before you decide" in page
    assert page.count('class="card6"') == 1
