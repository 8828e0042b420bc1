"""Stored sums of a course: the job adds new attempts once, and counts a course with changed ones again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from app.db.session import db, transaction
from app.identity.models import Person
from app.quizzes import jobs as quizzes
from app.quizzes.domain.answer_sums import CourseSums
from app.quizzes.domain.attempts import Purpose
from app.quizzes.models import Attempt, CourseSum, QuestionMark, UncountedAttempt
from app.quizzes.queries import consistency_checks, course_sums, statistics
from app.quizzes.service import retention
from app.studio.jobs import count_flags
from app.studio.queries import results
from tests.support import courses, factories
from tests.support.courses import Published
from tests.support.quiz_attempts import answer_all, begun, hand_in, publish_correction
from tests.support.settings import NOW

WRONG_KEY = 1
NO_PEOPLE = frozenset[UUID]()
FIRST = "T10-Q01"


@pytest.fixture
def published(context: Flask) -> Published:
    return courses.publish(right=WRONG_KEY)


def _end(published: Published, count: int) -> list[UUID]:
    people = [factories.person() for _ in range(count)]
    for person_id in people:
        attempt = begun(published, person_id)
        answer_all(attempt, courses.RIGHT)
        hand_in(attempt)
    return people


def _stored(published: Published, without: frozenset[UUID] = NO_PEOPLE) -> CourseSums:
    stored = course_sums.stored(published.outline.course_id, without)
    db.session.rollback()
    assert stored is not None
    return stored[0]


def _facility(published: Published) -> tuple[int, float]:
    [item] = [item for item in _stored(published).items if (item.item, item.purpose) == (FIRST, Purpose.TEST)]
    return item.n, item.score / item.n


def _faults(without: frozenset[UUID] = NO_PEOPLE) -> list[str]:
    faults = list(consistency_checks.faults(without))
    db.session.rollback()
    return faults


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Run the job and return how many attempts each count read; the others are in the sums already."""
    read: list[int] = []
    portions = statistics.portions

    def counting(row_ids: Sequence[int]) -> object:
        read.append(len(row_ids))
        return portions(row_ids)

    with monkeypatch.context() as patched:
        patched.setattr(statistics, "portions", counting)
        count_flags()
    return read


@pytest.mark.each_database
def test_job_reads_only_attempts_that_ended_since_its_last_run(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    _end(published, 3)
    assert _counted(monkeypatch) == [3]
    _end(published, 2)
    assert _counted(monkeypatch) == [2]
    assert _counted(monkeypatch) == [0]
    assert _stored(published).tests == 5
    assert _faults() == []


def test_job_that_stops_before_its_commit_counts_each_attempt_once_in_the_next_run(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    _end(published, 2)
    count_flags()
    _end(published, 1)

    def stop(_version_id: UUID) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(results, "question_flags", stop)  # the sums are written, not committed
        with pytest.raises(KeyboardInterrupt):
            count_flags()
    assert _stored(published).tests == 2
    count_flags()
    assert _stored(published).tests == 3
    assert _faults() == []


@pytest.mark.each_database
def test_corrected_key_counts_the_course_again(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    _end(published, 3)
    count_flags()
    assert _facility(published) == (3, 0.0)
    publish_correction()
    quizzes.regrade()
    assert _faults() == []  # the course waits
    assert _counted(monkeypatch) == [3]
    assert _facility(published) == (3, 1.0)
    assert db.session.scalar(select(func.count()).select_from(UncountedAttempt)) == 0
    assert _faults() == []


@pytest.mark.each_database
def test_deleted_answers_and_people_under_threat_count_the_course_again(published: Published) -> None:
    hidden, *_others = _end(published, 3)
    count_flags()
    row_id = db.session.scalars(select(Attempt.id).order_by(Attempt.id.desc()).limit(1)).one()
    with transaction():
        retention.reduce([row_id], NOW + timedelta(days=900))
    count_flags()
    assert (_stored(published).tests, _facility(published)[0]) == (3, 2)
    with transaction():
        db.session.execute(update(Person).where(Person.id == hidden).values(protected=True))
    count_flags()
    assert _stored(published, frozenset({hidden})).tests == 2
    assert _faults(frozenset({hidden})) == []


def test_check_names_a_course_whose_sums_are_not_those_of_its_attempts(published: Published) -> None:
    _end(published, 2)
    count_flags()
    with transaction():
        db.session.execute(delete(QuestionMark).where(QuestionMark.item == FIRST))
    [fault] = _faults()
    assert str(published.outline.course_id) in fault
    with transaction():
        db.session.execute(delete(CourseSum))
    count_flags()
    assert _faults() == []
