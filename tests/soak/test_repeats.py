import random
import threading
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
from tests.support.http_client import Answer, Visit
from tests.support.live import Server
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


def rows(ground: Ground, query: str) -> int:
    with ground.app.app_context(), db.engine.connect() as connection:
        found: int = connection.execute(text(query)).scalar_one()
        return found


def test_twenty_parallel_repeats_have_one_effect(ground: Ground) -> None:
    with Server(ground.folder, ground.url) as server:
        learner = learners.settle(ground, 1, server.port)[0]
        visit, attempt = learner.visit, learner.attempt
        one = next(learner.saves())
        saved = at_once(visit, f"/attempts/{attempt}/saves", json={"saves": [one]})
        assert {answer.status for answer in saved} == {200}
        assert all(answer.json()["kept"] == [[one["question"], one["sequence"]]] for answer in saved)
        assert rows(ground, "SELECT count(*) FROM answer_save") == 1

        pressed = at_once(visit, f"/attempts/{attempt}/1", {"choice": "0", "certainty": "2"})
        assert {answer.status for answer in pressed} == {302}
        assert rows(ground, "SELECT count(*) FROM answer_save WHERE question = 1") == 1

        handed_in = at_once(visit, f"/attempts/{attempt}/hand-in")
        assert {answer.status for answer in handed_in} == {302}
        assert rows(ground, "SELECT count(*) FROM question_mark") == len(learner.items)
        assert rows(ground, "SELECT count(*) FROM audit_entry WHERE name = 'AttemptEnded'") == 1

        check = {"press": uuid4().hex, "choice": "0", f"{course.CHECK}-choice": "0"}
        at_once(visit, f"/courses/{course.SLUG}/lessons/the-list/checks/{course.CHECK}", check)
        assert rows(ground, "SELECT count(*) FROM practice_answer") == 1

        started = at_once(visit, f"/courses/{course.SLUG}/cases/scenario")
        assert len({answer.to for answer in started}) == 1
        visit.close()


def test_twenty_parallel_starts_begin_one_attempt(ground: Ground) -> None:
    with Server(ground.folder, ground.url) as server:
        [(_id, name)] = ground.people(1)
        visit = Visit(server.port)
        visit.sign_in(name, learners.PASSWORD)
        visit.get(f"/courses/{course.SLUG}/test")
        started = at_once(visit, f"/courses/{course.SLUG}/test")
        assert {answer.status for answer in started} == {302}
        assert len({answer.to for answer in started}) == 1
        assert rows(ground, "SELECT count(*) FROM attempt") == 1
        assert rows(ground, "SELECT count(*) FROM enrolment") == 1
        visit.close()


def test_lost_responses_do_not_change_results(ground: Ground) -> None:
    chance = random.Random(6)
    with Server(ground.folder, ground.url) as server, relay(server.port) as line:
        people = learners.settle(ground, LEARNERS, line.port)
        line.drops = lambda: chance.random() < BAD
        with ThreadPoolExecutor(LEARNERS) as pool:
            repeats = sum(pool.map(_save_some, people))
        line.drops = lambda: False
    assert line.dropped >= repeats > LEARNERS
    assert len(learners.stored(ground.app)) == LEARNERS * SAVES
    assert learners.lost(ground, people) == []


def _save_some(learner: Learner) -> int:
    repeats = 0
    for one in islice(learner.saves(), SAVES):
        kept = False
        while not kept:
            # the connection is bad for each new request
            learner.visit.close()
            try:
                kept = learner.save(one)
            except AWAY:
                repeats += 1
    learner.visit.close()
    assert learner.strange == []
    return repeats
