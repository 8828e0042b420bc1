from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.audit.models import Entry
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import InputError
from app.learning.service import lesson_progress as learning
from app.quizzes import jobs, queries
from app.quizzes.domain.answers import ChosenOption
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer, QuestionMark
from app.quizzes.service import attempts, retention, store
from app.quizzes.service.attempts import Started
from tests.support import course_attempts, courses as course, factories, plan_periods as plans, sites
from tests.support.settings import NOW

DAY = timedelta(days=1)
STARTS, ENDS = date(2022, 1, 1), date(2025, 2, 28)  # over for 24 months on the day of NOW, and not a day before
THEN = datetime(2024, 6, 3, 15, tzinfo=UTC)
LAST = datetime.combine(ENDS, time.max, UTC)


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


@pytest.fixture
def person(context: Flask) -> UUID:
    return factories.person()


def _rows(attempt: UUID) -> tuple[str, int, object, int, int]:
    """Return paper, seed and deadline of an attempt, and how many saves and marks it has."""
    found = db.session.scalars(select(Attempt).where(Attempt.public_id == attempt)).one()
    counts = [
        db.session.scalar(select(func.count()).select_from(model).where(model.attempt_id == found.id)) or 0
        for model in (AnswerSave, QuestionMark)
    ]
    told = (found.paper, found.seed, found.deadline_at, counts[0], counts[1])
    db.session.rollback()
    return told


def _is_whole(attempt: UUID) -> bool:
    paper, seed, _deadline, saves, marks = _rows(attempt)
    assert (paper != "[]", seed != 0, saves == 4, marks == 4) in {(True,) * 4, (False,) * 4}
    return saves == 4


def _trail(*names: str) -> list[tuple[str, object, object, dict[str, Any]]]:
    entries = db.session.scalars(select(Entry).where(Entry.name.in_(names)).order_by(Entry.id)).all()
    db.session.rollback()
    return [(one.name, one.actor_id, one.person_id, msgspec.json.decode(one.facts)) for one in entries]


def _practise(person: UUID, outline: Outline, press: str, at: datetime) -> None:
    item = course_attempts.queries.catalogue.bank(outline.version_id, "en")[course.CHECK].item
    with transaction():
        attempts.practise(
            person_id=person, course_id=outline.course_id, item=item, answer=ChosenOption(0), press=press, now=at
        )


def _practised() -> list[str]:
    found = list(db.session.scalars(select(PracticeAnswer.press).order_by(PracticeAnswer.id)))
    db.session.rollback()
    return found


def _lines(person: UUID) -> tuple[Any, ...]:
    found, stands = queries.attempts_of(person), queries.statuses_of_tests(person)
    told = found, stands, queries.after_tests([person]), queries.days([person])
    db.session.rollback()
    return told


@pytest.mark.each_database
def test_old_attempts_are_reduced_to_their_results(context: Flask) -> None:
    outline, person = course.publish(minutes=10).outline, factories.person()
    plans.load(STARTS, ENDS)
    missed = course_attempts.sit(person, outline, at=THEN, right=False)
    passed = course_attempts.sit(person, outline, at=THEN + 2 * DAY)
    again = course_attempts.sit(person, outline, Purpose.RETENTION, at=LAST)
    kept = course_attempts.sit(factories.person(), outline, at=LAST + timedelta(microseconds=1))
    before, number = _lines(person), _rows(passed)[3]
    assert number == 4
    assert jobs.reduce_old() == 3
    after = _lines(person)
    assert after[1:] == before[1:]
    # with a limit of time the beginning is kept by its day alone
    begun = [THEN.replace(hour=0) + days * DAY for days in (2, 0)]
    assert [line.started_at for line in after[0] if line.purpose is Purpose.TEST] == begun
    assert [replace(line, started_at=NOW) for line in after[0]] == [replace(line, started_at=NOW) for line in before[0]]
    assert after[0][0] == before[0][0]  # without one it tells nothing
    assert {_rows(one) for one in (missed, passed, again)} == {("[]", 0, None, 0, 0)}
    assert _is_whole(kept)
    assert _rows(kept)[2] is not None
    assert _trail("AttemptsReduced") == [("AttemptsReduced", None, None, {"attempts": 3, "saves": 6})]


