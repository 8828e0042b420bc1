import json
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role
from app.audit.models import Entry
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import IllegalMoveError
from app.scenarios import queries, service
from app.scenarios.service import AlreadyDecided, ChoiceTaken
from tests.support import courses as course, factories


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


def _start(person: UUID, outline: Outline) -> UUID:
    with transaction():
        return service.start(
            person_id=person,
            course_id=outline.course_id,
            version_id=outline.version_id,
            name="scenario",
            language="en",
            now=clock.now(),
        )


def _choose(walk: UUID, step: int, move: int) -> ChoiceTaken | AlreadyDecided:
    with transaction():
        return service.choose(walk, step=step, move=move, now=clock.now())


def _seen(person: UUID, walk: UUID) -> queries.PlaythroughView:
    return queries.visible(Actor(person, "IQ", frozenset({Role.PRACTITIONER})), walk)


def test_case_is_not_visible_without_access_to_its_course(outline: Outline) -> None:
    person = factories.person()
    walk = _start(person, outline)
    with transaction():
        db.session.execute(text("UPDATE course SET sensitivity = 'law_enforcement_only'"))
    assert _seen(person, walk).id == walk
    with pytest.raises(NoResultFound):
        queries.visible(Actor(person, "IQ", frozenset()), walk)


@pytest.mark.each_database
def test_starting_twice_gives_one_playthrough_until_it_is_finished(outline: Outline) -> None:
    person = factories.person()
    walk = _start(person, outline)
    assert _start(person, outline) == walk
    _choose(walk, 1, 0)
    assert _start(person, outline) != walk


def test_path_is_stored_and_scored_at_the_end(outline: Outline) -> None:
    person = factories.person()
    walk = _start(person, outline)
    assert _choose(walk, 1, 1) == ChoiceTaken(finished=False)
    assert _choose(walk, 2, 0) == ChoiceTaken(finished=True)
    seen = _seen(person, walk)
    assert (seen.choices, seen.misses, seen.false_alarms) == ((1, 0), 1, 0)
    assert 0 < seen.score < 1
    assert seen.finished_at is not None


@pytest.mark.each_database
def test_a_decision_is_taken_once(outline: Outline) -> None:
    person = factories.person()
    walk = _start(person, outline)
    _choose(walk, 1, 1)
    assert _choose(walk, 1, 0) == AlreadyDecided()
    _choose(walk, 2, 0)
    assert _choose(walk, 3, 0) == AlreadyDecided()
    assert _seen(person, walk).choices == (1, 0)


def test_a_move_that_is_not_there_is_refused_and_changes_nothing(outline: Outline) -> None:
    person = factories.person()
    walk = _start(person, outline)
    with pytest.raises(IllegalMoveError):
        _choose(walk, 1, 9)
    assert _seen(person, walk).choices == ()


def test_every_choice_is_in_the_trail(outline: Outline) -> None:
    walk = _start(factories.person(), outline)
    _choose(walk, 1, 0)
    names = [name for name in db.session.scalars(select(Entry.name).order_by(Entry.id)) if name.startswith("Case")]
    assert names == ["CaseStarted", "CaseChoiceMade", "CaseFinished"]


def test_the_end_of_a_case_tells_its_pass_mark(outline: Outline) -> None:
    walk = _start(factories.person(), outline)
    _choose(walk, 1, 0)
    [facts] = db.session.scalars(select(Entry.facts).where(Entry.name == "CaseFinished"))
    assert json.loads(facts)["mark"] == 0.62


@pytest.mark.each_database
def test_best_finished_playthrough_counts(outline: Outline) -> None:
    person = factories.person()
    _choose(_start(person, outline), 1, 0)
    worse = _start(person, outline)
    _choose(worse, 1, 1)
    found = queries.case_statuses(person)[outline.course_id, "scenario"]
    assert (found.best, found.open_id) == (1.0, worse)
