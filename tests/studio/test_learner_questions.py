from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.db.session import db
from app.learning.domain.learner_posts import help_digest
from app.learning.models import LearnerQuestion
from tests.support import courses, factories, sites, sql_statements, studio_site

PAGE = f"/teaching/courses/{courses.SLUG}/questions"
ASKED = f"/courses/{courses.SLUG}/questions"
HELP = {"question": "Why at night?", "answer": "Because of the tide."}


@pytest.fixture
def trainers(app: Flask) -> list[FlaskClient]:
    """Two trainers of the course."""
    with app.app_context():
        people = [studio_site.author().id, studio_site.author().id]
    return [factories.sign_in(app, person_id) for person_id in people]


def _ask(app: Flask, text: str = "Why at night?", name: str = "Test Person") -> UUID:
    with app.app_context():
        person_id = factories.person(name=name)
    learner = factories.sign_in(app, person_id)
    fields = {"about": f"the-list/{courses.CHECK}", "text": text}
    # the page with the lesson offers its practice questions
    assert sites.post(app, learner, ASKED, fields).status_code == 302
    with app.app_context():
        return db.session.scalars(select(LearnerQuestion.id).where(LearnerQuestion.person_id == person_id)).one()


def test_question_is_shown_by_alias_with_its_subject(app: Flask, trainers: list[FlaskClient]) -> None:
    _ask(app, "<b>Why</b>", name="Zdravko Example")
    page = trainers[0].get(PAGE).text
    assert "Zdravko" not in page
    assert "Officer" in page
    assert f"The list, {courses.CHECK}" in page
    assert "&lt;b&gt;Why&lt;/b&gt;" in page


def test_help_entry_is_published_by_the_second_trainer(app: Flask, trainers: list[FlaskClient]) -> None:
    first, second = trainers
    path = f"{PAGE}/{_ask(app)}"
    sites.post(app, first, f"{path}/answer", {"text": "The tide."})
    assert f'action="{path}/help"' in first.get(f"{PAGE}?state=answered").text
    assert sites.post(app, first, f"{path}/help", HELP).status_code == 302
    assert "Another trainer publishes it" in first.get(f"{PAGE}?state=proposed").text
    assert sites.post(app, first, f"{path}/publication").status_code == 409
    assert "Because of the tide." not in second.get(ASKED).text
    published = sites.post(app, second, f"{path}/publication", {"digest": help_digest(**HELP)})
    assert published.status_code == 302
    assert "Because of the tide." in second.get(ASKED).text
    sites.post(app, first, f"{path}/withdrawal")
    assert "Because of the tide." not in second.get(ASKED).text


def test_help_entry_that_changed_since_it_was_read_is_shown_again(app: Flask, trainers: list[FlaskClient]) -> None:
    first, second = trainers
    path = f"{PAGE}/{_ask(app)}"
    sites.post(app, first, f"{path}/answer", {"text": "The tide."})
    sites.post(app, first, f"{path}/help", HELP)
    opened = help_digest(**HELP)
    assert f'name="digest" value="{opened}"' in second.get(f"{PAGE}?state=proposed").text
    sites.post(app, first, f"{path}/withdrawal")
    sites.post(app, first, f"{path}/help", {**HELP, "answer": "Because of the name of an officer."})
    refused = sites.post(app, second, f"{path}/publication", {"digest": opened})
    assert refused.status_code == 409
    assert "The help entry changed since you opened this page." in refused.text
    assert "Because of the name of an officer." in refused.text
    assert "Because of" not in second.get(ASKED).text


@pytest.mark.parametrize(("step", "fields"), [("answer", {"text": ""}), ("help", {"question": "x", "answer": ""})])
def test_refused_form_is_shown_again_at_its_question(
    app: Flask, trainers: list[FlaskClient], step: str, fields: dict[str, str]
) -> None:
    path = f"{PAGE}/{_ask(app)}"
    if step == "help":
        sites.post(app, trainers[0], f"{path}/answer", {"text": "The tide."})
    answer = sites.post(app, trainers[0], f"{path}/{step}", fields)
    assert answer.status_code == 422
    assert "Write the answer." in answer.text


def test_closed_question_is_not_answered(app: Flask, trainers: list[FlaskClient]) -> None:
    path = f"{PAGE}/{_ask(app)}"
    assert sites.post(app, trainers[0], f"{path}/close").status_code == 302
    assert sites.post(app, trainers[1], f"{path}/answer", {"text": "x"}).status_code == 409
    assert sites.post(app, trainers[1], f"{path}/help", HELP).status_code == 409


def test_trainer_of_another_course_finds_no_question(app: Flask, trainers: list[FlaskClient]) -> None:
    path = f"{PAGE}/{_ask(app)}"
    with app.app_context():
        person_id = factories.person(grants=((Role.TRAINER, Scope.COURSE, str(UUID(int=7))),))
    other = factories.sign_in(app, person_id)
    assert other.get(PAGE).status_code == 404
    for step in ("answer", "close", "help", "publication", "withdrawal"):
        assert sites.post(app, other, f"{path}/{step}", {"text": "x", **HELP}).status_code == 404


def test_questions_take_as_many_statements_for_three_as_for_one(app: Flask, trainers: list[FlaskClient]) -> None:
    _ask(app)
    before = sql_statements.asked(app, trainers[0], PAGE)
    _ask(app)
    _ask(app)
    assert sql_statements.asked(app, trainers[0], PAGE) == before
