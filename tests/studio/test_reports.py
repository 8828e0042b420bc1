from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.learning.models import MistakeReport
from app.studio.models import CourseReviewer
from tests.support import courses, factories, sites, sql_statements, studio_site
from tests.support.settings import NOW

PAGE = f"/teaching/courses/{courses.SLUG}/reports"
LESSON = f"/courses/{courses.SLUG}/lessons/the-list"


@pytest.fixture
def author(app: Flask) -> studio_site.Author:
    with app.app_context():
        return studio_site.author()


@pytest.fixture
def client(app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(app, author.id)


def _report(app: Flask, text: str = "A word is missing.", alias: str | None = None) -> UUID:
    with app.app_context():
        person_id = factories.person(alias=alias)
    learner = factories.sign_in(app, person_id)
    assert sites.post(app, learner, f"{LESSON}/report", {"at": "2", "text": text}).status_code == 302
    with app.app_context():
        return db.session.scalars(select(MistakeReport.id).where(MistakeReport.person_id == person_id)).one()


def test_queue_shows_paragraph_and_text_but_no_person(app: Flask, client: FlaskClient) -> None:
    _report(app, "<b>Wrong</b>", alias="Heron 17")
    page = client.get(PAGE).text
    assert "The second paragraph has a place to stop." in page
    assert "&lt;b&gt;Wrong&lt;/b&gt;" in page
    assert "Heron" not in page
    assert f'href="{LESSON}#h-2"' in page


def test_answered_report_moves_to_the_settled_ones(app: Flask, client: FlaskClient) -> None:
    report_id = _report(app)
    assert sites.post(app, client, f"{PAGE}/{report_id}/answer", {"text": "Corrected."}).status_code == 302
    assert "No reports" in client.get(PAGE).text
    assert "Corrected." in client.get(f"{PAGE}?state=settled").text
    assert sites.post(app, client, f"{PAGE}/{report_id}/answer", {"text": "Again."}).status_code == 409


def test_report_is_closed_without_an_answer(app: Flask, client: FlaskClient) -> None:
    report_id = _report(app)
    assert sites.post(app, client, f"{PAGE}/{report_id}/close").status_code == 302
    assert "Closed" in client.get(f"{PAGE}?state=settled").text


def test_empty_answer_is_shown_again_at_its_report(app: Flask, client: FlaskClient) -> None:
    report_id = _report(app)
    answer = sites.post(app, client, f"{PAGE}/{report_id}/answer", {"text": " "})
    assert answer.status_code == 422
    assert "Write the answer." in answer.text


def test_trainer_of_another_course_and_reviewer_cannot_answer(app: Flask, author: studio_site.Author) -> None:
    report_id = _report(app)
    grants = ((Role.TRAINER, Scope.COURSE, str(UUID(int=7))),)
    with app.app_context():
        trainer_elsewhere, reviewer = factories.person(grants=grants), factories.person(grants=grants)
        with transaction():
            db.session.add(CourseReviewer(course_id=author.course_id, person_id=reviewer, added_at=NOW))
    other = factories.sign_in(app, trainer_elsewhere)
    assert other.get(PAGE).status_code == 404
    assert sites.post(app, other, f"{PAGE}/{report_id}/answer", {"text": "x"}).status_code == 404
    assert factories.sign_in(app, reviewer).get(PAGE).status_code == 403


def test_queue_takes_as_many_statements_for_three_reports_as_for_one(app: Flask, client: FlaskClient) -> None:
    _report(app)
    before = sql_statements.asked(app, client, PAGE)
    _report(app)
    _report(app)
    assert sql_statements.asked(app, client, PAGE) == before
