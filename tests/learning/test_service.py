from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.audit.models import Entry
from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication as catalogue
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import IllegalMoveError
from app.learning import domain
from app.learning.domain import EnrolmentState, LessonState, NextCase, NextLesson, Test
from app.learning.queries import progress
from app.learning.service import lesson_progress
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.quizzes import queries as papers
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.service import attempts as quizzes
from app.quizzes.service.attempts import Started
from app.scenarios import service as scenarios
from tests.support import courses as course, factories, lesson_reading


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


@pytest.fixture
def person(context: Flask) -> UUID:
    return factories.person()


def _do(work, *given, **named):
    with transaction():
        return work(*given, **named, now=clock.now())


def _finish_lessons(person: UUID, outline: Outline) -> None:
    for lesson in course.LESSONS:
        _do(lesson_reading.finish, person, outline, lesson)


def _pass_test(person: UUID, outline: Outline) -> None:
    started = _do(quizzes.start, person_id=person, outline=outline, language="en", purpose=Purpose.TEST, extra_time=0)
    assert isinstance(started, Started)
    found = papers.lock(started.public_id)
    saves = [
        Save(number, 65536 * number, course.RIGHT[question.item.id], None, False)
        for number, question in enumerate(papers.questions_of_attempt(found).questions, 1)
    ]
    with transaction():
        quizzes.save(started.public_id, saves, arrived_at=clock.now(), now=clock.now())
    _do(quizzes.hand_in, started.public_id)


def _play_case(person: UUID, outline: Outline) -> None:
    walk = _do(
        scenarios.start,
        person_id=person,
        course_id=outline.course_id,
        version_id=outline.version_id,
        name="scenario",
        language="en",
    )
    _do(scenarios.choose, walk, step=1, move=0)


def _state(person: UUID, outline: Outline) -> EnrolmentState:
    return progress.enrolment_summary(person, outline.course_id).state


@pytest.mark.each_database
def test_concurrent_submissions_begin_a_course_once(outline: Outline, person: UUID) -> None:
    first = _do(lesson_progress.begin, person, outline).id
    assert _do(lesson_progress.begin, person, outline).id == first


def test_finishing_a_lesson_twice_counts_once(outline: Outline, person: UUID) -> None:
    _do(lesson_reading.finish, person, outline, "the-list")
    _do(lesson_reading.finish, person, outline, "the-list")
    names = list(db.session.scalars(select(Entry.name).where(Entry.name.in_(("CourseBegun", "LessonDone")))))
    assert names == ["CourseBegun", "LessonDone"]


def test_reading_position_is_saved_without_an_audit_entry(outline: Outline, person: UUID) -> None:
    _do(lesson_progress.begin, person, outline)
    before = len(db.session.scalars(select(Entry.id)).all())
    _do(lesson_progress.save_place, person, outline, "the-list", element=2)
    enrolment = progress.enrolment_summary(person, outline.course_id)
    assert (enrolment.places, enrolment.last_lesson, enrolment.lessons) == (
        {"the-list": 2},
        "the-list",
        {"the-list": LessonState.BEGUN},
    )
    assert len(db.session.scalars(select(Entry.id)).all()) == before


def test_unknown_lesson_is_not_found_and_begins_nothing(outline: Outline, person: UUID) -> None:
    with pytest.raises(NoResultFound):
        _do(lesson_reading.finish, person, outline, "nothing")
    assert progress.enrolment_summary(person, outline.course_id) is None


def test_only_a_lesson_with_a_warning_can_be_skipped(outline: Outline, person: UUID) -> None:
    _do(lesson_progress.skip_lesson, person, outline, "the-quay")
    assert progress.enrolment_summary(person, outline.course_id).lessons == {"the-quay": LessonState.SKIPPED}
    with pytest.raises(IllegalMoveError):
        _do(lesson_progress.skip_lesson, person, outline, "the-list")


