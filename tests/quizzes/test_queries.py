from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role
from app.catalogue.queries import courses as catalogue
from app.db.session import db, transaction
from app.quizzes import queries
from app.quizzes.domain.answers import ChosenOption
from app.quizzes.domain.attempts import GRACE, AttemptAllowed, AttemptOpen, PastAttempt, Purpose
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus
from app.quizzes.domain.saves import Certainty, Save
from app.quizzes.service import attempts
from app.quizzes.shapes import CurrentAnswer, TestStatus
from tests.support import courses, factories
from tests.support.quiz_attempts import answer_all, begun, hand_in, keep, place
from tests.support.settings import NOW

DAY = timedelta(days=1)


def actor(person: object) -> Actor:
    return Actor(person, "IQ", frozenset({Role.PRACTITIONER}))  # type: ignore[arg-type]


def test_attempt_of_another_person_is_not_visible(context: Flask) -> None:
    person = factories.person()
    attempt = begun(courses.publish(), person)
    assert queries.visible(actor(person), attempt).id == attempt
    for who, which in ((factories.person, attempt), (lambda: person, uuid4())):
        db.session.rollback()
        with pytest.raises(NoResultFound):
            queries.visible(actor(who()), which)


def test_attempt_is_not_visible_without_access_to_its_course(context: Flask) -> None:
    person = factories.person()
    attempt = begun(courses.publish(), person)
    with transaction():
        db.session.execute(text("UPDATE course SET sensitivity = 'law_enforcement_only'"))
    assert queries.own(actor(person), attempt).id == attempt
    with pytest.raises(NoResultFound):
        queries.visible(Actor(person, "IQ", frozenset()), attempt)


@pytest.mark.each_database
def test_an_attempt_comes_with_the_highest_save_of_each_question(context: Flask) -> None:
    person = factories.person()
    attempt = begun(courses.publish(), person)
    first, third = place(attempt, "T10-Q01"), place(attempt, "T10-Q03")
    keep(attempt, Save(first, 3, {"place": 2}, Certainty.GUESS, marked=True), Save(first, 1, {"place": 0}))
    keep(attempt, Save(first, 2, None), Save(third, 1, {"place": 0}), Save(third, 5, None))
    assert queries.visible(actor(person), attempt).saves == {
        first: CurrentAnswer(3, {"place": 2}, 1, marked=True),
        third: CurrentAnswer(5, None, None, marked=False),
    }


@pytest.mark.each_database
def test_standing_returns_best_result_and_open_attempt(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    assert queries.statuses_of_tests(person) == {}
    first = begun(published, person)
    answer_all(first, courses.RIGHT)
    hand_in(first)
    second = begun(published, person, now=NOW + DAY)
    stands = TestStatus(
        passed=True,
        shown=1.0,
        number=2,
        open_id=second,
        later=DelayedQuestionsStatus(published.version_id, passed_at=NOW),
    )
    assert queries.statuses_of_tests(person) == {published.course_id: stands}
    db.session.rollback()
    hand_in(second, NOW + DAY)
    ended = replace(stands, open_id=None)
    assert queries.statuses_of_tests(person) == {published.course_id: ended}


def test_past_attempts_and_permission_to_start(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    assert queries.may_start(person, published.outline, Purpose.TEST, NOW) == AttemptAllowed(3)
    db.session.rollback()
    attempt = begun(published, person)
    assert queries.past_attempts(person, published.course_id, Purpose.TEST) == [PastAttempt(None)]
    assert queries.may_start(person, published.outline, Purpose.TEST, NOW) == AttemptOpen()
    assert queries.past_attempts(person, published.course_id, Purpose.PRETEST) == []
    db.session.rollback()
    hand_in(attempt)
    assert queries.past_attempts(person, published.course_id, Purpose.TEST) == [PastAttempt(NOW)]


@pytest.mark.each_database
def test_attempts_are_due_when_grace_is_gone_too(context: Flask) -> None:
    attempt = begun(courses.publish(minutes=10), factories.person())
    ends = NOW + timedelta(minutes=10)
    assert queries.ended_due(ends + GRACE, 10) == []
    assert queries.ended_due(ends + GRACE + timedelta(seconds=1), 10) == [attempt]


@pytest.mark.each_database
def test_recent_items_are_those_of_the_papers_so_far(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    assert queries.recent_items(person, published.course_id) == frozenset()
    db.session.rollback()
    begun(published, person)
    assert queries.recent_items(person, published.course_id) == set(courses.RIGHT)


def test_items_in_the_text_are_the_checks_of_the_lessons(context: Flask) -> None:
    assert queries.items_in_text(courses.publish().outline) == {courses.CHECK}


def test_a_persons_attempts_are_listed_newest_first(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    first = begun(published, person)
    hand_in(first)
    second = begun(published, person, now=NOW + DAY)
    begun(published, factories.person())
    assert [(one.id, one.number) for one in queries.attempts_of(person)] == [(second, 2), (first, 1)]


@pytest.mark.each_database
def test_practice_of_other_people_and_courses_is_left_out(context: Flask) -> None:
    published, person, other = courses.publish(), factories.person(), factories.person()
    item = catalogue.bank(published.version_id, "en")[courses.CHECK].item
    with transaction():
        attempts.practise(
            person_id=other,
            course_id=published.course_id,
            item=item,
            answer=ChosenOption(0),
            press="a-press-of-the-other",
            now=NOW,
        )
    assert queries.latest_practice(person, published.course_id, [courses.CHECK]) == {}
    assert list(queries.latest_practice(other, published.course_id, [courses.CHECK])) == [courses.CHECK]
    assert queries.latest_practice(other, uuid4(), [courses.CHECK]) == {}


def test_titles_of_competencies_fall_back_to_english(context: Flask) -> None:
    assert catalogue.competency_titles("ar") == {}
    db.session.rollback()
    courses.publish()
    assert catalogue.competency_titles("ar") == {"PRT-01": "Read a berth list", "PRT-02": "Keep a watch"}
