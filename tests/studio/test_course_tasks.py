from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.access.policy import Role, Scope
from app.catalogue.queries import courses as catalogue
from app.db.session import db, transaction
from app.learning.domain.learner_posts import QuestionState, ReportState
from app.learning.models import LearnerQuestion, MistakeReport
from app.studio import jobs
from app.studio.models import FlaggedQuestions
from tests.support import courses, factories, sql_statements, studio_site
from tests.support.first_answers import Answer, Sitting, add
from tests.support.settings import NOW

COURSE = f"/teaching/courses/{courses.SLUG}"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


@pytest.fixture
def client(context: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(context, author.id)


def _ask(author: studio_site.Author, *days: int) -> None:
    rows = [
        {
            "id": uuid4(), "person_id": factories.person(), "course_id": author.course_id,
            "version_id": author.workspace().version_id, "lesson": "the-quay",
            "item": "", "body": "Why?", "language": "en", "state": QuestionState.OPEN,
            "asked_at": NOW - timedelta(days=day),
        }
        for day in days
    ]  # fmt: skip
    with transaction():
        db.session.execute(insert(LearnerQuestion), rows)


def _report(author: studio_site.Author, count: int) -> None:
    rows = [
        {
            "id": uuid4(), "person_id": factories.person(), "course_id": author.course_id,
            "version_id": author.workspace().version_id, "lesson": "the-quay",
            "language": "en", "element": 1, "passage": "", "body": "Wrong.", "state": ReportState.OPEN,
            "reported_at": NOW,
        }
        for _number in range(count)
    ]  # fmt: skip
    with transaction():
        db.session.execute(insert(MistakeReport), rows)


def test_teaching_counts_open_questions_and_names_the_oldest(client: FlaskClient, author: studio_site.Author) -> None:
    _ask(author, 3, 9)
    html = client.get("/teaching").text
    assert "2 open questions from learners" in html
    assert f'href="{COURSE}/questions"' in html
    assert f"{(NOW - timedelta(days=9)).day} " in html.partition("The oldest is of")[2][:20]


def test_teaching_counts_open_reports(client: FlaskClient, author: studio_site.Author) -> None:
    _report(author, 2)
    html = client.get("/teaching").text
    assert "2 open reports of mistakes" in html
    assert f'href="{COURSE}/reports"' in html


def test_teaching_has_no_work_of_courses_of_others(context: Flask, author: studio_site.Author) -> None:
    _ask(author, 1)
    _report(author, 1)
    with transaction():
        db.session.add(
            FlaggedQuestions(
                course_id=author.course_id,
                version_id=author.workspace().version_id,
                questions=1,
                item="T10-Q01",
                counted_at=NOW,
            )
        )
    other = factories.person(grants=((Role.TRAINER, Scope.COURSE, str(uuid4())),))
    html = factories.sign_in(context, other).get("/teaching").text
    assert "Open work in my courses" not in html


def test_teaching_links_to_the_most_urgent_flagged_question(client: FlaskClient, author: studio_site.Author) -> None:
    version_id = author.workspace().version_id
    assert version_id is not None
    sittings = (Sitting(factories.person(), [Answer("T10-Q01", 0.0, 1), Answer("T10-Q03", 0.0)]) for _ in range(31))
    add(catalogue.outline(version_id), *sittings)
    assert "flagged question" not in client.get("/teaching").text
    assert jobs.count_flags() == 2
    page = client.get("/teaching").text
    assert "2 flagged questions" in page
    assert f'href="{COURSE}/bank/T10-Q01"' in page
    assert jobs.count_flags() == 2


def test_flags_of_an_earlier_version_are_not_shown(client: FlaskClient, author: studio_site.Author) -> None:
    version_id = author.workspace().version_id
    assert version_id is not None
    add(catalogue.outline(version_id), *(Sitting(factories.person(), [Answer("T10-Q01", 0.0, 1)]) for _ in range(31)))
    jobs.count_flags()
    assert "1 flagged question" in client.get("/teaching").text
    courses.publish(right=1)
    assert "flagged question" not in client.get("/teaching").text


def test_teaching_takes_as_many_statements_for_more_open_work(
    context: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    _ask(author, 1)
    _report(author, 1)
    client.get("/teaching")
    before = sql_statements.asked(context, client, "/teaching")
    _ask(author, 2, 3, 4)
    _report(author, 3)
    assert sql_statements.asked(context, client, "/teaching") == before
