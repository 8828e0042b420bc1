import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.audit.models import Entry
from app.catalogue.domain.documents import DocumentForm
from app.catalogue.domain.items import ItemKind
from app.catalogue.domain.problems import Weight
from app.db.session import db
from app.studio.domain import bank_text
from app.studio.domain.course_archive import read_files, write_course_archive
from app.studio.domain.course_edits import copied_course
from app.studio.domain.question_fields import item_of, read_item
from app.studio.forms import questions as forms
from app.studio.pages.question_form import ON_DOCUMENTS
from app.studio.queries import checked, drafts
from tests.support import courses, factories, sites, studio_documents, studio_site
from tests.support.form_fields import form_fields
from tests.support.studio_site import Author

DOCUMENTS = f"/teaching/courses/{courses.SLUG}/documents"
SLIPS = f"{DOCUMENTS}/three-payslips"
BANK = f"/teaching/courses/{courses.SLUG}/bank"
PAPERS = f"/teaching/courses/{courses.SLUG}/papers"
PATH = "documents/three-payslips.en.md"


@pytest.fixture
def author(context: Flask) -> Author:
    return studio_documents.author()


@pytest.fixture
def client(lite_app: Flask, author: Author) -> FlaskClient:
    return factories.sign_in(lite_app, author.id)


def _opened(html: str) -> str:
    match = re.search(r'name="opened" value="([0-9a-f]{64})"', html)
    assert match
    return match[1]


def _views() -> int:
    query = select(Entry.id).where(Entry.name == "QuestionKeyViewed")
    return len(db.session.scalars(query).all())


def test_list_shows_use_and_problems(client: FlaskClient) -> None:
    html = client.get(DOCUMENTS).text
    assert "T10-D06. Table. In tests. Family: rota-and-gate. 4 lines" in html
    assert "Used in 3 questions and 1 paper" in html
    assert 'value="T10-D13"' in html


def test_editor_shows_lines_and_their_names(client: FlaskClient) -> None:
    html = client.get(SLIPS).text
    assert 'id="doc-T10-D03-5"' in html
    assert "Line 3 <code" in html


def test_saved_document_is_in_the_draft(lite_app: Flask, client: FlaskClient, author: Author) -> None:
    text = drafts.file(author.workspace(), PATH).decode().replace("Extra hours: none.", "Extra hours: 5.")
    opened = _opened(client.get(SLIPS).text)
    assert sites.post(lite_app, client, SLIPS, {"body": text, "opened": opened}).status_code == 302
    assert drafts.file(author.workspace(), PATH).decode() == text


def test_changes_of_the_same_lines_are_shown_and_not_saved(
    lite_app: Flask, client: FlaskClient, author: Author
) -> None:
    text, opened = drafts.file(author.workspace(), PATH).decode(), _opened(client.get(SLIPS).text)
    first, second = (text.replace("Extra hours: none.", f"Extra hours: {hours}.") for hours in (5, 6))
    assert sites.post(lite_app, client, SLIPS, {"body": first, "opened": opened}).status_code == 302
    answer = sites.post(lite_app, client, SLIPS, {"body": second, "opened": opened})
    assert answer.status_code == 409
    assert "Extra hours: 5." in answer.text
    assert "Extra hours: 6." in answer.text
    assert drafts.file(author.workspace(), PATH).decode() == first


def test_preview_of_an_unsaved_text_shows_its_problems(lite_app: Flask, client: FlaskClient) -> None:
    body = "# A letter\nid: T10-D03\nkind: letter\n\nOn 2026-04-31 he wrote. {#day}\n\nHe wrote again. {#day}"
    headers = {"X-CSRF-Token": factories.token(lite_app, client)}
    html = client.post(f"{SLIPS}/preview", json={"body": body}, headers=headers).text
    assert "2026-04-31 is no day of the calendar." in html
    assert 'data-line="7"' in html


def test_new_document_is_added_with_its_facts(lite_app: Flask, client: FlaskClient, author: Author) -> None:
    answer = sites.post(lite_app, client, DOCUMENTS, {"kind": "contract", "title": "The second contract", "id": ""})
    assert answer.location == f"{DOCUMENTS}/the-second-contract"
    facts = {"form": "B", "family": "offers", "sensitivity": "unrestricted", "warning": "1", "checked_today": "y"}
    assert sites.post(lite_app, client, f"{answer.location}/facts", facts).status_code == 302
    added = checked.folder(author.workspace()).documents["T10-D13"].facts
    assert (added.form, added.family, added.warning) == (DocumentForm.B, "offers", 1)
    assert added.checked_fiction_on is not None
    assert checked.checked(author.workspace()).problems.get("documents/the-second-contract.en.md", ()) == ()


