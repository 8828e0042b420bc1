"""Delayed questions some months after a test: people, days, once only; pages from the start page to the result."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from app.access.policy import Actor
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import courses as catalogue
from app.catalogue.service import publication as publishing
from app.catalogue.shapes import Outline
from app.competence import jobs
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.home.jobs import send_week
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning.queries import progress
from app.learning.service import lesson_progress
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.messages.models import OutgoingMail
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import AttemptAfter, NoAttemptsLeft, Purpose
from app.quizzes.service import attempts as sitting
from app.quizzes.service.attempts import AttemptInProgress, Started
from tests.support import course_attempts, courses as course, factories, sites
from tests.support.course_attempts import EVE
from tests.support.settings import NOW

LATER = f"/courses/{course.SLUG}/later"
ASKS = "What do you still know? 2 questions"
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


@pytest.fixture
def passed(outline: Outline) -> UUID:
    """Return a person who passed the test exactly six months ago."""
    person = factories.person()
    course_attempts.sit(person, outline)
    return person


def asked(person: UUID, today: date = TODAY) -> list[str]:
    found = [one.outline.code for one in progress.asked_again([person], today)]
    db.session.rollback()
    return found


def told(person: UUID) -> list[tuple[object, str]]:
    found = messages.notices(person, 1)
    db.session.rollback()
    return [(one.facts["course"], one.path) for one in found if one.kind is NoticeKind.ASKED_AGAIN]


def publish_next(*, retention: bool = True) -> Outline:
    """Publish a second version of the course, and return it; it may ask nothing again."""
    ready, _references = course.ready(minutes=9, retention=retention)
    people = (factories.person(), factories.person())
    with transaction():
        publishing.store_draft(ready, clock.now())
        publishing.publish(
            course.CODE,
            kind=VersionKind.SUBSTANTIVE,
            message="Next.",
            first_id=people[0],
            second_id=people[1],
            now=clock.now(),
        )
    found = catalogue.visible(Actor(people[0], "IQ", frozenset()), course.SLUG)
    db.session.rollback()
    return found


def test_delayed_questions_open_on_the_day_and_are_taken_once(outline: Outline, passed: UUID) -> None:
    assert course_attempts.start(passed, outline, Purpose.RETENTION, at=EVE) == AttemptAfter(NOW.replace(hour=0))
    begun = course_attempts.start(passed, outline, Purpose.RETENTION, at=NOW)
    assert isinstance(begun, Started)
    assert course_attempts.start(passed, outline, Purpose.RETENTION, at=NOW) == AttemptInProgress(begun.public_id)
    assert len(quizzes.lock(begun.public_id).slips) == 2
    db.session.rollback()
    with transaction():
        sitting.hand_in(begun.public_id, NOW)
    assert course_attempts.start(passed, outline, Purpose.RETENTION, at=NOW + DAY) == NoAttemptsLeft()


def test_delayed_questions_are_not_asked_without_a_passed_test(outline: Outline) -> None:
    person = factories.person()
    course_attempts.sit(person, outline, right=False)
    assert asked(person, date(2030, 1, 1)) == []
    with pytest.raises(DomainError):
        course_attempts.start(person, outline, Purpose.RETENTION, at=NOW)
    db.session.rollback()
    assert progress.course_status(person, outline).asked_since(TODAY) is None


def test_delayed_questions_are_due_until_they_are_answered(outline: Outline, passed: UUID) -> None:
    assert [asked(passed, day) for day in (EVE.date(), TODAY, date(2030, 1, 1))] == [[], [course.CODE], [course.CODE]]
    assert progress.course_status(passed, outline).asked_since(TODAY) == TODAY
    db.session.rollback()
    course_attempts.sit(passed, outline, Purpose.RETENTION, at=NOW, right=False)
    assert asked(passed, date(2030, 1, 1)) == []


def test_delayed_questions_use_months_of_the_begun_version(outline: Outline, passed: UUID) -> None:
    silent = publish_next(retention=False)
    assert asked(passed) == [course.CODE]
    with transaction():
        lesson_progress.take_version(passed, silent, NOW)
    assert asked(passed) == []


def test_passed_new_version_has_its_own_delayed_questions(outline: Outline, passed: UUID) -> None:
    course_attempts.sit(passed, outline, Purpose.RETENTION, at=NOW)
    after = publish_next()
    with transaction():
        lesson_progress.take_version(passed, after, NOW)
    course_attempts.sit(passed, after, at=NOW + DAY)
    days = [TODAY, date(2027, 9, 1), date(2027, 9, 2)]
    assert [asked(passed, day) for day in days] == [[], [], [course.CODE]]
    course_attempts.sit(passed, after, Purpose.RETENTION, at=NOW + 200 * DAY)
    assert asked(passed, date(2030, 1, 1)) == []


def test_withdrawn_course_asks_no_delayed_questions(passed: UUID) -> None:
    with transaction():
        db.session.execute(text("UPDATE course_version SET state = 'past'"))
    assert asked(passed) == []
    assert jobs.remind() == 0


@pytest.mark.each_database
def test_course_above_clearance_asks_no_delayed_questions(passed: UUID) -> None:
    with transaction():
        db.session.execute(text("UPDATE course SET sensitivity = 'law_enforcement_only'"))
    assert asked(passed) == [course.CODE]
    with transaction():
        db.session.execute(text("DELETE FROM role_grant"))
    assert asked(passed) == []


def test_delayed_answers_are_no_evidence_and_no_test_result(outline: Outline, passed: UUID) -> None:
    count = select(func.count()).select_from(Evidence)
    before = db.session.scalar(count)
    stands = quizzes.statuses_of_tests(passed)[outline.course_id]
    db.session.rollback()
    assert before
    course_attempts.sit(passed, outline, Purpose.RETENTION, at=NOW)
    assert db.session.scalar(count) == before
    after = quizzes.statuses_of_tests(passed)[outline.course_id]
    assert (after.number, after.shown) == (stands.number, stands.shown)


@pytest.mark.each_database
def test_job_notifies_each_person_once_a_version(outline: Outline, passed: UUID) -> None:
    clock.move(lambda: EVE - clock.real_now())
    assert (jobs.remind(), told(passed)) == (0, [])
    clock.move(lambda: NOW - clock.real_now())
    assert (jobs.remind(), jobs.remind()) == (1, 0)
    assert told(passed) == [(course.CODE, LATER)]
    course_attempts.sit(passed, outline, Purpose.RETENTION, at=NOW)
    clock.move(lambda: NOW + 400 * DAY - clock.real_now())
    assert jobs.remind() == 0


def test_weekly_mail_counts_due_delayed_questions(outline: Outline, passed: UUID) -> None:
    def counts() -> list[str]:
        send_week()
        return sorted(db.session.scalars(select(OutgoingMail.facts).where(OutgoingMail.recipient_id == passed)))

    clock.move(lambda: NOW - 7 * DAY - clock.real_now())
    assert counts() == []  # the course is completed
    clock.move(lambda: NOW - clock.real_now())
    assert counts() == ['{"count":1}']


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    with app.app_context():
        person = factories.person()
        course_attempts.sit(person, course.publish().outline)
        db.session.remove()
    return factories.sign_in(app, person)


def test_delayed_questions_lead_from_start_page_to_result(app: Flask, reader: FlaskClient) -> None:
    home = reader.get("/").text
    assert ASKS in home
    assert f'href="{LATER}"' in home
    assert re.search(rf'{re.escape(ASKS)} <a href="{LATER}">Answer them', reader.get(f"/courses/{course.SLUG}").text)
    before = reader.get(LATER).text
    assert "It shows what has faded. It is no exam" in before
    assert f'action="{LATER}"' in before
    begun = sites.post(app, reader, LATER).location
    assert sites.post(app, reader, LATER).location == begun
    attempt = begun.rpartition("/")[0]
    assert "What do you still know?" in reader.get(begun).text
    sites.post(app, reader, begun, {"choice": "1", "place-0": "1"})
    assert f'href="{attempt}/check"' in reader.get("/").text
    assert "In progress" in reader.get("/").text
    sites.post(app, reader, f"{attempt}/hand-in")
    result = reader.get(f"{attempt}/result").text
    assert "Your result" in result
    assert "Read again: " in result
    assert f'href="/courses/{course.SLUG}/lessons/' in result
    assert "Needed" not in result.partition("By outcome")[0]
    assert ASKS not in reader.get("/").text
    closed = reader.get(LATER).text
    assert f'href="{attempt}/result"' in closed
    assert f'action="{LATER}"' not in closed
    assert f'<a href="{LATER}">Results' in reader.get(f"/courses/{course.SLUG}").text
    assert sites.post(app, reader, LATER).location == LATER


def test_delayed_questions_return_404_before_the_day(app: Flask, reader: FlaskClient) -> None:
    clock.move(lambda: EVE - clock.real_now())
    assert "What do you still know" not in reader.get("/").text + reader.get(f"/courses/{course.SLUG}").text
    assert (reader.get(LATER).status_code, sites.post(app, reader, LATER).status_code) == (404, 404)


def test_delayed_questions_return_404_without_a_passed_test(app: Flask, reader: FlaskClient) -> None:
    with app.app_context():
        other = factories.sign_in(app, factories.person())
    sites.post(app, other, f"/courses/{course.SLUG}/enrolment")
    assert "What do you still know" not in other.get(f"/courses/{course.SLUG}").text
    assert (other.get(LATER).status_code, sites.post(app, other, LATER).status_code) == (404, 404)


def test_withdrawn_course_is_not_on_the_start_page(app: Flask, reader: FlaskClient) -> None:
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE course_version SET state = 'past'"))
    assert "What do you still know" not in reader.get("/").text
    assert reader.get(LATER).status_code == 404