@pytest.mark.each_database
def test_reduced_attempt_reveals_no_extra_time(context: Flask) -> None:
    outline = course.publish(minutes=10).outline
    plans.load(STARTS, ENDS)
    for extra in (0, 50):
        person_id = factories.person()
        with transaction():
            begun = attempts.start(
                person_id=person_id, outline=outline, language="en", purpose=Purpose.TEST, extra_time=extra, now=THEN
            )
            assert isinstance(begun, Started)
        with transaction():
            assert attempts.end_by_time(begun.public_id, THEN + timedelta(hours=1))
    rows = select(Attempt.started_at, Attempt.ended_at, Attempt.deadline_at)
    assert len({ended - begun for begun, ended, _deadline in db.session.execute(rows) if ended}) == 2
    assert jobs.reduce_old() == 2
    for begun_at, ended_at, deadline_at in db.session.execute(rows):
        assert (begun_at, deadline_at) == (THEN.replace(hour=0), None)
        assert ended_at is not None
        assert begun_at <= ended_at


def test_second_run_of_retention_changes_nothing(outline: Outline, person: UUID) -> None:
    plans.load(STARTS, ENDS)
    course_attempts.sit(person, outline, at=THEN)
    _practise(person, outline, "one", THEN)
    runs = [(jobs.reduce_old(), jobs.delete_practice()) for _ in range(2)]
    assert runs == [(1, 1), (0, 0)]
    assert len(_trail("AttemptsReduced", "PracticeForgotten")) == 2


def _begin(person: UUID, outline: Outline, at: datetime) -> UUID:
    """Begin a test, answer its first question and leave it open."""
    begun = course_attempts.start(person, outline, Purpose.TEST, at=at)
    assert isinstance(begun, Started)
    _answer(begun.public_id, 1, at)
    return begun.public_id


def _answer(attempt: UUID, question: int, at: datetime) -> None:
    with transaction():
        attempts.save(attempt, [Save(question, 1, None, None, True)], arrived_at=at, now=at)


@pytest.mark.each_database
def test_open_attempt_keeps_its_paper_and_loses_old_answers(outline: Outline, person: UUID) -> None:
    plans.load(STARTS, ENDS)
    old, newer = _begin(person, outline, THEN), _begin(factories.person(), outline, NOW)
    found, before = queries.lock(old), _rows(old)
    with transaction():
        assert retention.reduce([found.row_id], NOW) == 0
    assert (jobs.reduce_old(), jobs.reduce_old()) == (1, 0)
    assert _rows(old) == (*before[:3], 0, 0)
    assert _rows(newer)[3] == 1
    assert _trail("AttemptsReduced") == [("AttemptsReduced", None, None, {"attempts": 1, "saves": 1})]
    _answer(old, 2, NOW)  # a person who goes on answers again, and that answer stays
    assert jobs.reduce_old() == 0
    assert _rows(old)[3] == 1


def test_open_attempt_with_deadline_is_handed_in_with_answers(context: Flask) -> None:
    outline, person = course.publish(minutes=10).outline, factories.person()
    plans.load(STARTS, ENDS)
    begun = _begin(person, outline, THEN)
    assert jobs.reduce_old() == 0
    assert _rows(begun)[3] == 1


def test_old_open_attempt_can_be_answered_again(app: Flask) -> None:
    with app.app_context():
        outline, person = course.publish().outline, factories.person()
        plans.load(STARTS, ENDS)
        attempt = _begin(person, outline, THEN)
        assert jobs.reduce_old() == 1
        client = factories.sign_in(app, person)
    for page in ("1", "check", "state"):
        assert client.get(f"/attempts/{attempt}/{page}").status_code == 200
    assert client.get(f"/attempts/{attempt}/state").json["sequences"] == {}  # type: ignore[index]
    assert client.get(f"/courses/{course.SLUG}").status_code == 200
    assert sites.post(app, client, f"/attempts/{attempt}/hand-in").status_code == 302
    assert client.get(f"/attempts/{attempt}/result").status_code == 200


@pytest.mark.each_database
def test_open_attempts_are_processed_in_portions(outline: Outline, monkeypatch: pytest.MonkeyPatch) -> None:
    plans.load(STARTS, ENDS)
    made = [_begin(factories.person(), outline, THEN) for _ in range(5)]
    monkeypatch.setattr(jobs, "PORTION", 2)
    assert jobs.reduce_old() == 5
    assert {_rows(one)[3] for one in made} == {0}
    assert [facts["attempts"] for _name, _actor, _person, facts in _trail("AttemptsReduced")] == [2, 2, 1]


