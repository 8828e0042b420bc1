import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.db.session import db
from tests.soak import learners
from tests.soak.ground import Ground
from tests.soak.learners import AWAY, Learner
from tests.support import courses as course
from tests.support.factories import PASSWORD
from tests.support.forked_commands import ForkedServer
from tests.support.http_client import Answer, Visit
from tests.support.relay import relay

AT_ONCE = 20
LEARNERS = 4
SAVES = 15
BAD = 0.25

pytestmark = pytest.mark.soak


def at_once(visit: Visit, path: str, fields: dict[str, str] | None = None, json: object = None) -> list[Answer]:
    """Send one request twenty times in parallel, as the same reader."""
    ready = threading.Barrier(AT_ONCE)

    def send(_number: int) -> Answer:
        twin = Visit(visit.port)
        twin.cookies, twin.token = dict(visit.cookies), visit.token
        ready.wait()
        answer = twin.post(path, fields) if json is None else twin.post_json(path, json)
        twin.close()
        return answer

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(send, range(AT_ONCE)))


def added(ground: Ground, table: str, condition: str = "1 = 1") -> Callable[[], int]:
    """Return a function that tells how many rows were added since: tests share the site."""
    query = text(f"SELECT count(*) FROM {table} WHERE {condition}")

    def rows() -> int:
        with ground.app.app_context(), db.engine.connect() as connection:
            number: int = connection.execute(query).scalar_one()
            return number

    before = rows()
    return lambda: rows() - before


def test_twenty_parallel_repeats_have_one_effect(shared_ground: Ground, shared_server: ForkedServer) -> None:
    learner = learners.settle(shared_ground, 1, shared_server.port)[0]
    visit, attempt = learner.visit, learner.attempt
    saves, first_saves = added(shared_ground, "answer_save"), added(shared_ground, "answer_save", "question = 1")
    marks, ends = added(shared_ground, "question_mark"), added(shared_ground, "audit_entry", "name = 'AttemptEnded'")
    practised = added(shared_ground, "practice_answer")
    save = next(learner.saves())
    saved = at_once(visit, f"/attempts/{attempt}/saves", json={"saves": [save]})
    assert {answer.status for answer in saved} == {200}
    assert all(answer.json()["kept"] == [[save["question"], save["sequence"]]] for answer in saved)
    assert saves() == 1

    pressed = at_once(visit, f"/attempts/{attempt}/1", {"choice": "0", "certainty": "2"})
    assert {answer.status for answer in pressed} == {302}
    assert first_saves() == 1

    handed_in = at_once(visit, f"/attempts/{attempt}/hand-in")
    assert {answer.status for answer in handed_in} == {302}
    assert marks() == len(learner.items)
    assert ends() == 1

    check = {"press": uuid4().hex, "choice": "0", f"{course.CHECK}-choice": "0"}
    at_once(visit, f"/courses/{course.SLUG}/lessons/the-list/checks/{course.CHECK}", check)
    assert practised() == 1

    started = at_once(visit, f"/courses/{course.SLUG}/cases/scenario")
    assert len({answer.to for answer in started}) == 1
    visit.close()


def test_twenty_parallel_starts_begin_one_attempt(shared_ground: Ground, shared_server: ForkedServer) -> None:
    attempts, enrolments = added(shared_ground, "attempt"), added(shared_ground, "enrolment")
    [(_id, name)] = shared_ground.people(1)
    visit = Visit(shared_server.port)
    visit.sign_in(name, PASSWORD)
    visit.get(f"/courses/{course.SLUG}/test")
    started = at_once(visit, f"/courses/{course.SLUG}/test")
    assert {answer.status for answer in started} == {302}
    assert len({answer.to for answer in started}) == 1
    assert attempts() == 1
    assert enrolments() == 1
    visit.close()


def test_lost_responses_do_not_change_results(shared_ground: Ground, shared_server: ForkedServer) -> None:
    chance, saves = random.Random(6), added(shared_ground, "answer_save")
    with relay(shared_server.port) as line:
        people = learners.settle(shared_ground, LEARNERS, line.port)
        line.drops = lambda: chance.random() < BAD
        with ThreadPoolExecutor(LEARNERS) as pool:
            repeats = sum(pool.map(_save_some, people))
        line.drops = lambda: False
    assert line.dropped >= repeats > LEARNERS
    assert saves() == LEARNERS * SAVES
    assert learners.lost(shared_ground, people) == []


def _save_some(learner: Learner) -> int:
    repeats = 0
    for save in islice(learner.saves(), SAVES):
        kept = False
        while not kept:
            # the connection is bad for each new request
            learner.visit.close()
            try:
                kept = learner.save(save)
            except AWAY:
                repeats += 1
    learner.visit.close()
    assert learner.strange == []
    return repeats
