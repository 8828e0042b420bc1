import re

import pytest
from defusedxml.ElementTree import fromstring
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.policy import Role, Scope, Sensitivity
from app.audit.models import Entry
from app.catalogue.domain.translations import FrontState
from app.catalogue.models import Course
from app.db.session import db, transaction
from app.kernel import clock
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident
from app.studio.domain.exchange import scorm_limits
from app.studio.domain.revisions import RevisionKind
from app.studio.models import CourseReviewer
from app.studio.queries import drafts
from app.studio.service import drafts as draft_service
from tests.support import courses, factories, scorm_course, sites, studio_site

EXPORT = f"/teaching/courses/{courses.SLUG}/export"
PACKAGE = f"{EXPORT}/scorm/en"
ACTIVE = re.compile(rb"<script(?![^>]* src=\"scorm\.js\")|\son\w+=|\sstyle=|javascript:|(?:src|href)=\"(?:[a-z]+:|/)")


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    sites.publish_course(scorm_course.ready())
    return studio_site.author()


@pytest.fixture
def client(lite_app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(lite_app, author.id)


def _package(client: FlaskClient, language: str = "en") -> dict[str, bytes]:
    answer = client.get(f"{EXPORT}/scorm/{language}")
    assert answer.status_code == 200
    return scorm_course.unpacked(answer.data)


def _restrict(author: studio_site.Author) -> None:
    with transaction():
        db.session.get_one(Course, author.course_id).sensitivity = Sensitivity.LAW_ENFORCEMENT_ONLY


def test_package_has_the_files_of_its_manifest_and_no_others(client: FlaskClient) -> None:
    files = _package(client)
    root = fromstring(files["imsmanifest.xml"])
    listed = {element.get("href") for element in root.iter() if element.tag.endswith(("}file", "}resource"))} - {None}
    assert listed | {"imsmanifest.xml"} == files.keys()
    assert {"lesson-01.html", "lesson-02.html", "lesson-03.html", "test.html", "scorm.js", "package.css"} < files.keys()


def test_package_has_all_playable_questions_of_form_a(client: FlaskClient) -> None:
    html = _package(client)["test.html"].decode()
    assert tuple(re.findall(r'data-question="([^"]+)"', html)) == scorm_course.PLAYED
    assert 'data-mastery="75"' in html
    assert "Count the lines of the list." in html


def test_package_has_nothing_of_other_questions(client: FlaskClient) -> None:
    content = b"".join(_package(client).values())
    for secret in (*scorm_course.SECRETS, courses.CHECK, "T10-Q2", scorm_course.LEFT_OUT, "check yourself"):
        assert secret.encode() not in content


def test_package_has_nothing_of_a_draft(client: FlaskClient, author: studio_site.Author) -> None:
    path = "lessons/the-list.en.md"
    text = drafts.file(author.workspace(), path) + b"\nDRAFT-TEXT\n"
    with transaction():
        draft_service.change_files(author.course_id, {path: text}, RevisionKind.SAVED, by=author.id, now=clock.now())
    assert b"DRAFT-TEXT" not in b"".join(_package(client).values())


def test_pages_need_no_network_and_have_no_code_inside(client: FlaskClient) -> None:
    pages = {path: content for path, content in _package(client).items() if path.endswith(".html")}
    assert {path: ACTIVE.findall(content) for path, content in pages.items() if ACTIVE.search(content)} == {}
    assert b"example.org" not in b"".join(pages.values())
    assert re.search(rb'src="media/[0-9a-f]{64}\.png"', pages["lesson-02.html"])


def test_arabic_package_is_right_to_left(client: FlaskClient) -> None:
    files = _package(client, "ar")
    for path in ("lesson-01.html", "test.html"):
        assert b'<html lang="ar" dir="rtl">' in files[path]
    assert scorm_course.TITLE_AR in files["imsmanifest.xml"].decode()


def test_package_has_no_language_that_was_not_reviewed(lite_app: Flask, context: Flask) -> None:
    sites.publish_course(scorm_course.ready(state=FrontState.DRAFT))
    client = factories.sign_in(lite_app, studio_site.author().id)
    assert client.get(f"{EXPORT}/scorm/ar").status_code == 404
    assert client.get(f"{EXPORT}/scorm/fr").status_code == 404
    html = client.get(EXPORT).text
    assert "/scorm/en" in html
    assert "/scorm/ar" not in html


def test_package_is_recorded_as_export_and_as_view_of_keys(client: FlaskClient) -> None:
    answer = client.get(PACKAGE)
    assert answer.headers["Content-Disposition"] == "attachment; filename=night-harbour-1-en-scorm.zip"
    assert answer.headers["Cache-Control"] == "no-store"
    view, export = db.session.scalars(select(Entry).order_by(Entry.id.desc()).limit(2)).all()[::-1]
    assert (view.name, export.name) == ("QuestionKeyViewed", "QuestionsExported")
    assert '"item":"test.en.md"' in str(view.facts)
    for fact in ('"format":"scorm"', '"forms":"A"', '"questions":5'):
        assert fact in str(export.facts)


def test_export_page_names_the_questions_that_cannot_be_played(client: FlaskClient) -> None:
    html = client.get(EXPORT).text
    assert "1 question cannot be played outside the academy" in html
    assert f"<b>{scorm_course.LEFT_OUT}</b>" in html
    assert f"{EXPORT}/scorm/ar" in html


def test_restricted_course_has_no_package_and_the_page_says_so(client: FlaskClient, author: studio_site.Author) -> None:
    _restrict(author)
    answer = client.get(PACKAGE)
    assert answer.status_code == 409
    assert "Only courses that everyone may read have a SCORM package" in answer.text
    html = client.get(EXPORT).text
    assert "Only courses that everyone may read have a SCORM package" in html
    assert "/export/scorm" not in html


def test_reviewer_gets_no_package(lite_app: Flask, author: studio_site.Author) -> None:
    person_id = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    with transaction():
        db.session.add(CourseReviewer(course_id=author.course_id, person_id=person_id, added_at=clock.now()))
    reviewer = factories.sign_in(lite_app, person_id)
    assert reviewer.get(PACKAGE).status_code == 403
    assert "SCORM" not in reviewer.get(EXPORT).text


def test_package_is_refused_during_an_incident(lite_app: Flask, author: studio_site.Author) -> None:
    with transaction():
        incident.begin(IncidentReason.DRILL, [], clock.real_now())
    answer = factories.sign_in(lite_app, author.id).get(PACKAGE)
    assert answer.status_code == 409
    assert "during a security incident" in answer.text


def test_link_from_another_site_exports_and_records_nothing(client: FlaskClient) -> None:
    before = db.session.scalar(select(func.count(Entry.id)))
    for site in ("cross-site", "same-site"):
        assert client.get(PACKAGE, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert db.session.scalar(select(func.count(Entry.id))) == before


def test_package_with_too_large_media_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorm_limits, "MOST_MEDIA", 10)
    answer = client.get(PACKAGE)
    assert answer.status_code == 409
    assert "Make them smaller." in answer.text


def test_same_version_is_the_same_package(client: FlaskClient) -> None:
    assert client.get(PACKAGE).data == client.get(PACKAGE).data
