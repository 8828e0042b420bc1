from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert

from app.catalogue.domain.result_filters import ResultFilter
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.identity.queries import postings
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment, LessonProgress
from app.learning.queries import results
from app.learning.queries.results import IDLE, CourseCounts
from tests.support import courses, factories
from tests.support.settings import NOW

LONG_AGO = NOW - IDLE - timedelta(days=1)


@pytest.fixture
def outline(context: Flask) -> Outline:
    return courses.publish().outline


def _filter(outline: Outline, *hidden: UUID) -> ResultFilter:
    return ResultFilter(course_id=outline.course_id, without=frozenset(hidden))


def _enrol(outline: Outline, *, completed_at: datetime | None = None, country: str = "IQ", **row: object) -> UUID:
    """Add a person who read the first lesson last; `row` are further values of the progress in it."""
    person_id = factories.person(country=country, now=LONG_AGO)
    state = EnrolmentState.BEGUN if completed_at is None else EnrolmentState.COMPLETED
    values = {"person_id": person_id, "course_id": outline.course_id, "version_id": outline.version_id, "state": state}
    values |= {"begun_at": LONG_AGO, "last_lesson": "the-list", "last_at": LONG_AGO, "completed_at": completed_at}
    with transaction():
        enrolment_id = db.session.execute(insert(Enrolment).values(**values).returning(Enrolment.id)).scalar_one()
        db.session.execute(insert(LessonProgress).values(enrolment_id=enrolment_id, lesson="the-list", **row))
    return person_id


@pytest.mark.each_database
def test_lesson_counts_tell_finished_skimmed_and_stopped_apart(outline: Outline) -> None:
    _enrol(outline, done_at=LONG_AGO, spent_seconds=269)
    _enrol(outline, done_at=LONG_AGO, spent_seconds=270)
    _enrol(outline, done_at=LONG_AGO, spent_seconds=20, looked_through=True)
    _enrol(outline, done_at=LONG_AGO, skipped=True)
    _enrol(outline)
    counts = results.lesson_counts(_filter(outline), NOW)["the-list"]
    assert (counts.opened, counts.finished, counts.skimmed, counts.stopped) == (5, 2, 1, 1)
    assert counts.minutes == {0: 1, 4: 1, 5: 1}


def test_person_who_read_within_21_days_has_not_stopped(outline: Outline) -> None:
    _enrol(outline)
    just_now = results.lesson_counts(_filter(outline), LONG_AGO + IDLE)["the-list"]
    later = results.lesson_counts(_filter(outline), LONG_AGO + IDLE + timedelta(seconds=1))["the-list"]
    assert (just_now.stopped, later.stopped) == (0, 1)


@pytest.mark.each_database
def test_course_counts_leave_people_out_and_are_split_by_country_up_to_a_time(outline: Outline) -> None:
    hidden = _enrol(outline, completed_at=LONG_AGO)
    _enrol(outline, completed_at=NOW)
    _enrol(outline, country="BG")
    assert results.course_counts(_filter(outline)) == CourseCounts(3, 2)
    assert results.course_counts(_filter(outline, hidden)) == CourseCounts(2, 1)
    by_country = results.course_counts_by_country(
        outline.course_id, postings.serving(NOW.date()), NOW, without={hidden}
    )
    assert by_country == {"IQ": CourseCounts(1, 0), "BG": CourseCounts(1, 0)}


def test_course_without_learners_has_no_counts(outline: Outline) -> None:
    assert results.course_counts(_filter(outline)) == CourseCounts(0, 0)
    assert results.lesson_counts(_filter(outline), NOW) == {}
