from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.session import transaction
from app.kernel import clock
from app.learning import service as learning
from tests import courses_for_tests as course
from tests import factories


@pytest.fixture
def person(app: Flask) -> UUID:
    with app.app_context():
        published = course.publish()
        found = factories.person(alias="Rana")
        with transaction():
            learning.begin(found, published.outline, clock.now())
            learning.keep_place(found, published.outline, "the-list", place=2, now=clock.now())
    return found


@pytest.fixture
def reader(app: Flask, person: UUID) -> FlaskClient:
    return factories.sign_in(app, person)


def test_home_leads_to_the_very_paragraph(reader: FlaskClient) -> None:
    page = reader.get("/").text
    assert f'href="/courses/{course.SLUG}/lessons/the-list#h-2"' in page
    assert "Good morning, <bdi>Rana</bdi>" in page


def test_home_without_a_course_says_whose_move_it_is(app: Flask) -> None:
    with app.app_context():
        client = factories.sign_in(app, factories.person())
    assert "Choose a course" in client.get("/").text


def test_the_record_holds_what_is_under_way_and_no_promise_of_competence(reader: FlaskClient) -> None:
    page = reader.get("/record").text
    assert "Under way" in page
    assert "verified" not in page.lower()


def test_a_found_word_is_marked_and_leads_to_its_paragraph(reader: FlaskClient) -> None:
    page = reader.get("/search?q=officer").text
    assert "<mark>officer</mark>" in page
    assert f"/courses/{course.SLUG}/lessons/the-quay#h-" in page


@pytest.mark.parametrize("words", ["", "   ", "%", '"', "zzzz", "* OR NEAR(", "\u202e<script>"])
def test_any_question_gets_a_page(reader: FlaskClient, words: str) -> None:
    assert reader.get("/search", query_string={"q": words}).status_code == 200


def test_a_question_of_over_200_signs_is_refused_in_words(reader: FlaskClient) -> None:
    answer = reader.get("/search", query_string={"q": "a" * 201})
    assert answer.status_code == 422
    assert "Enter at most 200 characters." in answer.text


def test_notices_are_read_with_one_button(app: Flask, reader: FlaskClient) -> None:
    with app.app_context():
        newcomer = factories.person()
    client = factories.sign_in(app, newcomer)
    assert "Notices" in client.get("/notices").text
    answer = client.post("/notices/read", data={"csrf_token": factories.token(app, client)})
    assert (answer.status_code, answer.location) == (302, "/notices")
