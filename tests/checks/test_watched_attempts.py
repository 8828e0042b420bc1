from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import Purpose
from app.quizzes.models import Attempt, UncountedAttempt
from app.quizzes.queries import results, watched
from app.quizzes.service import retention, watched as service
from tests.support import courses, factories, sitting_scene
from tests.support.sitting_scene import scene


def test_details_of_a_watched_attempt_end_with_the_retention(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        sitting_scene.answer(attempt, 1, None)
        sitting_scene.hand_in(attempt)
        row_id = quizzes.of_id(attempt).row_id
        db.session.rollback()
        with transaction():
            assert retention.reduce([row_id], clock.now()) == 1
        assert watched.answers_of(attempt) == []
        assert watched.results([attempt])[attempt].scores == {}
        assert watched.progress([attempt])[attempt].questions == 0


def test_watched_attempt_is_no_test_of_the_course(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        officer = made.officers[0]
        attempt = sitting_scene.at_work(made, officer)
        sitting_scene.hand_in(attempt)
        assert db.session.query(UncountedAttempt).count() == 0
        assert results.results_of([officer]) == []
        assert quizzes.days([officer]) == quizzes.practice_days([officer]) == []
        course_id = quizzes.of_id(attempt).course_id
        assert quizzes.recent_items(officer, course_id) == frozenset()
        assert quizzes.statuses_of_tests(officer) == {}
        assert quizzes.last_number(officer, course_id, Purpose.TEST) == 0


def test_second_open_attempt_at_a_course_is_refused(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        view = quizzes.of_id(attempt)
        db.session.rollback()
        with pytest.raises(DomainError, match="still open"), transaction():
            service.start(
                person_id=view.person_id, version_id=view.version_id, language="en", items=["T10-Q100"],
                pass_mark=0.6, deadline_at=None, now=clock.now(),
            )  # fmt: skip


def test_prolonged_deadline_is_that_of_the_attempt(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        until = clock.now() + timedelta(hours=1)
        with transaction():
            service.prolong(attempt, until)
        assert watched.progress([attempt])[attempt].deadline_at == until


def test_answers_of_a_test_are_not_for_markers(app: Flask) -> None:
    with app.app_context():
        courses.publish()
        officer = factories.person()
    client = factories.sign_in(app, officer)
    token = factories.token(app, client)
    client.post(f"/courses/{courses.SLUG}/test", data={"csrf_token": token})
    with app.app_context():
        attempt = db.session.query(Attempt).one().public_id
        with pytest.raises(NoResultFound):
            watched.answers_of(attempt)
