"""Sittings of an agency whose officers met too many of the questions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.checks.domain.sittings import Way
from app.checks.models import SittingTask
from app.checks.queries import pools, resting
from app.checks.queries.pools import Pool
from app.checks.service.sittings import CheckAim
from app.db.session import db, transaction
from app.identity.models import Posting
from app.kernel import clock
from app.kernel.errors import DomainError
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import Attempt, QuestionMark
from app.quizzes.queries import watched
from tests.support import factories, sitting_scene, watched_course
from tests.support.sitting_scene import Scene, scene
from tests.support.sql_statements import statements

QUESTIONS = CheckAim(competency=watched_course.COMPETENCY, level=Level.FOUNDATION, way=Way.QUESTIONS)
MONTH = timedelta(days=30)


def the_pool() -> Pool:
    pool = pools.pool(watched_course.COMPETENCY, Level.FOUNDATION)
    assert pool is not None
    return pool


def agency_of(person_id: UUID) -> UUID:
    return db.session.scalars(select(Posting.agency_id).where(Posting.person_id == person_id)).one()


def join_agency(person_id: UUID, people: Sequence[UUID]) -> UUID:
    """Let people serve in the agency of a person; return it."""
    agency_id = agency_of(person_id)
    with transaction():
        for posting in db.session.scalars(select(Posting).where(Posting.person_id.in_(people))):
            posting.agency_id = agency_id
    return agency_id


def show(person_id: UUID, items: Sequence[str], at: datetime, number: int = 1) -> None:
    """Add an ended watched attempt of a person with these items."""
    pool = the_pool()
    with transaction():
        attempt = Attempt(
            public_id=uuid4(), person_id=person_id, course_id=pool.course_id, version_id=pool.version_id,
            purpose=Purpose.WATCHED, number=number, language="en", seed=1, paper="[]", pass_mark=0.6,
            state=AttemptState.HANDED_IN, started_at=at, ended_at=at, share=0.0, passed=False,
        )  # fmt: skip
        db.session.add(attempt)
        db.session.flush()
        for place, item in enumerate(items, 1):
            db.session.add(
                QuestionMark(
                    attempt_id=attempt.id, question=place, item=item, revision=1, competency="PRT-01", share=0.0
                )
            )


@pytest.mark.each_database
def test_drawn_questions_are_none_that_rest_in_the_agency(app: Flask) -> None:
    made = scene(app, opened=False)
    with app.app_context():
        officer, colleague = made.officers
        join_agency(officer, [colleague])
        rested = the_pool().items[:36]
        show(colleague, rested, clock.now() - MONTH)
        sitting_scene.open_it(made.sitting_id, made.invigilator)
        attempt = sitting_scene.at_work(made, officer)
        drawn = {line.item.id for line in watched.answers_of(attempt)}
        assert len(drawn) == 12
        assert not drawn & set(rested)


def test_questions_rest_in_their_own_agency_only(app: Flask) -> None:
    made = scene(app, opened=False)
    with app.app_context():
        officer, stranger = made.officers
        items = the_pool().items[:36]
        show(stranger, items, clock.now() - MONTH)
        agencies = (agency_of(officer), agency_of(stranger))
        assert resting.resting_items(the_pool().course_id, agencies, clock.now()) == {agencies[1]: set(items)}
        assert resting.count_left(the_pool(), agencies, clock.now()) == 24
        assert resting.count_left(the_pool(), agencies, clock.now() + timedelta(days=365)) == 60


def test_fifth_of_the_officers_is_the_limit(app: Flask) -> None:
    made = scene(app, officers=5, opened=False)
    with app.app_context():
        agency_id = join_agency(made.officers[0], made.officers)
        show(made.officers[0], ["T10-Q100"], clock.now() - MONTH)
        assert resting.resting_items(the_pool().course_id, [agency_id], clock.now()) == {agency_id: set()}
        show(made.officers[1], ["T10-Q100"], clock.now() - MONTH)
        assert resting.resting_items(the_pool().course_id, [agency_id], clock.now()) == {agency_id: {"T10-Q100"}}


def let_rest(made: Scene, count: int) -> None:
    """Let so many questions rest in the agency of the officers."""
    join_agency(made.officers[0], made.officers[1:])
    show(made.officers[1], the_pool().items[:count], clock.now() - MONTH)


def test_sitting_has_desk_tasks_only_if_too_few_questions_are_left(app: Flask) -> None:
    made = scene(app, opened=False)
    with app.app_context():
        let_rest(made, 37)
        sitting_id = sitting_scene.plan(made.officers[:1], by=made.invigilator)
        [task] = sitting_scene.details(sitting_id).tasks
        assert (task.way, task.task) == (Way.DESK_TASK, watched_course.TASK)
        with pytest.raises(DomainError, match="too few questions"):
            sitting_scene.plan(made.officers[:1], [QUESTIONS], by=made.invigilator)
        db.session.remove()
    page = factories.sign_in(app, made.invigilator).get(f"/sittings/{sitting_id}").text
    assert "PRT-01: desk tasks only. 23 of 60 questions are left, because over 20 % of" in page


def test_planned_questions_become_a_desk_task_when_too_few_are_left_at_the_opening(app: Flask) -> None:
    made = scene(app, opened=False)
    with app.app_context():
        let_rest(made, 37)
        assert sitting_scene.details(made.sitting_id).tasks[0].way is Way.QUESTIONS
        sitting_scene.open_it(made.sitting_id, made.invigilator)
        [task] = sitting_scene.details(made.sitting_id).tasks
        assert (task.way, task.task, task.minutes) == (Way.DESK_TASK, watched_course.TASK, 20)
        attempt = sitting_scene.at_work(made, made.officers[0])
        assert [line.item.id for line in watched.answers_of(attempt)] == [watched_course.TASK_ITEM]


def test_sitting_with_24_questions_left_keeps_them(app: Flask) -> None:
    made = scene(app, opened=False)
    with app.app_context():
        let_rest(made, 36)
        sitting_scene.open_it(made.sitting_id, made.invigilator)
        assert db.session.scalars(select(SittingTask.way).where(SittingTask.sitting_id == made.sitting_id)).all() == [
            Way.QUESTIONS
        ]


def test_questions_of_a_sitting_do_not_rest_before_its_end(app: Flask) -> None:
    made = scene(app, officers=3)
    with app.app_context():
        join_agency(made.officers[0], made.officers)
        for person_id in made.officers:
            sitting_scene.hand_in(sitting_scene.at_work(made, person_id, f"phone of {person_id}"))
        opened_at = sitting_scene.details(made.sitting_id).opened_at
        assert opened_at is not None
        agency_id = agency_of(made.officers[0])
        assert resting.count_left(the_pool(), [agency_id], opened_at) == 60
        assert resting.count_left(the_pool(), [agency_id], clock.now()) <= 48


def test_resting_takes_as_many_statements_for_many_agencies_and_showings(app: Flask) -> None:
    made = scene(app, officers=6, opened=False)
    with app.app_context():
        show(made.officers[0], the_pool().items, clock.now() - MONTH)

        def asked(people: Sequence[UUID]) -> int:
            agency_ids = [agency_of(person_id) for person_id in people]
            pool = the_pool()
            with statements() as told:
                resting.resting_items(pool.course_id, agency_ids, clock.now())
            return len(told)

        few = asked(made.officers[:1])
        for person_id in made.officers[1:]:
            show(person_id, the_pool().items, clock.now() - MONTH)
        assert asked(made.officers) == few == 2
