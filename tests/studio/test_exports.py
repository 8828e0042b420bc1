import io
import re
import zipfile

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.policy import Role, Scope, Sensitivity
from app.audit.models import Entry
from app.catalogue.models import Course
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.domain.revisions import RevisionKind
from app.studio.models import CourseReviewer
from app.studio.queries import drafts
from app.studio.service import drafts as service
from tests.support import courses, factories, sites, studio_documents, studio_site, uploads

COURSE = f"/teaching/courses/{courses.SLUG}"
EXPORT = f"{COURSE}/export"
LESSON = "lessons/the-list.en.md"
BANK = "test.en.md"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


def _give_forms(author: studio_site.Author) -> None:
    """Give a question of the draft form A, and another one form B."""
    text = drafts.file(author.workspace(), BANK)
    for item, form in ((b"T10-Q01", b"A"), (b"T10-Q02", b"B")):
        text = text.replace(b"## %b\n" % item, b"## %b\nform: %b\n" % (item, form))
    with transaction():
        service.change_files(author.course_id, {BANK: text}, RevisionKind.SAVED, by=author.id, now=clock.now())


@pytest.fixture
def client(lite_app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(lite_app, author.id)


def _reviewer(app: Flask, author: studio_site.Author) -> FlaskClient:
    person_id = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    with transaction():
        db.session.add(CourseReviewer(course_id=author.course_id, person_id=person_id, added_at=clock.now()))
    client = factories.sign_in(app, person_id)
    g.pop("_login_user", None)
    return client


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _last_entry() -> Entry:
    return db.session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one()


def test_archive_of_the_version_has_the_published_files_and_is_recorded(
    author: studio_site.Author, client: FlaskClient
) -> None:
    answer = client.get(f"{EXPORT}/version")
    published = drafts.published_files(author.workspace())
    assert _unpacked(answer.data) == {f"{courses.SLUG}/{path}": content for path, content in published.items()}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="night-harbour-1.zip"'
    assert _last_entry().name == "CourseExported"


def test_archive_of_the_draft_has_its_changes_and_is_imported_without_a_difference(
    lite_app: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    opened = drafts.digest_of(drafts.file(author.workspace(), LESSON))
    fields = {"title": "The list", "body": "A new text.", "opened": opened}
    assert sites.post(lite_app, client, f"{COURSE}/lessons/the-list", fields).status_code == 302
    content = client.get(f"{EXPORT}/draft").data
    assert _unpacked(content)[f"{courses.SLUG}/{LESSON}"] == b"# The list\n\nA new text.\n"
    answer = uploads.upload(lite_app, client, f"{COURSE}/import", content, "course.zip", kind="")
    assert "The archive is the same as the draft" in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize(("name", "begins"), [("questions.gift", b"// "), ("questions.xml", b"<?xml")])
def test_export_of_questions_is_recorded_with_its_forms(client: FlaskClient, name: str, begins: bytes) -> None:
    answer = client.get(f"{EXPORT}/questions/{name}?forms=B&forms=reserve")
    assert answer.status_code == 200
    assert answer.data.startswith(begins) or answer.data.strip() == b""
    assert answer.headers["Content-Disposition"].startswith("attachment")
    entry = _last_entry()
    assert entry.name == "QuestionsExported"
    assert "B, reserve" in str(entry.facts)


def test_exported_questions_are_those_of_the_chosen_forms(author: studio_site.Author, client: FlaskClient) -> None:
    _give_forms(author)
    all_ids = set(re.findall(r"T10-Q[0-9]+", client.get(f"{EXPORT}/questions/questions.xml").text))
    of_forms = [
        set(re.findall(r"T10-Q[0-9]+", client.get(f"{EXPORT}/questions/questions.xml?forms={form}").text))
        for form in ("A", "B", "reserve", "none")
    ]
    assert set().union(*of_forms) == all_ids
    assert sum(map(len, of_forms)) == len(all_ids)


def test_reviewer_exports_form_a_alone(lite_app: Flask, author: studio_site.Author) -> None:
    _give_forms(author)
    reviewer = _reviewer(lite_app, author)
    assert reviewer.get(f"{EXPORT}/questions/questions.gift?forms=A").status_code == 200
    assert reviewer.get(f"{EXPORT}/questions/questions.gift?forms=B").status_code == 404
    assert reviewer.get(f"{EXPORT}/draft").status_code == 403
    html = reviewer.get(EXPORT).text
    assert 'value="A"' in html
    assert 'value="B"' not in html
    assert "export/draft" not in html


@pytest.mark.parametrize("name", ["questions.pdf", "others.gift", "questions.gift?forms=C"])
def test_other_export_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"{EXPORT}/questions/{name}").status_code == 404


def test_export_page_names_the_questions_that_a_format_leaves_out(client: FlaskClient) -> None:
    html = client.get(EXPORT).text
    assert "GIFT leaves out: " in html
    assert "The target format has no question in which entries are put in order." in html


def test_printed_version_has_lessons_and_form_a_without_keys(author: studio_site.Author, client: FlaskClient) -> None:
    _give_forms(author)
    html = client.get(f"{EXPORT}/print").text
    assert "The list" in html
    assert "Questions" in html
    assert "is-check" in html
    for sign in ("general", "[x]", "feedback"):
        assert sign not in html


def test_printed_version_names_lines_of_documents_without_links_to_them(lite_app: Flask, context: Flask) -> None:
    client = factories.sign_in(lite_app, studio_documents.author().id)
    html = client.get(f"{EXPORT}/print").text
    assert "Read Three payslips, line 2 and ask who counted the hours." in html
    assert 'href="#doc-' not in html


def test_restricted_course_has_no_printed_version_and_the_page_says_so(
    author: studio_site.Author, client: FlaskClient
) -> None:
    with transaction():
        db.session.get_one(Course, author.course_id).sensitivity = Sensitivity.LAW_ENFORCEMENT_ONLY
    assert client.get(f"{EXPORT}/print").status_code == 404
    html = client.get(EXPORT).text
    assert "Only courses that everyone may read have a printed version." in html
    assert f"{EXPORT}/print" not in html


@pytest.mark.parametrize("path", ["version", "draft", "questions/questions.gift"])
def test_link_from_another_site_exports_and_records_nothing(client: FlaskClient, path: str) -> None:
    before = db.session.scalar(select(func.count(Entry.id)))
    for site in ("cross-site", "same-site"):
        assert client.get(f"{EXPORT}/{path}", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert db.session.scalar(select(func.count(Entry.id))) == before
    assert client.get(f"{EXPORT}/{path}", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