@pytest.mark.parametrize(("form", "status"), [({"title": " "}, 422), ({"title": "New", "id": "T10-D03"}, 409)])
def test_new_document_is_refused(lite_app: Flask, client: FlaskClient, form: dict[str, str], status: int) -> None:
    assert sites.post(lite_app, client, DOCUMENTS, {"kind": "chat", **form}).status_code == status


@pytest.mark.parametrize(("slug", "is_removed"), [("wanted", True), ("rota", False)])
def test_only_a_document_without_uses_is_removed(
    lite_app: Flask, client: FlaskClient, author: Author, slug: str, is_removed: bool
) -> None:
    assert client.get(f"{DOCUMENTS}/{slug}/removal").status_code == 200
    assert sites.post(lite_app, client, f"{DOCUMENTS}/{slug}/removal").status_code == 302
    slugs = {document.facts.slug for document in checked.folder(author.workspace()).documents.values()}
    assert (slug not in slugs) is is_removed
    assert (f"documents/{slug}.en.md" not in drafts.files(author.workspace())) is is_removed


@pytest.mark.parametrize("page", ["", "/print"])
@pytest.mark.parametrize(("slug", "views"), [("three-payslips", 0), ("rota", 1), ("things-in-the-room", 1)])
def test_view_of_a_document_for_tests_is_recorded(client: FlaskClient, slug: str, views: int, page: str) -> None:
    assert client.get(f"{DOCUMENTS}/{slug}{page}").status_code == 200
    assert _views() == views


def test_document_is_printed_alone_without_names_of_lines(client: FlaskClient) -> None:
    assert f'href="{SLIPS}/print"' in client.get(SLIPS).text
    html = client.get(f"{SLIPS}/print").text
    assert html.count('<article class="doc ') == 1
    assert 'id="doc-T10-D03-5"' in html
    assert "<code" not in html
    assert client.get(f"{SLIPS}/print?lang=fr").text.count('lang="en"') == html.count('lang="en"')  # not translated


def test_document_is_printed_in_each_of_its_languages(client: FlaskClient) -> None:
    messages = f"{DOCUMENTS}/messages/print"
    assert f'href="{messages}?lang=ar"' in client.get(messages).text
    arabic = client.get(f"{messages}?lang=ar").text
    assert '<h1 lang="ar" dir="rtl">' in arabic
    assert f'href="{messages}?lang=en"' in arabic
    assert client.get(f"{DOCUMENTS}/unknown/print").status_code == 404


def _question_form(html: str) -> MultiDict[str, str]:
    """Return what a browser would submit for the form of a question."""
    return form_fields(re.sub(r'<form\s+class="flow-l question-form"', '<form id="question"', html), "question")


def test_form_of_each_kind_has_the_whole_question(client: FlaskClient, author: Author) -> None:
    text = drafts.file(author.workspace(), "test.en.md").decode()
    items = {item.kind: item.id for item in checked.folder(author.workspace()).banks["en"].items}
    assert set(items) == set(ItemKind)
    for kind, item in items.items():
        sent = forms.read(_question_form(client.get(f"{BANK}/{item}").text))
        assert item_of(item, sent.fields).item == read_item(bank_text.item_text(text, item)), kind
        if kind in ON_DOCUMENTS:
            assert "doc-T10-D" in client.get(f"{BANK}/{item}/trial").text


def test_form_of_a_question_offers_documents_and_their_lines(lite_app: Flask, client: FlaskClient) -> None:
    fields = {"kind": "mark", "document": "T10-D06", "document-2": "T10-D11", "row-0-line": "T10-D11:2", "step": "kind"}
    html = unescape(sites.post(lite_app, client, f"{BANK}/new", fields).text)
    assert re.search(r'value="T10-D06"\s+selected>T10-D06 Rota of week 11 \(In tests\)<', html)
    assert re.search(r'value="T10-D11:2"\s+selected>T10-D11:2: ', html)
    assert 'value="T10-D06:4">' in html


