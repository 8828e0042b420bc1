"""The gain of a course: which pairs of pre-test and test can be compared, and their means."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert

from app.catalogue.domain.result_filters import ResultFilter
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment, LessonProgress
from app.learning.queries.results import first_lesson_times
from app.quizzes.domain.attempts import Purpose
from app.quizzes.queries.gains import CourseGain, course_gain, people_with_pretest
from tests.support import courses, factories
from tests.support.first_answers import Answer, Sitting, add
from tests.support.settings import NOW

NOTHING = CourseGain(0, 0.0, 0.0, 0.0)
BEFORE, AFTER = ("T10-Q01", "T10-Q02"), ("T10-Q03", "T10-Q04")
EARLIER = NOW - timedelta(days=3)


@pytest.fixture
def outline(context: Flask) -> Outline:
    return courses.publish().outline


def _sitting(person_id: UUID, purpose: Purpose, passed: bool, items: tuple[str, ...], **row: object) -> Sitting:
    answers = [Answer(item, float(passed)) for item in items]
    return Sitting(person_id, answers, purpose=purpose, passed=passed, **row)  # type: ignore[arg-type]


def _pair(outline: Outline, *, passed: bool = True, after: tuple[str, ...] = AFTER) -> UUID:
    """Add an officer who failed the pre-test three days ago, and then ended a first test."""
    person_id = factories.person()
    add(
        outline,
        _sitting(person_id, Purpose.PRETEST, False, BEFORE, ended_at=EARLIER),
        _sitting(person_id, Purpose.TEST, passed, after),
    )
    return person_id


def _gain(outline: Outline, **selected: object) -> CourseGain:
    chosen = ResultFilter(course_id=outline.course_id, **selected)  # type: ignore[arg-type]
    return course_gain(chosen, first_lesson_times(outline.course_id, people_with_pretest(outline.course_id)), fewest=2)


def _lesson_done(outline: Outline, person_id: UUID, *, hours: int) -> None:
    """Let an officer do a lesson some hours after the end of the pre-test."""
    with transaction():
        enrolment_id = db.session.execute(
            insert(Enrolment)
            .values(
                person_id=person_id, course_id=outline.course_id, version_id=outline.version_id,
                state=EnrolmentState.BEGUN, begun_at=EARLIER, last_lesson="the-list", last_at=EARLIER,
            )
            .returning(Enrolment.id)
        ).scalar_one()  # fmt: skip
        done = {"enrolment_id": enrolment_id, "lesson": "the-list", "done_at": EARLIER + timedelta(hours=hours)}
        db.session.execute(insert(LessonProgress).values(**done))


@pytest.mark.each_database
def test_gain_is_the_mean_of_pairs_with_its_spread(outline: Outline) -> None:
    assert _gain(outline) == NOTHING
    _pair(outline)
    _pair(outline, passed=False)
    gain = _gain(outline)
    assert (gain.pairs, gain.before, gain.after, gain.gain, gain.spread) == (2, 0.0, 0.5, 0.5, 0.5)


@pytest.mark.each_database
def test_pretest_after_the_first_lesson_does_not_count(outline: Outline) -> None:
    _lesson_done(outline, _pair(outline), hours=1)
    assert _gain(outline).pairs == 1
    _lesson_done(outline, _pair(outline), hours=-1)
    assert _gain(outline).pairs == 1


@pytest.mark.each_database
def test_papers_with_a_common_question_do_not_count(outline: Outline) -> None:
    _pair(outline, after=("T10-Q02", "T10-Q03"))
    assert _gain(outline) == NOTHING


def test_short_paper_does_not_count(outline: Outline) -> None:
    _pair(outline, after=("T10-Q03",))
    assert _gain(outline) == NOTHING


def test_first_test_counts_and_the_pretest_precedes_it(outline: Outline) -> None:
    person_id = _pair(outline, passed=False)
    add(outline, _sitting(person_id, Purpose.TEST, True, AFTER, number=2, ended_at=NOW + timedelta(days=1)))
    late = factories.person()
    add(
        outline,
        _sitting(late, Purpose.TEST, True, AFTER, ended_at=EARLIER),
        _sitting(late, Purpose.PRETEST, False, BEFORE),
    )
    assert _gain(outline) == CourseGain(1, 0.0, 0.0, 0.0)


def test_filter_limits_the_pairs_by_the_test(outline: Outline) -> None:
    hidden = _pair(outline)
    assert _gain(outline, begins=NOW, ends=NOW + timedelta(days=1), language="en").pairs == 1
    for selected in ({"ends": NOW}, {"language": "ar"}, {"version_id": UUID(int=1)}, {"without": frozenset({hidden})}):
        assert _gain(outline, **selected) == NOTHING
