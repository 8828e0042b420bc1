"""Practice from `/practice` to its evidence: begun in two presses, stopped at any time, counted once."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import competencies as competence
from app.db.session import db
from app.kernel import clock
from app.quizzes import queries
from app.quizzes.domain.attempts import Purpose
from tests.support import factories, practice_site
from tests.support.site_snapshots import kept


@pytest.fixture
@kept
def person(app: Flask) -> UUID:
    with app.app_context():
        person_id = factories.person()
    practice_site.prepare(app, person_id)
    return person_id


@pytest.fixture
def client(app: Flask, person: UUID) -> FlaskClient:
    return factories.sign_in(app, person)


def _start(app: Flask, client: FlaskClient) -> str:
    """Begin a practice and return the path of its attempt."""
    response = client.post("/practice", data={"csrf_token": factories.token(app, client)})
    assert response.status_code == 302
    return str(response.location).rsplit("/", 1)[0]


def _answer(app: Flask, client: FlaskClient, attempt: str, questions: range) -> None:
    for number in questions:
        data = {"csrf_token": factories.token(app, client), "choice": "0", "step": "next"}
        assert client.post(f"{attempt}/{number}", data=data).status_code == 302


def _finish(app: Flask, client: FlaskClient, attempt: str) -> str:
    client.post(f"{attempt}/hand-in", data={"csrf_token": factories.token(app, client)})
    return client.get(f"{attempt}/result").text


def _reviews(app: Flask, person: UUID) -> list[tuple[date, int, float]]:
    with app.app_context():
        lines = competence.evidence_of(person, "PRT-01")
        return [(line.day, line.items, line.trust) for line in lines if line.kind is EvidenceKind.REVIEW]


def test_practice_page_names_competency_and_what_it_counts_for(client: FlaskClient) -> None:
    page = client.get("/practice").text
    assert "Read a berth list" in page
    assert "This practice counts." in page
    assert "5 questions" in page


def test_answer_in_practice_is_explained_at_once(app: Flask, client: FlaskClient) -> None:
    attempt = _start(app, client)
    before = client.get(f"{attempt}/1").text
    _answer(app, client, attempt, range(1, 2))
    after = client.get(f"{attempt}/1").text
    assert "This answer is locked." not in before
    assert "This answer is locked." in after


def test_finished_practice_is_one_review(
    app: Flask, client: FlaskClient, person: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = _start(app, client)
    _answer(app, client, attempt, range(1, 6))
    later = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "This practice counts." in _finish(app, client, attempt)
    _finish(app, client, attempt)
    assert _reviews(app, person) == [(later.date(), 5, 0.5)]


def test_practice_stopped_before_four_answers_is_no_evidence(app: Flask, client: FlaskClient, person: UUID) -> None:
    attempt = _start(app, client)
    _answer(app, client, attempt, range(1, 4))
    page = _finish(app, client, attempt)
    assert "You answered 3 questions. Practice counts from 4 answers on." in page
    assert page.count("<summary>Question") == 3
    assert _reviews(app, person) == []


def test_practice_faster_than_reading_has_no_trust(app: Flask, client: FlaskClient, person: UUID) -> None:
    attempt = _start(app, client)
    _answer(app, client, attempt, range(1, 6))
    _finish(app, client, attempt)
    assert [trust for _day, _items, trust in _reviews(app, person)] == [0.0]


def test_second_practice_of_a_day_does_not_count(app: Flask, client: FlaskClient, person: UUID) -> None:
    attempt = _start(app, client)
    _answer(app, client, attempt, range(1, 6))
    _finish(app, client, attempt)
    assert "does not count" in client.get("/practice").text or "counts again from" in client.get("/practice").text
    again = _start(app, client)
    assert again != attempt
    _answer(app, client, again, range(1, 6))
    _finish(app, client, again)
    assert len(_reviews(app, person)) == 1


def test_open_practice_is_continued(app: Flask, client: FlaskClient) -> None:
    attempt = _start(app, client)
    assert f'href="{attempt}/1"' in client.get("/practice").text
    assert _start(app, client) == attempt


def test_practice_leaves_test_and_progress_unchanged(app: Flask, client: FlaskClient, person: UUID) -> None:
    attempt = _start(app, client)
    _answer(app, client, attempt, range(1, 6))
    _finish(app, client, attempt)
    with app.app_context():
        assert queries.statuses_of_tests(person) == {}
        assert queries.days([person]) == []
        [line] = queries.attempts_of(person)
        assert line.purpose is Purpose.PRACTICE
        db.session.rollback()


def test_person_without_evidence_has_nothing_to_practise(app: Flask) -> None:
    with app.app_context():
        person_id = factories.person()
    client = factories.sign_in(app, person_id)
    assert "Nothing to practise yet" in client.get("/practice").text
    assert client.post("/practice", data={"csrf_token": factories.token(app, client)}).status_code == 404
