"""The time in a lesson: the counted seconds, and the resulting state."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import func, select

from app.audit.models import Entry
from app.catalogue.domain.courses import LessonEntry
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.learning import domain
from app.learning.domain import (
    CourseProgress,
    LessonState,
    LessonStep,
    Visit,
    after_lesson,
    finishing_step,
    seconds_spent,
)
from app.learning.models import CountedStep, LessonProgress, LessonVisit
from app.learning.queries import learning_days, progress
from app.learning.service import lesson_progress, reading_tokens, store
from app.learning.service.reading_tokens import Opening
from tests.support import courses as course, factories, lesson_reading
from tests.support.settings import NOW

TEN = LessonEntry("ten", 10)
OPENED = datetime(2027, 1, 5, 9, tzinfo=UTC)
LIST_MINUTES = 5  # of the-list


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


@pytest.fixture
def person(context: Flask) -> UUID:
    return factories.person()


def _finish(person: UUID, outline: Outline, lesson: str, now: datetime, visit: Visit | None) -> LessonState:
    with transaction():
        return lesson_progress.finish_lesson(person, outline, lesson, now, visit)


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        (None, LessonState.DONE),
        (0, LessonState.LOOKED_THROUGH),
        (119, LessonState.LOOKED_THROUGH),
        (120, LessonState.DONE),
    ],
)
def test_lesson_is_looked_through_when_below_a_fifth(seconds: int | None, state: LessonState) -> None:
    assert after_lesson(TEN, LessonState.BEGUN, finishing_step(TEN, seconds)) is state


def test_lesson_stays_done_when_looked_through_later() -> None:
    assert after_lesson(TEN, LessonState.DONE, LessonStep.LOOK_THROUGH) is LessonState.DONE
    assert after_lesson(TEN, LessonState.LOOKED_THROUGH, LessonStep.FINISH) is LessonState.DONE


@pytest.mark.parametrize(
    ("later", "device", "seconds"),
    [
        (_minutes(4), None, 240),
        (_minutes(4), 60, 60),
        (_minutes(4), 3600, 240),
        (_minutes(700), None, 600),
        (_minutes(-3), None, 0),
        (_minutes(4), -5, 0),
        (timedelta(days=61), 300, 0),
    ],
)
def test_visit_counts_least_of_clock_device_and_lesson(later: timedelta, device: int | None, seconds: int) -> None:
    assert domain.visit(OPENED, OPENED + later, 10, device) == Visit(OPENED, seconds)


def test_two_pages_at_once_count_once() -> None:
    second = Visit(OPENED + _minutes(2), 240)
    assert seconds_spent([second, Visit(OPENED, 300)]) == 360
    assert seconds_spent([Visit(OPENED, 60), Visit(OPENED + _minutes(5), 60)]) == 120
    assert seconds_spent([]) == 0


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3_600)), max_size=8))
def test_seconds_spent_never_exceed_sum_or_span(pairs: list[tuple[int, int]]) -> None:
    visits = [Visit(OPENED + timedelta(seconds=start), length) for start, length in pairs]
    total = seconds_spent(visits)
    assert max((length for _start, length in pairs), default=0) <= total <= sum(length for _start, length in pairs)
    assert total == seconds_spent(reversed(visits))


def test_minutes_spent_are_at_most_the_stated_ones() -> None:
    entries = (TEN, LessonEntry("old", 7), LessonEntry("open", 8))
    lessons = {"ten": LessonState.DONE, "old": LessonState.DONE, "open": LessonState.BEGUN}
    standing = CourseProgress(lessons, seconds={"ten": 3600, "open": 150})
    outline = domain.CourseRequirements(entries)
    assert (domain.minutes_spent(outline, standing), domain.minutes_stated(outline)) == (10 + 7 + 2, 25)


def test_reading_token_is_valid_for_its_person_only() -> None:
    keys, person = ["older" * 8, "newest" * 8], uuid4()
    opening = Opening(uuid4(), "the-list", OPENED + timedelta(milliseconds=7))
    token = reading_tokens.sign(keys, person, opening)
    assert reading_tokens.read(keys, person, token) == opening
    assert reading_tokens.read([*keys, "next" * 8], person, token) == opening
    assert reading_tokens.read(keys, uuid4(), token) is None
    assert reading_tokens.read(["newest" * 8], person, reading_tokens.sign(["other" * 8], person, opening)) is None
    assert reading_tokens.read(keys, person, token.replace("the-list", "the-quay")) is None
    assert [reading_tokens.read(keys, person, text) for text in ("", "x", "\u0627", token[:-1])] == [None] * 4


def test_time_of_each_lesson_is_stored_when_finished(outline: Outline, person: UUID) -> None:
    _finish(person, outline, "the-list", NOW, lesson_reading.whole(outline, "the-list", NOW))
    _finish(person, outline, "the-quay", NOW, Visit(NOW - _minutes(20), 90))
    enrolment = progress.enrolment_summary(person, outline.course_id)
    assert enrolment is not None
    assert enrolment.lessons == {"the-list": LessonState.DONE, "the-quay": LessonState.DONE}
    assert enrolment.seconds == {"the-list": 300, "the-quay": 90}
    names = list(db.session.scalars(select(Entry.name).where(Entry.name.startswith("Lesson"))))
    assert names == ["LessonDone", "LessonDone"]


@pytest.mark.each_database
def test_reading_adds_up_when_page_is_opened_again(outline: Outline, person: UUID) -> None:
    first, second = Visit(NOW, 30), Visit(NOW + _minutes(3), 45)
    for visit in (first, first, second):
        with transaction():
            lesson_progress.save_visit(person, outline, "the-list", visit, NOW + _minutes(4))
    enrolment = progress.enrolment_summary(person, outline.course_id)
    assert enrolment is not None
    assert enrolment.seconds == {"the-list": 75}
    assert enrolment.lessons == {"the-list": LessonState.BEGUN}
    assert _finish(person, outline, "the-list", NOW + _minutes(5), None) is LessonState.DONE


def test_lesson_looked_through_is_done_after_more_time(outline: Outline, person: UUID) -> None:
    assert _finish(person, outline, "the-list", NOW, None) is LessonState.LOOKED_THROUGH
    assert _finish(person, outline, "the-list", NOW + _minutes(2), Visit(NOW, 61)) is LessonState.DONE
    names = list(db.session.scalars(select(Entry.name).where(Entry.name.startswith("Lesson"))))
    assert sorted(names) == ["LessonDone", "LessonLookedThrough"]
    assert {deed.kind for deed in learning_days.learning_days([person])[person]} == {"begun", "lesson"}


def test_skimmed_lesson_is_no_day_of_learning(outline: Outline, person: UUID) -> None:
    _finish(person, outline, "the-list", NOW, None)
    assert [deed.kind for deed in learning_days.learning_days([person])[person]] == ["begun"]


def test_lesson_done_before_measuring_keeps_stated_minutes(outline: Outline, person: UUID) -> None:
    _finish(person, outline, "the-list", NOW, lesson_reading.whole(outline, "the-list", NOW))
    with transaction():
        row = db.session.scalars(select(LessonProgress)).one()
        row.spent_seconds = None
    _finish(person, outline, "the-list", NOW + _minutes(9), Visit(NOW, 30))
    stands = progress.lesson_status(person, outline)
    assert domain.minutes_spent(stands.asks, stands.standing) == LIST_MINUTES


@pytest.mark.each_database
def test_job_deletes_visits_and_keys_after_sixty_days(outline: Outline, person: UUID) -> None:
    with transaction():
        lesson_progress.save_visit(person, outline, "the-list", Visit(NOW, 30), NOW)
        assert store.count_step(person, "k" * 20, NOW)
        assert not store.count_step(person, "k" * 20, NOW)
    with transaction():
        assert store.delete_expired(NOW + timedelta(days=59)) == 0
        assert store.delete_expired(NOW + timedelta(days=61)) == 2
    counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (LessonVisit, CountedStep)]
    assert counts == [0, 0]
    assert progress.lesson_status(person, outline).standing.seconds == {"the-list": 30}