def test_next_step_leads_from_lessons_to_case_to_test(outline: Outline, person: UUID) -> None:
    def following() -> domain.NextStep:
        stands = progress.course_status(person, outline)
        return domain.next_step(stands.asks, stands.standing)

    assert following() == NextLesson("the-list")
    _finish_lessons(person, outline)
    assert following() == NextCase("scenario")
    _play_case(person, outline)
    assert following() == Test()


@pytest.mark.each_database
def test_last_part_completes_the_course_and_notifies_once(outline: Outline, person: UUID) -> None:
    _finish_lessons(person, outline)
    _play_case(person, outline)
    assert _state(person, outline) is EnrolmentState.BEGUN
    _pass_test(person, outline)
    assert _state(person, outline) is EnrolmentState.COMPLETED
    assert [notice.kind for notice in messages.notices(person, 1)] == [NoticeKind.COURSE_COMPLETED]
    _do(lesson_reading.finish, person, outline, "the-list")
    assert messages.unread(person) == 1


def test_the_order_of_the_parts_does_not_matter(outline: Outline, person: UUID) -> None:
    _do(lesson_progress.begin, person, outline)
    _pass_test(person, outline)
    _play_case(person, outline)
    _finish_lessons(person, outline)
    assert _state(person, outline) is EnrolmentState.COMPLETED


def _publish_next(kind: VersionKind) -> None:
    people = (factories.person(), factories.person())
    with transaction():
        catalogue.store_draft(course.ready(minutes=9)[0], clock.now())
        catalogue.publish(
            course.CODE, kind=kind, message="Next.", first_id=people[0], second_id=people[1], now=clock.now()
        )


def test_reader_stays_on_begun_version_until_the_new_one_is_taken(outline: Outline, person: UUID) -> None:
    _do(lesson_reading.finish, person, outline, "the-list")
    _publish_next(VersionKind.SUBSTANTIVE)
    from app.access.policy import Actor, Role
    from app.catalogue.queries import courses

    today = courses.visible(Actor(person, "IQ", frozenset({Role.PRACTITIONER})), course.SLUG)
    assert progress.course_status(person, today).outline.number == 1
    _do(lesson_progress.take_version, person, today)
    stands = progress.course_status(person, today)
    assert (stands.outline.number, stands.enrolment.lessons) == (2, {"the-list": LessonState.DONE})


@pytest.mark.each_database
def test_new_course_notifies_people_of_its_roles(context: Flask) -> None:
    meant, other = factories.person(roles=("first_responder",)), factories.person(roles=("prosecutor",))
    course.publish()
    assert [notice.kind for notice in messages.notices(meant, 1)] == [NoticeKind.COURSE_PUBLISHED]
    assert messages.notices(other, 1) == []


def test_new_version_notifies_only_people_under_way(outline: Outline, person: UUID) -> None:
    other = factories.person()
    _do(lesson_progress.begin, person, outline)
    _publish_next(VersionKind.EDITORIAL)
    assert [notice.kind for notice in messages.notices(person, 1)] == [NoticeKind.VERSION_OFFERED]
    assert messages.notices(other, 1) == []


@pytest.mark.each_database
def test_urgent_version_replaces_the_text_for_all_readers(outline: Outline, person: UUID) -> None:
    _do(lesson_progress.begin, person, outline)
    _publish_next(VersionKind.URGENT)
    assert progress.enrolment_summary(person, outline.course_id).version_id != outline.version_id


@pytest.mark.each_database
def test_courses_begun_and_not_finished_are_counted_by_person(outline: Outline, person: UUID) -> None:
    other = factories.person()
    _do(lesson_progress.begin, person, outline)
    assert progress.open_courses([person, other]) == {person: 1}


def test_most_recent_course_is_first(outline: Outline, person: UUID) -> None:
    _do(lesson_progress.begin, person, outline)
    first = progress.begun(person)[0].enrolment.last_at
    clock.move(lambda: timedelta(days=200))
    _do(lesson_progress.save_place, person, outline, "the-quay", element=1)
    assert progress.begun(person)[0].enrolment.last_at > first
