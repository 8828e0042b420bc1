"""Courses suggested to an officer: open until they are begun, done, set aside or taken back."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.access.policy import Actor, Role
from app.audit.models import Entry
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.directory.service import erasure
from app.kernel import clock
from app.kernel.errors import IllegalMoveError
from app.learning import domain
from app.learning.domain import LIVE, Suggester, SuggestionState, SuggestionStep
from app.learning.models import CourseSuggestion
from app.learning.queries import suggestions as learning_suggestions
from app.learning.service import lesson_progress, suggestions
from app.learning.service.suggestions import NewSuggestion
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.messages.queries import NoticeLine
from app.messages.service import outbox as tell
from tests.support import courses as course, factories, lesson_reading, plans
from tests.support.settings import NOW

OPEN, BEGUN, DONE, SET_ASIDE, TAKEN_BACK = SuggestionState


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


@pytest.fixture
def officer(context: Flask) -> UUID:
    return factories.person()


@pytest.fixture
def boss(context: Flask) -> UUID:
    return factories.person(roles=())


def new(officer: UUID, boss: UUID, reason: str = "", due_on: date | None = None) -> NewSuggestion:
    return NewSuggestion(
        person_id=officer, country="IQ", suggested_by=boss, suggested_as=Suggester.CONTACT_POINT, reason=reason,
        due_on=due_on,
    )  # fmt: skip


def suggest(officer: UUID, boss: UUID, outline: Outline, reason: str = "", due_on: date | None = None) -> bool:
    with transaction():
        return suggestions.suggest(new(officer, boss, reason, due_on), outline, clock.now())


def states(officer: UUID) -> list[SuggestionState]:
    db.session.rollback()
    return [line.state for line in learning_suggestions.lines(officer, "IQ")]


def told(name: str) -> list[str]:
    return list(db.session.scalars(select(Entry.facts).where(Entry.name == name).order_by(Entry.id)))


def notices(officer: UUID) -> list[NoticeLine]:
    return [one for one in messages.notices(officer, 1) if one.kind is NoticeKind.COURSE_SUGGESTED]


def last(officer: UUID) -> UUID:
    return learning_suggestions.lines(officer, "IQ")[0].id


@pytest.mark.each_database
def test_suggestion_is_stored_and_notified(officer: UUID, boss: UUID, outline: Outline) -> None:
    assert suggest(officer, boss, outline, "For the autumn", date(2027, 4, 1))
    outlines, [line] = learning_suggestions.offered(Actor(officer, "IQ", frozenset({Role.PRACTITIONER})))
    assert [one.course_id for one in outlines] == [outline.course_id]
    assert (line.course_id, line.reason, line.due_on, line.state) == (
        outline.course_id, "For the autumn", date(2027, 4, 1), OPEN,
    )  # fmt: skip
    [notice] = notices(officer)
    assert (notice.path, dict(notice.facts)) == (f"/courses/{course.SLUG}", {"course": course.CODE})
    [facts] = told("CourseSuggested")
    assert "autumn" not in facts
    assert learning_suggestions.counts([officer, boss], NOW.date()) == {officer: 1}


def test_repeated_suggestion_is_not_stored_again(officer: UUID, boss: UUID, outline: Outline) -> None:
    assert [suggest(officer, boss, outline) for _press in range(2)] == [True, False]
    assert len(states(officer)) == len(told("CourseSuggested")) == len(notices(officer)) == 1


@pytest.mark.each_database
def test_concurrent_suggestions_store_one(app: Flask) -> None:
    with app.app_context():
        outline, officer, boss = course.publish().outline, factories.person(), factories.person(roles=())
        db.session.remove()
    together, said = Barrier(2), list[bool]()

    def press() -> None:
        with app.app_context():
            together.wait()
            said.append(suggest(officer, boss, outline))
            db.session.remove()

    threads = [Thread(target=press) for _one in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == [False, True]
    with app.app_context():
        assert states(officer) == [OPEN]


@pytest.mark.each_database
@pytest.mark.parametrize("first", ["begin", "suggest"])
def test_suggestion_of_a_course_begun_concurrently_is_begun(app: Flask, first: str) -> None:
    with app.app_context():
        outline, officer, boss = course.publish().outline, factories.person(), factories.person(roles=())
        db.session.remove()
    deeds: dict[str, Callable[[], object]] = {
        "begin": lambda: lesson_progress.begin(officer, outline, clock.now()),
        "suggest": lambda: suggestions.suggest(new(officer, boss), outline, clock.now()),
    }

    def second() -> None:
        with app.app_context():
            with transaction():
                deeds[({*deeds} - {first}).pop()]()
            db.session.remove()

    thread = Thread(target=second)
    with app.app_context():
        with transaction():
            deeds[first]()
            thread.start()
            thread.join(0.5)  # it waits for this one
            assert thread.is_alive()
        thread.join()
        assert states(officer) == [BEGUN]


@pytest.mark.each_database
def test_database_allows_one_live_suggestion(officer: UUID, boss: UUID, outline: Outline) -> None:
    def row(state: SuggestionState, by: UUID = boss) -> CourseSuggestion:
        return CourseSuggestion(
            person_id=officer, course_id=outline.course_id, country="IQ", suggested_by=by,
            suggested_as=Suggester.SUPERVISOR, suggested_at=clock.now(), state=state,
            changed_at=None if state is OPEN else clock.now(),
        )  # fmt: skip

    def kept(*rows: CourseSuggestion) -> bool:
        try:
            with transaction():
                db.session.execute(delete(CourseSuggestion))
                db.session.add_all(rows)
        except IntegrityError:
            db.session.rollback()
            return False
        return True

    assert not kept(row(OPEN), row(OPEN))
    assert not kept(row(OPEN), row(BEGUN))
    assert kept(row(OPEN), row(DONE), row(SET_ASIDE), row(SET_ASIDE), row(TAKEN_BACK))
    assert not kept(row(OPEN, by=officer))  # a suggestion to oneself is refused


def test_suggestion_follows_begin_and_completion_of_the_course(officer: UUID, boss: UUID, outline: Outline) -> None:
    suggest(officer, boss, outline)
    with transaction():
        lesson_progress.begin(officer, outline, clock.now())
    assert states(officer) == [BEGUN]
    assert learning_suggestions.offered(Actor(officer, "IQ", frozenset({Role.PRACTITIONER})))[1] == []
    assert not suggest(officer, boss, outline)
    db.session.rollback()
    plans.complete(officer, outline, clock.now())
    assert states(officer) == [DONE]
    assert not suggest(officer, boss, outline)  # nothing that is done is suggested
    assert len(told("SuggestionChanged")) == 2


def test_finishing_a_lesson_begins_the_suggestion(officer: UUID, boss: UUID, outline: Outline) -> None:
    suggest(officer, boss, outline)
    with transaction():
        lesson_reading.finish(officer, outline, "the-list", clock.now())
    assert states(officer) == [BEGUN]


def test_suggestion_of_a_begun_course_is_begun(officer: UUID, boss: UUID, outline: Outline) -> None:
    with transaction():
        lesson_progress.begin(officer, outline, clock.now())
    assert [suggest(officer, boss, outline) for _press in range(2)] == [True, False]
    assert states(officer) == [BEGUN]
    assert learning_suggestions.counts([officer], NOW.date()) == {}


@pytest.mark.each_database
def test_suggestion_is_set_aside_once_and_can_be_repeated(officer: UUID, boss: UUID, outline: Outline) -> None:
    suggest(officer, boss, outline)
    found = last(officer)
    db.session.rollback()
    for expected in (True, False):
        with transaction():
            assert suggestions.set_aside(found, clock.now()) is expected
    assert states(officer) == [SET_ASIDE]
    with transaction():
        assert not suggestions.take_back(found, clock.now())
    with transaction():
        lesson_progress.begin(officer, outline, clock.now())  # what is set aside may be begun all the same
    assert states(officer) == [SET_ASIDE]
    assert suggest(officer, boss, outline)


def test_open_and_begun_suggestions_can_be_withdrawn(officer: UUID, boss: UUID, outline: Outline) -> None:
    suggest(officer, boss, outline)
    found = last(officer)
    db.session.rollback()
    with transaction():
        assert suggestions.take_back(found, clock.now())
    with transaction():
        lesson_progress.begin(officer, outline, clock.now())
    assert suggest(officer, boss, outline)
    again = last(officer)
    db.session.rollback()
    for expected in (True, False):
        with transaction():
            assert suggestions.take_back(again, clock.now()) is expected
    assert states(officer) == [TAKEN_BACK, TAKEN_BACK]


@pytest.mark.parametrize("read", [True, False])
def test_withdrawn_suggestion_leaves_no_notice(officer: UUID, boss: UUID, outline: Outline, *, read: bool) -> None:
    other = factories.person()
    for one in (officer, other):
        suggest(one, boss, outline)
    found, mine, theirs = last(officer), messages.unread(officer), messages.unread(other)
    db.session.rollback()
    with transaction():
        if read:
            tell.mark_all_read(officer, clock.now())
        suggestions.take_back(found, clock.now())
    assert (notices(officer), messages.unread(officer)) == ([], 0 if read else mine - 1)
    assert (len(notices(other)), messages.unread(other)) == (1, theirs)
    assert suggest(officer, boss, outline)
    assert len(notices(officer)) == 1


@pytest.mark.each_database
def test_page_shows_the_newest_hundred_suggestions(officer: UUID, boss: UUID, outline: Outline) -> None:
    fields = {"person_id": officer, "course_id": outline.course_id, "country": "IQ", "suggested_by": boss}
    with transaction():
        for minute in range(120):
            at = clock.now() - timedelta(minutes=minute)
            row = CourseSuggestion(
                **fields, suggested_as=Suggester.SUPERVISOR, state=TAKEN_BACK, suggested_at=at, changed_at=at
            )
            db.session.add(row)
    suggest(officer, boss, outline)
    shown = states(officer)
    assert (len(shown), shown.count(OPEN)) == (100, 1)


def test_suggestion_is_found_by_its_officer_only(officer: UUID, boss: UUID, outline: Outline) -> None:
    suggest(officer, boss, outline)
    found = last(officer)
    assert learning_suggestions.own(Actor(officer, "IQ", frozenset()), found).id == found
    for actor, key in ((boss, found), (officer, uuid4())):
        with pytest.raises(NoResultFound):
            learning_suggestions.own(Actor(actor, "IQ", frozenset()), key)
    assert learning_suggestions.lines(officer, "BG") == []


def test_erasure_deletes_suggestions_to_the_officer(officer: UUID, boss: UUID, outline: Outline) -> None:
    other = factories.person()
    for one in (officer, other):
        suggest(one, boss, outline, "A reason about the officer")
    with transaction():
        erasure.erase_account(officer, clock.now())
    assert (states(officer), states(other)) == ([], [OPEN])
    assert (len(notices(officer)), len(notices(other))) == (0, 1)
    with transaction():
        erasure.erase_account(boss, clock.now())
    assert states(other) == [OPEN]
    assert db.session.scalar(select(func.count()).select_from(CourseSuggestion)) == 1


@given(st.lists(st.sampled_from(list(SuggestionStep)), max_size=6))
def test_answer_to_a_suggestion_is_final(steps: Sequence[SuggestionStep]) -> None:
    state = OPEN
    for step in steps:
        before = state
        try:
            state = domain.after_suggestion(state, step)
        except IllegalMoveError:
            continue
        assert before in LIVE
        assert state is not OPEN