def _no_plan() -> None:
    pass


def _a_day_too_early() -> None:
    plans.load(STARTS, ENDS + DAY)


def _extended() -> None:
    plans.load(STARTS, ENDS)
    plans.load(STARTS, date(2026, 12, 31))


@pytest.mark.parametrize("loaded", [_no_plan, _a_day_too_early, _extended])
def test_nothing_goes_while_no_plan_is_over_for_24_months(
    outline: Outline, person: UUID, loaded: Callable[[], None]
) -> None:
    loaded()
    attempt = course_attempts.sit(person, outline, at=THEN)
    _practise(person, outline, "one", THEN)
    assert (jobs.reduce_old(), jobs.delete_practice()) == (0, 0)
    assert _is_whole(attempt)
    assert _practised() == ["one"]


@pytest.mark.each_database
def test_killed_run_leaves_whole_attempts_and_the_next_continues(
    outline: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.load(STARTS, ENDS)
    # some end at the same moment: the place to go on from must pass none over
    ends = [THEN, THEN, THEN, THEN + DAY, THEN + DAY]
    made = [course_attempts.sit(factories.person(), outline, at=at) for at in ends]
    monkeypatch.setattr(jobs, "PORTION", 2)
    gone, calls = store._gone, 0

    def dies(model: type[Any], which: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 4:  # in the second portion, its papers and marks gone, its saves not
            raise KeyboardInterrupt
        return gone(model, which)

    monkeypatch.setattr(store, "_gone", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.reduce_old()
    db.session.rollback()
    assert sorted(_is_whole(one) for one in made) == [False] * 2 + [True] * 3
    monkeypatch.setattr(store, "_gone", gone)
    assert jobs.reduce_old() == 3
    assert not any(_is_whole(one) for one in made)
    told = [facts["attempts"] for _name, _actor, _person, facts in _trail("AttemptsReduced")]
    assert sum(told) == 5
    assert max(told) == 2


@pytest.mark.each_database
def test_practice_goes_by_its_own_time_and_nothing_newer_with_it(
    outline: Outline, person: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.load(STARTS, ENDS)
    monkeypatch.setattr(jobs, "PORTION", 2)
    for press, at in [("a", THEN), ("b", NOW), ("c", LAST), ("d", NOW), ("e", NOW), ("f", NOW)]:
        _practise(person, outline, press, at)
    assert jobs.delete_practice() == 2
    assert _practised() == ["b", "d", "e", "f"]
    assert queries.latest_practice(person, outline.course_id, [course.CHECK])[course.CHECK].answered_at == NOW
    assert [facts for *_rest, facts in _trail("PracticeForgotten")] == [{"answers": 1}, {"answers": 1}]


def test_a_page_asks_practice_that_was_forgotten_as_if_for_the_first_time(app: Flask) -> None:
    with app.app_context():
        outline = course.publish().outline
        plans.load(STARTS, ENDS)
        person = factories.person()
        with transaction():
            learning.begin(person, outline, THEN)
        _practise(person, outline, "one", THEN)
        client = factories.sign_in(app, person)
    path = f"/courses/{course.SLUG}/lessons/the-list"
    told = "It keeps the list."
    assert told in client.get(path).text
    with app.app_context():
        assert jobs.delete_practice() == 1
    answer = client.get(path)
    assert answer.status_code == 200
    assert told not in answer.text


def test_the_next_paper_is_drawn_without_the_papers_that_are_gone(outline: Outline, person: UUID) -> None:
    plans.load(STARTS, ENDS)
    course_attempts.sit(person, outline, at=THEN, right=False)
    assert queries.recent_items(person, outline.course_id) == set(course.RIGHT)
    db.session.rollback()
    jobs.reduce_old()
    assert queries.recent_items(person, outline.course_id) == frozenset()
    db.session.rollback()
    begun = course_attempts.start(person, outline, Purpose.TEST, at=NOW)
    assert isinstance(begun, Started)
    found = queries.lock(begun.public_id)
    assert (found.number, {slip.item for slip in found.slips}) == (2, set(course.RIGHT))


def test_questions_after_a_test_are_asked_though_its_answers_are_gone(outline: Outline, person: UUID) -> None:
    plans.load(STARTS, ENDS)
    course_attempts.sit(person, outline, at=THEN)
    jobs.reduce_old()
    begun = course_attempts.start(person, outline, Purpose.RETENTION, at=NOW)
    assert isinstance(begun, Started)
    assert len(queries.lock(begun.public_id).slips) == 2


def test_save_after_reduction_is_rejected(outline: Outline, person: UUID) -> None:
    plans.load(STARTS, ENDS)
    attempt = course_attempts.sit(person, outline, at=THEN)
    jobs.reduce_old()
    with pytest.raises(InputError), transaction():
        attempts.save(attempt, [Save(1, 1 << 40, {"place": 0})], arrived_at=NOW, now=NOW)
    assert _rows(attempt) == ("[]", 0, None, 0, 0)


class Visit:
    """A signed-in person with an old attempt that was reduced to its result."""

    def __init__(self, app: Flask, *, right: bool = True) -> None:
        self.app = app
        with app.app_context():
            outline = course.publish().outline
            plans.load(STARTS, ENDS)
            person = factories.person()
            self.attempt = course_attempts.sit(person, outline, at=THEN, right=right)
            self.whole = self._result(factories.sign_in(app, person))
            assert jobs.reduce_old() == 1
            self.client = factories.sign_in(app, person)
        self.path = f"/attempts/{self.attempt}"

    def _result(self, client: FlaskClient) -> str:
        return client.get(f"/attempts/{self.attempt}/result").text


@pytest.mark.parametrize(("right", "heading", "share"), [(True, "Passed", 100), (False, "Not yet", 0)])
def test_result_page_says_that_only_the_result_is_stored(app: Flask, right: bool, heading: str, share: int) -> None:
    visit = Visit(app, right=right)
    answer = visit.client.get(f"{visit.path}/result")
    assert answer.status_code == 200
    assert f"<h1>{heading}</h1>" in answer.text
    assert f"Right: {share} % of the marks. Needed: 75 %." in answer.text
    assert "Only the result is stored. The answers were deleted 24 months after the plan ended." in answer.text
    for words in ("Each answer", "See each answer", "By outcome", "How sure you were"):
        assert words not in answer.text
    assert "Each answer" in visit.whole
    assert "Only the result" not in visit.whole
    assert ("Take the test again" in answer.text) is not right


@pytest.mark.parametrize("page", ["1", "4", "check"])
def test_pages_of_its_questions_lead_to_the_result(app: Flask, page: str) -> None:
    visit = Visit(app)
    assert visit.client.get(f"{visit.path}/{page}").location == f"{visit.path}/result"


def test_late_answer_gets_a_message_by_form_and_script(app: Flask) -> None:
    visit = Visit(app)
    answer = sites.post(app, visit.client, f"{visit.path}/1", {"choice": "0"})
    assert answer.location == f"{visit.path}/result"
    assert "This answer came too late" in visit.client.get(answer.location).text
    saves = {"saves": [{"question": 1, "sequence": 1 << 40, "body": {"place": 0}}]}
    assert sites.post_json(app, visit.client, f"{visit.path}/saves", saves).status_code == 400
    state = visit.client.get(f"{visit.path}/state").get_json()
    assert (state["ended"], state["sequences"], state["seconds_left"]) == (True, {}, None)
    assert sites.post(app, visit.client, f"{visit.path}/hand-in").location == f"{visit.path}/result"
    with app.app_context():
        assert _rows(visit.attempt) == ("[]", 0, None, 0, 0)


@pytest.mark.parametrize("page", ["", "/test", "/later"])
def test_pages_of_the_course_stand(app: Flask, page: str) -> None:
    visit = Visit(app)
    answer = visit.client.get(f"/courses/{course.SLUG}{page}")
    assert answer.status_code == 200
    if page == "/test":
        assert f"{visit.path}/result" in answer.text
    assert visit.client.get("/record").status_code == 200
    assert visit.client.get("/").status_code == 200


def test_schedule_reduces_old_attempts(outline: Outline, person: UUID) -> None:
    plans.load(date(2027, 1, 1), date(2029, 12, 31))
    attempt = course_attempts.sit(person, outline, at=NOW)
    plans.move_to(plans.before(plans.GONE))
    assert jobs.reduce_old() == 0
    plans.move_to(plans.GONE)
    assert clock.today() == plans.GONE
    assert jobs.reduce_old() == 1
    assert not _is_whole(attempt)