def test_papers_and_tasks_are_added_changed_and_removed(lite_app: Flask, client: FlaskClient, author: Author) -> None:
    html = client.get(f"{PAPERS}?entry=T10-P01").text
    assert 'name="before" value="T10-P01"' in html
    assert "T10-P01" in html
    paper = {"id": "T10-P02", "form": "B", "family": "wages", "document": "T10-D03", "items": "T10-Q22, T10-Q21"}
    assert sites.post(lite_app, client, PAPERS, paper).status_code == 302
    assert sites.post(lite_app, client, PAPERS, paper).status_code == 409
    assert sites.post(lite_app, client, PAPERS, paper | {"items": "the first"}).status_code == 422
    changed = paper | {"before": "T10-P02", "document_2": "T10-D05", "minutes": "9"}
    refused = sites.post(lite_app, client, PAPERS, changed | {"opened": "0123456789abcdef"})
    assert refused.status_code == 409
    assert "Another user changed this entry meanwhile." in refused.text
    (digest,) = re.findall(r'name="opened" value="([0-9a-f]{16})"', refused.text)
    assert sites.post(lite_app, client, PAPERS, changed | {"opened": digest}).status_code == 302
    assert sites.post(lite_app, client, PAPERS, changed | {"opened": digest}).status_code == 409
    assert sites.post(lite_app, client, f"{PAPERS}/removal", {"before": "T10-T01"}).status_code == 302
    course = checked.folder(author.workspace()).course
    assert [entry.id for entry in course.papers] == ["T10-P01", "T10-P02"]
    assert course.papers[1].documents == ("T10-D03", "T10-D05")
    assert course.papers[1].items == ("T10-Q22", "T10-Q21")
    assert course.desk_tasks == ()


def test_rules_of_papers_are_saved(lite_app: Flask, client: FlaskClient, author: Author) -> None:
    rules = {"papers": "2", "floor-0-code": "PRT-01", "floor-0-percent": "55"}
    assert sites.post(lite_app, client, f"{PAPERS}/rules", rules).status_code == 302
    test = checked.folder(author.workspace()).course.test
    assert test is not None
    assert (test.papers, test.floor) == (2, {"PRT-01": 0.55})


def test_document_is_translated_at_the_desk(lite_app: Flask, client: FlaskClient, author: Author) -> None:
    desk = f"/teaching/courses/{courses.SLUG}/translate/fr/document-three-payslips"
    assert "Three payslips" in client.get(f"/teaching/courses/{courses.SLUG}/translations?language=fr").text
    page = client.get(desk).text
    opened = re.findall(r'name="opened-(\d+)"\s+value="([0-9a-f.]+)"', page)
    texts = {"6": "| Avril | 160.0 | 1,920.00 | 180.00 | 1,740.00 |"}
    fields = {f"opened-{number}": digest for number, digest in opened} | {f"target-{n}": t for n, t in texts.items()}
    assert sites.post(lite_app, client, desk, fields).status_code == 302
    saved = drafts.file(author.workspace(), "documents/three-payslips.fr.md").decode()
    assert "| March | 160.0 | 1,920.00 | 180.00 | 1,740.00 |\n| Avril | 160.0" in saved
    assert "{#" not in saved
    problems = checked.checked(author.workspace()).problems.get("documents/three-payslips.fr.md", ())
    assert [problem for problem in problems if problem.weight is Weight.ERROR] == []


@pytest.mark.parametrize("exchange", ["xliff", "docx"])
def test_document_is_sent_to_translators(client: FlaskClient, exchange: str) -> None:
    desk = f"/teaching/courses/{courses.SLUG}/translate/ar/document-messages"
    assert client.get(f"{desk}/files/{exchange}").status_code == 200


def test_document_has_a_difference_and_comes_back_from_history(
    lite_app: Flask, client: FlaskClient, author: Author
) -> None:
    before = drafts.file(author.workspace(), PATH)
    number = author.workspace().revision
    body = before.decode().replace("Extra hours: none.", "Extra hours: five.")
    sites.post(lite_app, client, SLIPS, {"body": body, "opened": _opened(client.get(SLIPS).text)})
    history = f"/teaching/courses/{courses.SLUG}/history"
    html = client.get(f"{history}?path={PATH}").text
    assert "Document three-payslips" in html
    restored = sites.post(lite_app, client, f"{history}/restore", {"number": str(number), "path": PATH})
    assert restored.status_code == 302
    assert drafts.file(author.workspace(), PATH) == before


def test_archive_with_documents_is_the_course_again(author: Author) -> None:
    files = drafts.files(author.workspace())
    again = read_files(write_course_archive(courses.SLUG, files), ())
    assert (again.files, again.notes) == (files, ())


def test_copy_of_a_course_has_documents_papers_and_tasks_of_its_own(author: Author) -> None:
    new = replace(studio_site.COPY, code="C09", slug="copy")
    files = copied_course(drafts.files(author.workspace()), new)
    course = checked.check_new("copy", files).folder
    assert course is not None
    own = {name for name in course.documents if name.startswith("C09-D")}
    assert own == set(course.documents)
    assert [paper.id for paper in course.course.papers] == ["C09-P01"]
    assert set(course.course.papers[0].documents) <= own
    assert all(set(item.document) <= own | {"SH-D01"} for item in course.banks["en"].items)
